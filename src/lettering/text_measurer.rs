//! Measures beforehand whether texts fit into pictures.

use super::block_fit::{FittedBlock, fit_block};
use super::block_layout::{LINE_HEIGHT, PictureScale, margin_share, panel_padding};
use super::block_pages::divided_block;
use super::font_set::{FontSet, TypefaceFile};
use super::frame_painter::font_names;
use super::graphics::fits_picture;
use super::lettering_error::LetteringError;
use crate::base::panic_guard::without_panic;
use crate::model::PixelSize;
use crate::model::graphics::GraphicBlock;
use crate::model::titles::{TextBlock, TextExtent, TypefaceSource};
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

    /// Returns whether a block fits into pictures, and what it covers of them.
    ///
    /// # Errors
    /// Fails if a font is missing, cannot be read, or is damaged.
    pub fn measure_block(
        &mut self,
        block: &TextBlock,
        size: PixelSize,
        is_hard: bool,
    ) -> Result<BlockMeasure, LetteringError> {
        self.measure(&block.fonts, |fonts| {
            measured_block(fonts, block, size, is_hard)
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

    fn measure<T>(
        &mut self,
        sources: &[TypefaceSource],
        measure: impl FnOnce(&mut FontSet) -> T,
    ) -> Result<T, LetteringError> {
        let mut fonts = match self.opened.take() {
            Some((own, fonts)) if own == sources => fonts,
            _ => FontSet::open(sources, &self.files)?,
        };
        let measured = without_panic(|| {
            let measure = measure(&mut fonts);
            (fonts, measure)
        });
        let Some((fonts, measure)) = measured else {
            return Err(LetteringError::DamagedFont(font_names(&self.files)));
        };
        self.opened = Some((sources.to_vec(), fonts));
        Ok(measure)
    }
}

/// A block in pictures of one size.
#[derive(Debug, Clone, Copy)]
pub struct BlockMeasure {
    /// Whether it is drawn in the area that is safe for titles without a broken word, as small as
    /// its letters may be.
    pub is_whole: bool,
    /// What it covers.
    pub extent: TextExtent,
}

fn measured_block(
    fonts: &mut FontSet,
    block: &TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> BlockMeasure {
    let fitted = fit_block(fonts, block, size, is_hard);
    let whole = BlockMeasure {
        is_whole: fitted.is_whole,
        extent: fitted_extent(&fitted, size, is_hard),
    };
    if !block.turns || !whole.is_whole {
        return whole;
    }
    let pages = divided_block(fonts, block, size, is_hard);
    let pages = pages.iter().map(|page| {
        let fitted = fit_block(fonts, page, size, is_hard);
        (
            fitted.is_whole,
            fitted_extent(&fitted, size, is_hard).height,
        )
    });
    // All pages are as wide as the widest line of any.
    let (is_whole, height) = pages.fold((true, 0.0), |(is_whole, height), page| {
        (is_whole && page.0, page.1.max(height))
    });
    BlockMeasure {
        is_whole,
        extent: TextExtent {
            height,
            ..whole.extent
        },
    }
}

/// Returns what a block covers that has the size at which it fits.
fn fitted_extent(fitted: &FittedBlock<'_>, size: PixelSize, is_hard: bool) -> TextExtent {
    let picture = PictureScale::new(size);
    let FittedBlock { block, laid, .. } = fitted;
    let padding = panel_padding(block, picture, is_hard);
    let margin = margin_share(block.margin);
    // A panel is drawn to its sides. Without one, rows have room for accents around their letters.
    let (blank_sides, blank_rows) = match (&block.panel, block.lines.first()) {
        (None, Some(line)) => (
            [laid.seen.start, laid.width - laid.seen.end],
            picture.font_pixels(line.size, is_hard) * (LINE_HEIGHT - 1.0) / 2.0,
        ),
        _ => ([0.0; 2], 0.0),
    };
    TextExtent {
        width: laid.width + 2.0 * padding,
        height: laid.height + 2.0 * padding,
        blank_sides,
        blank_rows,
        margin_across: margin * picture.width,
        margin_down: margin * picture.height,
        rolls: block.rolls,
    }
}
