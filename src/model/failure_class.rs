//! Classes of failures. The retry policy depends on them, and journals, logs and metrics name them.

use serde::{Deserialize, Serialize};

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The tool ended with an error, or the producer panicked.
    Crash,
    /// It exceeded its time limit.
    Timeout,
    /// Its tool exceeded the silence limit: it printed, read and wrote nothing.
    NoOutput,
    /// It exceeded the progress limit: it finished no frame.
    NoProgress,
    /// Memory ran out.
    OutOfMemory,
    /// Every licence is taken. Spends no attempt, because one will be free later.
    Licence,
    /// An input is missing or unreadable.
    MissingInput,
    /// An output is missing, damaged, or not what the job requires.
    BadOutput,
    /// A tool or device is missing.
    MissingTool,
    /// The disk is full.
    DiskFull,
    /// The machine that it ran on, or the one with its files, is gone. Three of these spend no
    /// attempt.
    HostLost,
    /// Stopped on request.
    Cancelled,
}

impl FailureClass {
    /// Returns the name in journals, logs and metrics, which is the word in JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        // A match and not serde, so that it is `const` and allocates nothing. A test compares both.
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
