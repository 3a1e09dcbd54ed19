//! The blocks of a treatment, in the order of the text.

use super::located_text::LocatedText;
use crate::base::{FileSpan, Spanned};

/// A link or a picture in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::treatment) struct BlockReference {
    /// What it refers to, as written.
    pub(in crate::treatment) destination: Spanned<String>,
    /// The words of the link, or what stands for the picture.
    pub(in crate::treatment) about: String,
    /// Whether it is a picture and not a link.
    pub(in crate::treatment) is_picture: bool,
}

/// One block of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::treatment) enum TreatmentBlock {
    /// A heading: 1 is the largest.
    Heading { level: u8, text: LocatedText },
    /// Lines that belong together.
    Lines(Vec<LocatedText>),
    /// A point of a list. `list` is the same for all points of one list; `depth` counts from 1.
    Point {
        list: usize,
        depth: usize,
        is_ordered: bool,
        lines: Vec<LocatedText>,
    },
    /// A quotation.
    Quote(Vec<LocatedText>),
    /// Code, line by line.
    Code {
        language: Option<String>,
        lines: Vec<LocatedText>,
        origin: FileSpan,
    },
    /// A table. Rows have as many cells as the header, or fewer.
    Table {
        header: Vec<LocatedText>,
        rows: Vec<Vec<LocatedText>>,
        origin: FileSpan,
    },
    /// A line across the page.
    Rule(FileSpan),
    /// A link or a picture of the block before it.
    Reference(BlockReference),
}

impl TreatmentBlock {
    /// Returns its lines of prose. Tables and code have none.
    pub(in crate::treatment) fn lines(&self) -> &[LocatedText] {
        match self {
            Self::Heading { text, .. } => std::slice::from_ref(text),
            Self::Lines(lines) | Self::Point { lines, .. } | Self::Quote(lines) => lines,
            _ => &[],
        }
    }
}
