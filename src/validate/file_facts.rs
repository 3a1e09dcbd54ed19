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
        /// Names in its folder, sorted. Files of one folder share them. `None`: the folder is
        /// missing too.
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
    /// Returns whether the file is there with content of its own. A stand-in of Git LFS has a rule.
    pub(super) const fn is_fetched(&self) -> bool {
        matches!(self, Self::Holds(kind) if !matches!(kind, FileKind::LfsPointer))
    }

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
    /// `blender`.
    pub blender: bool,
    /// `ffprobe`.
    pub ffprobe: bool,
    /// `espeak-ng`.
    pub espeak_ng: bool,
    /// `piper`.
    pub piper: bool,
}

/// What is known of a glTF model.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelFileFact {
    /// Names of its animation clips.
    pub clips: Vec<String>,
    /// What the built-in renderer leaves out of it.
    pub left_out: Vec<String>,
    /// Why there is nothing to draw. `None`: there is something.
    pub nothing_drawn: Option<String>,
    /// Names of the variants of its materials.
    pub variants: Vec<String>,
    /// Names of the expressions of its face.
    pub expressions: Vec<String>,
    /// Names of its cameras.
    pub cameras: Vec<String>,
    /// Its longest side in micrometres. `None`: it has no size.
    pub longest_side: Option<u64>,
}

/// What is wrong with the content of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentFault {
    /// It begins well and ends too soon, with what is missing.
    Truncated(String),
    /// It is something else, or is damaged, with the reason.
    Unreadable(String),
}

/// What is known of a sound file of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SoundFileFact {
    /// It can be read.
    Readable {
        /// Samples a second.
        sample_rate: u32,
        /// Length in samples.
        length: u64,
    },
    /// It begins well and ends too soon, with what is missing.
    Truncated(String),
    /// It is of no kind that can be read, or is damaged, with the reason.
    Unreadable(String),
    /// Another fact says more: the file is missing, empty or refused.
    Unknown,
}

impl SoundFileFact {
    /// Returns its length in seconds. `None`: it cannot be read.
    #[must_use]
    pub fn seconds(&self) -> Option<f64> {
        match self {
            Self::Readable {
                sample_rate,
                length,
            } => Some(*length as f64 / f64::from((*sample_rate).max(1))),
            _ => None,
        }
    }
}
