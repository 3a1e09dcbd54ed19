//! What is known of one file, of the place of one output, and of the programs.

use crate::model::file_kind::FileKind;

/// One file that the document names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFact {
    /// It lies outside the project's folder, and was not looked at.
    Outside,
    /// There is nothing at the path.
    Missing {
        /// Names in its folder, sorted; none when the folder is not there either.
        neighbours: Option<Vec<String>>,
    },
    /// It is a folder.
    Folder,
    /// The operating system refused, in these words.
    Refused(String),
    /// It holds nothing.
    Empty,
    /// It begins like a file of this kind.
    Holds(FileKind),
}

impl FileFact {
    /// Returns whether the file was read as a screenplay: it begins like no model, set, light or program's data. A picture
    /// is told by the reading of it.
    pub(super) const fn may_be_script(&self) -> bool {
        matches!(
            self,
            Self::Holds(FileKind::Png | FileKind::Jpeg | FileKind::Tiff | FileKind::Other)
        )
    }
}

/// What lies where an output goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputPathState {
    /// Nothing, yet.
    Nothing,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A place outside the project's folder, reached over `..`, from the root of the disk or by a link.
    Outside,
}

/// Which programs the search path has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToolAvailability {
    /// `ffmpeg`.
    pub ffmpeg: bool,
    /// `ffprobe`.
    pub ffprobe: bool,
}
