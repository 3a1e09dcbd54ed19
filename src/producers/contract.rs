//! The contract between a worker and a producer: what is handed over, and what comes back.

use crate::model::{ActionKind, InputFiles, JobAction};
pub use crate::model::{ExecutionMode, FailureClass};
use crate::process::CallOptions;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// One job handed to a producer.
pub struct JobContext<'a> {
    /// What to do.
    pub action: &'a JobAction,
    /// What to do it from.
    pub inputs: &'a InputFiles,
    /// An empty folder for everything that is written; outputs are left here.
    pub scratch: &'a Path,
    /// Its request to stop is asked between frames: a producer that sees `is_halting` stops and returns
    /// [`FailureClass::Cancelled`]. Child processes are watched with all of it.
    pub watch: CallOptions<'a>,
    /// Told units done and units in all (frames, files), as often as it likes.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// One file a producer made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name within the job's outputs, such as `0001.exr` or `segment.mp4`.
    pub name: String,
    /// Where it lies in the scratch folder.
    pub path: PathBuf,
}

/// What a producer made, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProducerOutput {
    /// The files.
    pub outputs: Vec<OutputFile>,
    /// Who made them: provider, adapter or tool with version, such as `previz on llvmpipe (software)`.
    pub provider: String,
    /// How real they are.
    pub mode: ExecutionMode,
    /// Findings that did not stop the work.
    pub warnings: Vec<String>,
}

/// A failed job: its class, and what happened in words that read after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{message}")]
pub struct JobFailure {
    /// For the retry policy.
    pub class: FailureClass,
    /// For people.
    pub message: String,
    /// The last lines a tool printed, when there was one.
    pub evidence: String,
    /// The log of the attempt, relative to the store's folder.
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

    /// Returns the failure of a producer that is handed work of another kind: a mistake of the registry's.
    #[must_use]
    pub fn wrong_action(producer: ActionKind, action: &JobAction) -> Self {
        let message = format!("do {producer}: this job is {}", action.kind());
        Self::new(FailureClass::Crash, message)
    }

    /// Attaches the last lines a tool printed.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl Into<String>) -> Self {
        self.evidence = evidence.into();
        self
    }

    /// Returns the failure for an I/O error met while doing `what`.
    #[must_use]
    pub fn from_io_error(what: &str, error: &std::io::Error) -> Self {
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

/// Does one kind of work, and judges what came of it. Each folder of `producers` has one for its kind.
pub trait JobProducer: Sync {
    /// Returns who would do `work`, with what version: part of the work's identity.
    fn provider_identity(&self, work: &JobAction) -> String;

    /// Does the work.
    ///
    /// # Errors
    /// Fails with a class for the retry policy.
    fn run_job(&self, assignment: &JobContext<'_>) -> Result<ProducerOutput, JobFailure>;

    /// Decides whether what was made is what was asked for: there, whole, of the right size and count.
    ///
    /// # Errors
    /// Fails with [`FailureClass::BadOutput`], naming what was expected and what was found.
    fn check_outputs(
        &self,
        assignment: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure>;
}
