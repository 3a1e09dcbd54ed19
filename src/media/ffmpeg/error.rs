//! Errors of ffmpeg and ffprobe.

use crate::process::CallError;
use std::path::PathBuf;

/// Why ffmpeg or ffprobe failed. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// The program is not on the search path.
    #[error(
        "find {tool} (looked in {tried}); install ffmpeg: `apt-get install ffmpeg`, `brew install ffmpeg` or \
         `winget install ffmpeg`"
    )]
    Missing {
        /// The tool's name.
        tool: &'static str,
        /// The folders that were searched.
        tried: String,
    },
    /// This ffmpeg lacks an encoder, or the encoder does not work.
    #[error(
        "encode with {encoder}: this ffmpeg cannot; install a full build of ffmpeg (`apt-get install ffmpeg`)"
    )]
    NoEncoder {
        /// The encoder as ffmpeg calls it.
        encoder: &'static str,
        /// What ffmpeg printed.
        evidence: String,
    },
    /// The program could not be started, ended with an error, or was stopped.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The program ran, but its answer or the file makes no sense.
    #[error("measure {}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl ToolError {
    /// Returns the last lines that the tool printed, or an empty text.
    #[must_use]
    pub fn evidence(&self) -> &str {
        match self {
            Self::Call(CallError::Failed { evidence, .. }) | Self::NoEncoder { evidence, .. } => {
                evidence
            }
            _ => "",
        }
    }
}
