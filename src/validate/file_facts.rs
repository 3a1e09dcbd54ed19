//! What is known of one file, of the place of one output, and of the programs.

use crate::model::file_kind::FileKind;
use std::sync::Arc;

/// What is known of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFact {
    /// Outside the project's folder. It was not looked at.
    Outside,
    /// Nothing is at the path.
    Missing {
        /// Names in its folder, sorted. Files of one folder share them. `None`: the folder is missing too.
        neighbours: Option<Arc<Vec<String>>>,
    },
    /// It is a folder.
    Folder,
    /// The operating system refused, with this text.
    Refused(String),
    /// A file of 0 bytes.
    Empty,
    /// A file that begins like this kind.
    Holds(FileKind),
}

impl FileFact {
    /// Returns whether the file was read as a screenplay: it begins as text does.
    pub(super) const fn may_be_script(&self) -> bool {
        matches!(self, Self::Holds(kind) if kind.may_be_script())
    }
}

/// What is at an output's path now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputPathState {
    /// Nothing, yet.
    Nothing,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Outside the project's folder: by `..`, an absolute path or a link.
    Outside,
}

/// Which programs are on the search path.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolAvailability {
    /// `ffmpeg`.
    pub ffmpeg: bool,
    /// `ffprobe`.
    pub ffprobe: bool,
}
