//! The contract between a worker and a producer: what a job gets, and what it returns.

use crate::model::{ActionKind, InputFiles, JobAction};
pub use crate::model::{ExecutionMode, FailureClass};
use crate::process::CallOptions;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// One job for a producer: everything that it may read, and the one folder that it may write.
pub struct JobContext<'a> {
    /// The action with all its parameters.
    pub action: &'a JobAction,
    /// The input files, by slot.
    pub inputs: &'a InputFiles,
    /// An empty folder for everything that the job writes. Outputs stay in it.
    pub scratch: &'a Path,
    /// Limits and observer for child processes, and the request to stop. A producer looks at
    /// `is_halting` between frames, then stops with [`FailureClass::Cancelled`].
    pub watch: CallOptions<'a>,
    /// Takes the units done and all units (frames or files). May be called at any time, from any
    /// thread.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// One file that a producer made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// The name within the job's outputs, such as `0001.exr` or `segment.mp4`.
    pub name: String,
    /// The path in the scratch folder.
    pub path: PathBuf,
}

/// What a producer made, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerOutput {
    /// The files.
    pub outputs: Vec<OutputFile>,
    /// The provider: built in, adapter or tool with its version, such as `previz on llvmpipe
    /// (software)`.
    pub provider: String,
    /// Whether the work was done or simulated.
    pub mode: ExecutionMode,
    /// Findings that did not stop the work, for people.
    pub warnings: Vec<String>,
}

/// A failed job: its class, and what happened in words that read after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct JobFailure {
    /// Decides about another attempt.
    pub class: FailureClass,
    /// What happened, for people.
    pub message: String,
    /// The last lines that a tool printed; empty without a tool.
    pub evidence: String,
    /// The log of the attempt, relative to the store's folder; `None` if the attempt left no log.
    // Only the worker knows where the log is: a producer sees neither the store nor the number of
    // its attempt. The field is left out of JSON when unset, as most failures are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
}

impl JobFailure {
    /// Returns a failure of this class without evidence.
    pub fn new(class: FailureClass, message: impl Into<String>) -> Self {
        Self {
            class,
            message: message.into(),
            evidence: String::new(),
            log: None,
        }
    }

    /// Returns the failure of a producer that got an action of another kind.
    #[must_use]
    pub fn wrong_action(producer: ActionKind, action: &JobAction) -> Self {
        // Only a mistake in the registry leads here, so the class is that of a program error.
        let message = format!("do {producer}: this job is {}", action.kind());
        Self::new(FailureClass::Crash, message)
    }

    /// Attaches the last lines that a tool printed.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = evidence.into();
        self
    }

    /// Returns the failure for an I/O error met while doing `what`.
    #[must_use]
    pub fn from_io_error(what: &str, error: &std::io::Error) -> Self {
        // The class decides about a retry. A full disk or a missing file needs a person, so these
        // must not be retried as crashes. Errors of a network file system mean that the host of the
        // files is gone, which costs the job no attempt.
        let class = match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                FailureClass::DiskFull
            }
            std::io::ErrorKind::NotFound => FailureClass::MissingInput,
            std::io::ErrorKind::OutOfMemory => FailureClass::OutOfMemory,
            std::io::ErrorKind::StaleNetworkFileHandle
            | std::io::ErrorKind::HostUnreachable
            | std::io::ErrorKind::NetworkUnreachable
            | std::io::ErrorKind::NetworkDown => FailureClass::HostLost,
            _ => FailureClass::Crash,
        };
        Self::new(class, format!("{what}: {error}"))
    }
}

/// Does one kind of work and checks the result. Each folder of `producers` has one for its kind.
pub trait JobProducer: Sync {
    /// Returns the provider and version that would do `work`. It is part of the job's identity, so
    /// another version makes the job again.
    fn provider_identity(&self, work: &JobAction) -> String;

    /// Does the work and leaves the outputs in the scratch folder.
    ///
    /// # Errors
    /// Fails with a class for the retry policy.
    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure>;

    /// Checks the outputs: all are there, complete, and of the right size and count.
    ///
    /// # Errors
    /// Fails with [`FailureClass::BadOutput`], with the expected and the actual value.
    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure>;
}
