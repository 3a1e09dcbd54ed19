//! Tells beforehand whether texts fit into pictures.

use super::block_fit::fit_block;
use super::block_pages::divided_block;
use super::font_set::{FontSet, TypefaceFile};
use super::frame_painter::font_names;
use super::graphics::fits_picture;
use super::lettering_error::LetteringError;
use crate::base::panic_guard::without_panic;
use crate::model::PixelSize;
use crate::model::graphics::GraphicBlock;
use crate::model::titles::{TextBlock, TypefaceSource};
use std::collections::BTreeMap;

/// Measures texts with the fonts of a production.
pub struct TextMeasurer {
    files: BTreeMap<usize, TypefaceFile>,
    // Neighbours mostly have the same fonts, and opening one reads all its tables.
    opened: Option<(Vec<TypefaceSource>, FontSet)>,
}

impl TextMeasurer {
    /// Returns a measurer with the files of the slots of fonts.
    #[must_use]
    pub const fn new(files: BTreeMap<usize, TypefaceFile>) -> Self {
        Self {
            files,
            opened: None,
        }
    }

    /// Returns whether a block is drawn in the area that is safe for titles without a broken word,
    /// as small as its letters may be.
    ///
    /// # Errors
    /// Fails if a font is missing, cannot be read, or is damaged.
    pub fn fits(
        &mut self,
        block: &TextBlock,
        size: PixelSize,
        is_hard: bool,
    ) -> Result<bool, LetteringError> {
        self.measure(&block.fonts, |fonts| {
            is_whole_block(fonts, block, size, is_hard)
        })
    }

    /// Returns whether all of a graphic is drawn within its card, as small as its letters may be.
    ///
    /// # Errors
    /// Fails if a font is missing, cannot be read, or is damaged.
    pub fn fits_graphic(
        &mut self,
        block: &GraphicBlock,
        size: PixelSize,
        is_hard: bool,
    ) -> Result<bool, LetteringError> {
        self.measure(&block.fonts, |fonts| {
            fits_picture(fonts, block, size, is_hard)
        })
    }

    fn measure(
        &mut self,
        sources: &[TypefaceSource],
        is_whole: impl FnOnce(&mut FontSet) -> bool,
    ) -> Result<bool, LetteringError> {
        let mut fonts = match self.opened.take() {
            Some((own, fonts)) if own == sources => fonts,
            _ => FontSet::open(sources, &self.files)?,
        };
        let measured = without_panic(|| {
            let is_whole = is_whole(&mut fonts);
            (fonts, is_whole)
        });
        let Some((fonts, is_whole)) = measured else {
            return Err(LetteringError::DamagedFont(font_names(&self.files)));
        };
        self.opened = Some((sources.to_vec(), fonts));
        Ok(is_whole)
    }
}

fn is_whole_block(fonts: &mut FontSet, block: &TextBlock, size: PixelSize, is_hard: bool) -> bool {
    if !fit_block(fonts, block, size, is_hard).is_whole {
        return false;
    }
    let pages = match block.turns {
        true => divided_block(fonts, block, size, is_hard),
        false => Vec::new(),
    };
    pages
        .iter()
        .all(|page| fit_block(fonts, page, size, is_hard).is_whole)
}
