//! Turns what went wrong with a picture or a tool into a failure with its class.

use super::contract::{FailureClass, JobFailure};
use crate::media::PictureError;
use crate::media::ffmpeg::ToolError;
use crate::process::{CallError, classify_failure};

impl From<PictureError> for JobFailure {
    fn from(error: PictureError) -> Self {
        let class = match &error {
            PictureError::Io { source, .. } => Self::from_io_error("", source).class,
            PictureError::Damaged { .. } | PictureError::Refused { .. } => FailureClass::BadOutput,
            PictureError::TooLarge { .. } | PictureError::Unknown { .. } => {
                FailureClass::MissingInput
            }
        };
        Self::new(class, error.to_string())
    }
}

impl From<ToolError> for JobFailure {
    fn from(error: ToolError) -> Self {
        let class = match &error {
            ToolError::Missing { .. } | ToolError::NoEncoder { .. } => FailureClass::MissingTool,
            ToolError::Call(call) => call_failure_class(call),
            ToolError::Unreadable { .. } => FailureClass::BadOutput,
        };
        let evidence = error.evidence().to_owned();
        Self::new(class, error.to_string()).with_evidence(evidence)
    }
}

impl From<CallError> for JobFailure {
    fn from(error: CallError) -> Self {
        ToolError::from(error).into()
    }
}

fn call_failure_class(call: &CallError) -> FailureClass {
    match call {
        CallError::Cancelled => FailureClass::Cancelled,
        CallError::Io {
            what: "start",
            source,
            ..
        } if source.kind() == std::io::ErrorKind::NotFound => FailureClass::MissingTool,
        CallError::Io { source, .. } => JobFailure::from_io_error("", source).class,
        CallError::Failed {
            ending, evidence, ..
        } => classify_failure(ending, evidence),
    }
}
