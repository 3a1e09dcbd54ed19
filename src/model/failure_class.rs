//! Why jobs fail, in classes: what the retry policy decides by, and what journals, logs and metrics name.

use serde::{Deserialize, Serialize};

/// Why a job failed, for the retry policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The producer or its process died.
    Crash,
    /// It took longer than it may.
    Timeout,
    /// Its process neither printed, gave nor took anything for longer than it may.
    NoOutput,
    /// It made no progress for longer than it may.
    NoProgress,
    /// Memory ran out.
    OutOfMemory,
    /// Every licence that it needs is taken; there will be one later.
    Licence,
    /// An input is not there or cannot be read.
    MissingInput,
    /// What was made is not what was asked for.
    BadOutput,
    /// A needed tool or device is not there.
    MissingTool,
    /// The disk is full.
    DiskFull,
    /// The machine that it ran on, or the one that holds its files, is gone.
    HostLost,
    /// Stopped on request.
    Cancelled,
}

impl FailureClass {
    /// Returns the name that journals, logs and metrics use; the same word as in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Crash => "crash",
            Self::Timeout => "timeout",
            Self::NoOutput => "no_output",
            Self::NoProgress => "no_progress",
            Self::OutOfMemory => "out_of_memory",
            Self::Licence => "licence",
            Self::MissingInput => "missing_input",
            Self::BadOutput => "bad_output",
            Self::MissingTool => "missing_tool",
            Self::DiskFull => "disk_full",
            Self::HostLost => "host_lost",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_class_is_what_json_has() {
        let classes = [
            FailureClass::Crash,
            FailureClass::Timeout,
            FailureClass::NoOutput,
            FailureClass::NoProgress,
            FailureClass::OutOfMemory,
            FailureClass::Licence,
            FailureClass::MissingInput,
            FailureClass::BadOutput,
            FailureClass::MissingTool,
            FailureClass::DiskFull,
            FailureClass::HostLost,
            FailureClass::Cancelled,
        ];
        for class in classes {
            assert_eq!(serde_json::to_value(class).unwrap(), class.id());
        }
    }
}
