//! Draws text over pictures: shaping, bidirectional text, line breaking, fallback between fonts, and
//! the blending into frames.
//!
//! A text is laid out and drawn once for the size of an output. On a frame only the rectangle that
//! it covers is touched. Colours are mixed as the screen shows them, not as light: letters are drawn
//! for that, and mixed as light white letters would grow and black ones would shrink.
//!
//! What is drawn depends on the overlays and the fonts alone. Fonts of the machine are never looked
//! for here; callers that name one pass its file.

mod block_fit;
mod block_layout;
mod block_pages;
mod built_in_fonts;
mod counter_painter;
mod font_set;
mod frame_painter;
mod glyph_canvas;
mod graphics;
mod lettering_error;
mod safe_guides;
mod text_mask;
mod text_measurer;
mod text_motion;
mod text_sprite;
mod typeface_facts;

pub use built_in_fonts::{
    BUILT_IN_FONT, BUILT_IN_FONT_NAME, CODE_FONT, ICON_FONT, built_in_coverage, code_coverage,
    icon_coverage,
};
pub use font_set::TypefaceFile;
pub use frame_painter::FramePainter;
pub use lettering_error::LetteringError;
pub use text_mask::text_mask;
pub use text_measurer::{BlockMeasure, TextMeasurer};
pub use typeface_facts::{SystemFonts, TypefaceFacts, read_typeface_facts};

#[cfg(test)]
mod tests;
