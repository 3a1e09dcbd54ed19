//! Titles and credits of a production.

use super::text_block::{TextBlock, TypefaceSource};
use crate::base::{FileSpan, Spanned};
use crate::model::cut::ScreenColour;
use crate::model::production::AssetRef;
use std::path::PathBuf;
use std::sync::Arc;

/// A font that the document names.
#[derive(Debug, Clone, PartialEq)]
pub struct TitleFont {
    /// Its name as written.
    pub name: Spanned<String>,
    /// How jobs name it.
    pub source: TypefaceSource,
    /// Its file, relative to the production's folder or absolute. `None`: a font of the program.
    pub file: Option<PathBuf>,
    /// A second file, with its bold letters.
    pub bold_file: Option<PathBuf>,
    /// The mention of a file of the project. `None`: a font of the program or of the machine.
    pub asset: Option<AssetRef>,
    /// The code points that it has, sorted.
    pub covered: Arc<[u32]>,
}

impl TitleFont {
    /// Returns the file in a slot of jobs. `None`: it is another font's.
    #[must_use]
    pub fn file_in_slot(&self, wanted: usize) -> Option<&PathBuf> {
        match &self.source {
            TypefaceSource::File { slot, .. } if *slot == wanted => self.file.as_ref(),
            TypefaceSource::File { bold, .. } if *bold == Some(wanted) => self.bold_file.as_ref(),
            TypefaceSource::File { .. } | TypefaceSource::BuiltIn(_) => None,
        }
    }
}

/// One title.
#[derive(Debug, Clone, PartialEq)]
pub struct ScreenTitle {
    /// Its number in the document, from 1: timelines for other programs call a title over a colour
    /// by it.
    pub number: usize,
    /// What is drawn.
    pub block: TextBlock,
    /// Its lines as written, with their places.
    pub texts: Vec<Spanned<String>>,
    /// Indices of its fonts.
    pub fonts: Vec<usize>,
    /// Index of the shot in which it begins, or before which it is a clip of its own.
    pub shot: usize,
    /// Frames of the shot before it.
    pub start: usize,
    /// Index of the last shot over which it may be seen.
    pub last_shot: usize,
    /// Its length in frames, of which those are seen that these shots have.
    pub length: usize,
    /// Whether its length is written.
    pub is_length_written: bool,
    /// The colour behind it. `None`: it is over the picture. If set, it is a clip of its own, and
    /// the film is longer.
    pub backdrop: Option<ScreenColour>,
    /// Its place.
    pub origin: FileSpan,
}

/// How end credits move.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Default,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CreditsKind {
    /// They move from below the picture to above it.
    #[default]
    Roll,
    /// One page follows the other.
    Cut,
}

/// One line of the credits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreditLine {
    /// What the names below did.
    Heading(Spanned<String>),
    /// A name.
    Name(Spanned<String>),
    /// A part with its actor.
    Pair {
        /// On the left.
        part: Spanned<String>,
        /// On the right.
        name: Spanned<String>,
    },
}

/// The end credits.
#[derive(Debug, Clone, PartialEq)]
pub struct EndCredits {
    /// How they move.
    pub kind: CreditsKind,
    /// What is drawn: a block that rolls, or one that is shown page by page.
    pub block: TextBlock,
    /// Their lines as written.
    pub lines: Vec<CreditLine>,
    /// Indices of their fonts.
    pub fonts: Vec<usize>,
    /// Length in frames, of all pages together.
    pub length: usize,
    /// Frames in which each of their lines can be read at ease: their length, if none is written.
    pub reading: usize,
    /// The colour behind them.
    pub backdrop: ScreenColour,
    /// Their place.
    pub origin: FileSpan,
}

/// Titles and credits of a production.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TitleSettings {
    /// Every font that a text uses, each once.
    pub fonts: Vec<TitleFont>,
    /// Titles, in the order of the document.
    pub titles: Vec<ScreenTitle>,
    /// End credits.
    pub credits: Option<EndCredits>,
}
