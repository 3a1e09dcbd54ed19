//! Gives errors of pictures and tools their failure class.

use super::contract::{FailureClass, JobFailure};
use crate::media::PictureError;
use crate::media::ffmpeg::ToolError;
use crate::media::gltf::{GltfFault, ModelError};
use crate::process::{CallError, classify_failure};

impl From<PictureError> for JobFailure {
    fn from(error: PictureError) -> Self {
        let class = match &error {
            // The rules for I/O errors are in one place: a full disk is the same class for a
            // picture as for any other file.
            PictureError::Io { source, .. } => Self::from_io_error("", source).class,
            PictureError::Damaged { .. } | PictureError::Refused { .. } => FailureClass::BadOutput,
            PictureError::NoMemory { .. } => FailureClass::OutOfMemory,
            // A picture of an unknown kind or over the limits comes from outside, so it is an input
            // that a person must replace. Another attempt would read the same bytes.
            PictureError::TooLarge { .. } | PictureError::Unknown { .. } => {
                FailureClass::MissingInput
            }
        };
        Self::new(class, error.to_string())
    }
}

impl From<ModelError> for JobFailure {
    fn from(error: ModelError) -> Self {
        let class = match &error.fault {
            GltfFault::NoMemory(_) => FailureClass::OutOfMemory,
            GltfFault::Unreadable(source) => Self::from_io_error("", source).class,
            // A model comes from outside, so a person must replace it.
            _ => FailureClass::MissingInput,
        };
        Self::new(class, error.to_string())
    }
}

impl From<ToolError> for JobFailure {
    fn from(error: ToolError) -> Self {
        let class = match &error {
            ToolError::Missing { .. } | ToolError::NoEncoder { .. } => FailureClass::MissingTool,
            ToolError::Call(call) => call_failure_class(call),
            // The tool ran and its answer makes no sense, so what it looked at is damaged.
            ToolError::Unreadable { .. } => FailureClass::BadOutput,
        };
        // The evidence stays apart from the message, so that a report can show the last lines of
        // the tool as such.
        let evidence = error.evidence().to_owned();
        Self::new(class, error.to_string()).with_evidence(evidence)
    }
}

impl From<CallError> for JobFailure {
    fn from(error: CallError) -> Self {
        // One conversion gives all calls the same classes, with or without ffmpeg.
        ToolError::from(error).into()
    }
}

fn call_failure_class(call: &CallError) -> FailureClass {
    match call {
        CallError::Cancelled => FailureClass::Cancelled,
        // Only questions about a program have a limit here; jobs have theirs in `execute`.
        CallError::TimedOut { .. } => FailureClass::MissingTool,
        // Only a start that does not find the program is a missing tool. `NotFound` from a pipe of
        // a running program means that a file is missing, which somebody else must repair.
        CallError::Start { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            FailureClass::MissingTool
        }
        CallError::Start { source, .. } | CallError::Io { source, .. } => {
            JobFailure::from_io_error("", source).class
        }
        CallError::Failed {
            ending, evidence, ..
        } => classify_failure(ending, evidence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn not_found() -> io::Error {
        io::Error::from(io::ErrorKind::NotFound)
    }

    #[test]
    fn a_program_that_is_not_there_is_a_missing_tool_and_a_lost_pipe_is_not() {
        let start = CallError::Start {
            program: "ffmpeg".into(),
            source: not_found(),
        };
        assert_eq!(start.to_string(), "start ffmpeg: entity not found");
        assert_eq!(JobFailure::from(start).class, FailureClass::MissingTool);
        let feed = CallError::Io {
            what: "feed",
            program: "ffmpeg".into(),
            source: not_found(),
        };
        assert_eq!(JobFailure::from(feed).class, FailureClass::MissingInput);
    }
}
