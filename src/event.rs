//! The only words that execution and reporting share: what happened, as owned, serialisable records.
//!
//! Journalled events are the truth from which state is rebuilt; ephemeral ones only inform whoever watches. A change of
//! form bumps [`EVENT_FORMAT_VERSION`].

use crate::base::Digest;
use crate::model::{Artefact, CostAmount, ExecutionMode, FailureClass, PeakMemory, Phase};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Version of the journal's records.
pub const EVENT_FORMAT_VERSION: u32 = 1;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run began.
    RunStarted {
        /// Version of these records.
        version: u32,
        /// The provisional revision.
        revision: String,
        /// The production's title.
        production: String,
        /// Wall time.
        at: jiff::Timestamp,
        /// Jobs in the plan.
        jobs: usize,
    },
    /// A job was handed to a worker.
    JobStarted(JobStarted),
    /// A running job tells how far it is. Ephemeral.
    JobProgress {
        /// The job.
        job: String,
        /// Units done.
        done: usize,
        /// Units in all.
        #[serde(rename = "of")]
        total: usize,
    },
    /// A job's outputs are complete, checked and in the store.
    JobSucceeded(JobSucceeded),
    /// A job's outputs were in the store already.
    JobReused(JobReused),
    /// A job failed.
    JobFailed {
        /// The job.
        job: String,
        /// Its phase.
        phase: Phase,
        /// For the retry policy.
        class: FailureClass,
        /// For people.
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// How long it took.
        seconds: f64,
        /// Which try this was, from 1; 0 when none was made.
        #[serde(default)]
        attempt: u32,
        /// Its log, relative to the store's folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<PathBuf>,
    },
    /// A try of a job failed, and it will be tried again.
    JobRetried {
        /// The job.
        job: String,
        /// Its phase.
        phase: Phase,
        /// For the retry policy.
        class: FailureClass,
        /// For people.
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// The log of the try, relative to the store's folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<PathBuf>,
        /// Which try failed, from 1.
        attempt: u32,
        /// Seconds until the next try.
        wait: f64,
    },
    /// A job cannot run because one that it needs did not succeed.
    JobSkipped {
        /// The job.
        job: String,
        /// Its phase.
        phase: Phase,
        /// The job that did not succeed.
        because: String,
    },
    /// The resume position was saved.
    CheckpointSaved {
        /// Shots complete so far.
        shots: usize,
    },
    /// Every deliverable was verified and put in place.
    Published {
        /// The revision.
        revision: String,
        /// Digest of its manifest.
        manifest: Digest,
        /// What was delivered, in document order.
        deliverables: Vec<DeliveredOutput>,
        /// What a run must come to for this to stand; journals of earlier programs do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "whole")]
        run_digest: Option<Digest>,
    },
    /// Deliverables of an earlier revision were put in place again.
    Reverted {
        /// That revision.
        to: String,
        /// Wall time.
        at: jiff::Timestamp,
    },
    /// A run ended.
    RunEnded {
        /// How.
        status: RunStatus,
        /// Wall time.
        at: jiff::Timestamp,
        /// How long it took.
        seconds: f64,
    },
}

/// An attempt that begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStarted {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// What a job made, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobSucceeded {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// Identity: producer, parameters and content of inputs.
    pub digest: Digest,
    /// What it made, in order.
    pub outputs: Vec<Artefact>,
    /// Who made it.
    pub provider: String,
    /// Which variety of its kind of work it was, where that decides how long it takes: the engine that drew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variety: Option<String>,
    /// How real it is.
    pub mode: ExecutionMode,
    /// How long it took.
    pub seconds: f64,
    /// Units of work (frames, files) it was.
    pub units: usize,
    /// The most memory it was seen to hold, where that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<PeakMemory>,
    /// What it cost, where who made it has a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostAmount>,
    /// Findings that did not stop it.
    pub warnings: Vec<String>,
    /// Its log, if a tool printed anything, relative to the store's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
}

/// A job that need not run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobReused {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// Identity of what is used: the job's own, or that of an older make when it is pinned.
    pub digest: Digest,
    /// Whether it was kept on request although it is no longer what the document asks for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
}

/// One deliverable of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredOutput {
    /// The output that asked for it.
    pub output: String,
    /// Where it went, relative to the production's folder.
    pub path: PathBuf,
    /// The job whose files it is; empty when it has parts.
    pub job: String,
    /// Whether it is a folder of files.
    pub folder: bool,
    /// What it is made of when many jobs make it, in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<DeliverablePart>,
}

/// The files of one job within a deliverable of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverablePart {
    /// The job.
    pub job: String,
    /// The folder that they lie in, within the deliverable's; their names begin with it.
    pub folder: String,
}

impl DeliveredOutput {
    /// Returns the jobs whose files it is, in order.
    pub fn jobs(&self) -> impl Iterator<Item = &String> {
        let alone = self.parts.is_empty().then_some(&self.job);
        alone
            .into_iter()
            .chain(self.parts.iter().map(|part| &part.job))
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Every job asked for succeeded.
    Succeeded,
    /// Some job failed.
    Failed,
    /// Stopped on request; resume continues it.
    Cancelled,
}

impl Event {
    /// Reads an event from JSON. A record of which a run has one a job is read straight into its place; to find the kind of
    /// any other, serde sets all of it aside first.
    ///
    /// # Errors
    /// Fails on what is no event.
    pub fn parse(json: &str) -> serde_json::Result<Self> {
        let kind = json
            .strip_prefix("{\"event\":\"")
            .and_then(|rest| rest.split_once('"'))
            .map(|(kind, _)| kind);
        match kind {
            Some("job_started") => serde_json::from_str(json).map(Self::JobStarted),
            Some("job_succeeded") => serde_json::from_str(json).map(Self::JobSucceeded),
            Some("job_reused") => serde_json::from_str(json).map(Self::JobReused),
            _ => serde_json::from_str(json),
        }
    }

    /// Returns whether the event belongs in the journal.
    #[must_use]
    pub const fn is_journalled(&self) -> bool {
        !matches!(self, Self::JobProgress { .. })
    }
}

/// Someone who is told what happens. Sinks ask nothing back and never fail a run.
pub trait EventSink {
    /// Takes note of one event.
    fn record_event(&mut self, event: &Event);
}
