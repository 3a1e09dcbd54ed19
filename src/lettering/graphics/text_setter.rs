//! Sets the texts of a graphic: at sizes that fit the picture, in one row or wrapped.

use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use crate::lettering::block_layout::{
    BALANCE_SHARES, LongWords, PlacedGlyph, WrittenText, lay_out_wrapped,
};
use crate::lettering::built_in_fonts::{CODE_FONT, ICON_FONT};
use crate::lettering::font_set::FontSet;
use crate::model::PixelSize;
use crate::model::cut::ScreenColour;
use crate::model::titles::{SMALLEST_TEXT, TextAlign, TypefaceSource};

/// The smallest letters in pixels.
const LEAST_PIXELS: f32 = 8.0;
/// A row is so much higher than its letters.
const LINE_HEIGHT: f32 = 1.3;
/// How much too wide a text may be: less than is seen.
const TOLERANCE: f32 = 1.001;

/// Whether the first letter of a text is of a script that is written from right to left: Hebrew, Arabic
/// and those between and beside them.
pub(super) fn is_right_to_left(text: &str) -> bool {
    let first = text.chars().find(|c| c.is_alphabetic());
    first.is_some_and(|letter| {
        matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
    })
}

/// Returns the side where the rows of a text begin.
pub(super) fn reading_side(text: &str) -> TextAlign {
    match is_right_to_left(text) {
        true => TextAlign::Right,
        false => TextAlign::Left,
    }
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextLook {
    /// Size of the font as a share of the shorter side of the picture, before it shrinks.
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) colour: ScreenColour,
    pub(super) align: TextAlign,
    pub(super) face: TextFace,
}

/// The kind of font of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextFace {
    Words,
    Code,
    Icon,
}

/// A text that is set, with its upper left corner at 0.
#[derive(Debug, Clone, Default)]
pub(super) struct SetText {
    pub(super) glyphs: Vec<PlacedGlyph>,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) rows: usize,
    /// Whether no word is wider than what there is for it.
    pub(super) is_whole: bool,
}

impl SetText {
    /// Returns the text at a place.
    pub(super) fn at(&self, left: f32, top: f32, timing: SceneTiming) -> GraphicElement {
        let (left, top) = (whole_pixels(left), whole_pixels(top));
        let moved = self.glyphs.iter().map(|glyph| PlacedGlyph {
            x: glyph.x + left,
            y: glyph.y + top,
            ..*glyph
        });
        GraphicElement {
            drawing: SceneDrawing::Text(moved.collect()),
            timing,
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "places in a picture are below 2^24"
)]
pub(super) fn whole_pixels(length: f32) -> i32 {
    length.round() as i32
}

/// Sets texts at one scale.
pub(super) struct TextSetter<'a> {
    pub(super) fonts: &'a mut FontSet,
    /// The shorter side of the picture in pixels.
    pub(super) side: f32,
    /// What sizes are multiplied with, at most 1.
    pub(super) scale: f32,
    pub(super) is_hard: bool,
    /// The fonts of the graphic, in their order.
    pub(super) sources: &'a [TypefaceSource],
}

impl<'a> TextSetter<'a> {
    pub(super) fn new(
        fonts: &'a mut FontSet,
        sources: &'a [TypefaceSource],
        size: PixelSize,
        scale: f32,
        is_hard: bool,
    ) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "sides of pictures are below 2^24"
        )]
        let side = size.width.min(size.height) as f32;
        Self {
            fonts,
            side,
            scale,
            is_hard,
            sources,
        }
    }

    /// Returns the place of the font that a kind of text asks first.
    fn first_font(&self, face: TextFace) -> usize {
        let name = match face {
            TextFace::Words => return 0,
            TextFace::Code => CODE_FONT,
            TextFace::Icon => ICON_FONT,
        };
        let is_wanted =
            |source: &TypefaceSource| matches!(source, TypefaceSource::BuiltIn(own) if own == name);
        self.sources.iter().position(is_wanted).unwrap_or(0)
    }

    /// Returns a length that is a share of the shorter side, at this scale.
    pub(super) fn length(&self, share: f32) -> f32 {
        share * self.side * self.scale
    }

    /// Returns the size of a font in pixels.
    pub(super) fn pixels(&self, share: f32) -> f32 {
        let least = (SMALLEST_TEXT * self.side).max(LEAST_PIXELS);
        let pixels = self
            .length(share)
            // What is meant to be smaller than the smallest readable letters, such as a source,
            // stays as small as it is meant.
            .max(least.min(share * self.side))
            .max(LEAST_PIXELS);
        if self.is_hard { pixels.round() } else { pixels }
    }

    /// Returns the height of a row of text.
    pub(super) fn row_height(&self, share: f32) -> f32 {
        self.pixels(share) * LINE_HEIGHT
    }

    /// Sets a text in rows of at most `limit` pixels.
    pub(super) fn set(&mut self, text: &str, look: TextLook, limit: f32) -> SetText {
        if text.is_empty() {
            return SetText {
                is_whole: true,
                ..SetText::default()
            };
        }
        let written = WrittenText {
            text: text.to_owned(),
            pixels: self.pixels(look.size),
            bold: look.bold,
            tracking: 0.0,
            is_hard: self.is_hard,
            long_words: LongWords::Whole,
            first_font: self.first_font(look.face),
        };
        let laid = lay_out_wrapped(self.fonts, &written, look.colour, limit, look.align);
        SetText {
            rows: laid.rows.len(),
            glyphs: laid.rows.into_iter().flat_map(|row| row.glyphs).collect(),
            width: laid.width,
            height: laid.height,
            is_whole: laid.fullness <= TOLERANCE,
        }
    }

    /// Sets a text in as few rows of at most `limit` pixels as it needs, of nearly one width.
    pub(super) fn set_balanced(&mut self, text: &str, look: TextLook, limit: f32) -> SetText {
        let widest = self.set(text, look, limit);
        if widest.rows < 2 {
            return widest;
        }
        let mut best = widest;
        // The rows are never narrower than all of the text divided by their number.
        for share in BALANCE_SHARES {
            let tried = self.set(text, look, limit * share);
            // More rows would need height that the layout has not got.
            if tried.rows > best.rows || !tried.is_whole {
                break;
            }
            best = tried;
        }
        best
    }

    /// Sets a text in one row, however long it is.
    pub(super) fn set_row(&mut self, text: &str, look: TextLook) -> SetText {
        // Without a limit, alignment has nothing to align to.
        let left = TextLook {
            align: TextAlign::Left,
            ..look
        };
        self.set(text, left, 1e6)
    }
}
