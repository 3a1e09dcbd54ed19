//! Turns what went wrong with a picture or a tool into a failure with its class.

use super::task::{Failure, FailureClass};
use crate::media::PictureError;
use crate::media::ffmpeg::ToolError;

impl From<PictureError> for Failure {
    fn from(error: PictureError) -> Self {
        let class = match &error {
            PictureError::Io { source, .. } => Self::io("", source).class,
            PictureError::Damaged { .. } | PictureError::Refused { .. } => FailureClass::BadOutput,
            PictureError::TooLarge { .. } | PictureError::Unknown { .. } => FailureClass::MissingInput,
        };
        Self::new(class, error.to_string())
    }
}

impl From<ToolError> for Failure {
    fn from(error: ToolError) -> Self {
        let class = match &error {
            ToolError::Missing { .. } | ToolError::NoEncoder { .. } => FailureClass::MissingTool,
            ToolError::Cancelled => FailureClass::Cancelled,
            ToolError::Io { source, .. } => Self::io("", source).class,
            ToolError::Failed { evidence, .. } => class_of_evidence(evidence),
            ToolError::Unreadable { .. } => FailureClass::BadOutput,
        };
        let evidence = error.evidence().to_owned();
        Self::new(class, error.to_string()).evidence(evidence)
    }
}

/// Reads the class from what the tool printed; a tool that says nothing we know has crashed.
fn class_of_evidence(evidence: &str) -> FailureClass {
    let signs = [
        ("No space left on device", FailureClass::DiskFull),
        ("Disk quota exceeded", FailureClass::DiskFull),
        ("Cannot allocate memory", FailureClass::OutOfMemory),
        ("Unknown encoder", FailureClass::MissingTool),
        ("Encoder not found", FailureClass::MissingTool),
    ];
    signs.iter().find(|(sign, _)| evidence.contains(sign)).map_or(FailureClass::Crash, |(_, class)| *class)
}
