//! Deliverables that are text.

use crate::base::{FileSpan, Spanned};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// What a text deliverable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextExportKind {
    /// A table of the cuts as CSV.
    CutList,
}

impl TextExportKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[Self::CutList];

    /// Returns its name in documents: the `format` of an output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CutList => "cut_list",
        }
    }

    /// Returns the kind of this name. `None`: there is none.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.name() == name)
    }

    /// Returns the extension of its file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::CutList => "csv",
        }
    }
}

/// One deliverable that is text.
#[derive(Debug, Clone)]
pub struct TextExport {
    /// Its name. Unique among all deliverables.
    pub name: Spanned<String>,
    /// What it is.
    pub kind: TextExportKind,
    /// Its path, relative to the production's folder. It may contain the revision and the date, as
    /// that of an output.
    pub path: Spanned<PathBuf>,
    /// The output of which it is the timeline, as written: `of`.
    pub of: Option<Spanned<String>>,
    /// Index of that output. `None`: there is no such output, or no output at all.
    pub output: Option<usize>,
    /// Whether files at the path that no run put there may be replaced.
    pub replace: bool,
    /// Number of its entry in the document, counted with the outputs.
    pub entry: usize,
    /// Place of the whole entry.
    pub origin: FileSpan,
}
