//! Graphics of a production.

use super::graphic_block::{GraphicBlock, GraphicKind};
use crate::base::{FileSpan, Spanned};

/// One graphic.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenGraphic {
    /// What is drawn.
    pub block: GraphicBlock,
    /// Its kind as written.
    pub kind: GraphicKind,
    /// Its numbers as written, with their places.
    pub values: Vec<Spanned<f64>>,
    /// Its texts as written, with their places.
    pub texts: Vec<Spanned<String>>,
    /// Indices of its fonts.
    pub fonts: Vec<usize>,
    /// Index of the shot in which it begins.
    pub shot: usize,
    /// Frames of the shot before it.
    pub start: usize,
    /// Index of the last shot over which it may be seen.
    pub last_shot: usize,
    /// Its length in frames, of which those are seen that these shots have.
    pub length: usize,
    /// Whether its length is written.
    pub is_length_written: bool,
    /// Its place.
    pub origin: FileSpan,
}

impl ScreenGraphic {
    /// Returns it in a few words: its title, else its first text.
    #[must_use]
    pub fn summary(&self) -> &str {
        let title = self.block.title.as_deref();
        let first = self.texts.first().map(|text| text.value.as_str());
        title.or(first).unwrap_or_default()
    }
}
