//! Why a tool could not do its work.

use crate::process::CallError;
use std::path::PathBuf;

/// Why a tool could not do its work; the text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It is nowhere on the given search path.
    #[error(
        "find {tool} (looked in {tried}); install ffmpeg: `apt-get install ffmpeg`, `brew install ffmpeg` or \
         `winget install ffmpeg`"
    )]
    Missing {
        /// The tool's name.
        tool: &'static str,
        /// The folders that were looked in.
        tried: String,
    },
    /// It is there, and cannot encode what is needed.
    #[error(
        "encode with {encoder}: this ffmpeg cannot; install a full build of ffmpeg (`apt-get install ffmpeg`)"
    )]
    NoEncoder {
        /// The encoder as ffmpeg calls it.
        encoder: &'static str,
        /// What ffmpeg printed.
        evidence: String,
    },
    /// It could not be started, ended with an error, or was stopped.
    #[error(transparent)]
    Call(#[from] CallError),
    /// It read a file and did not understand it.
    #[error("measure {}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl ToolError {
    /// Returns the last lines the tool printed, if it printed any.
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
