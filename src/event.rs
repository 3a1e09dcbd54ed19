//! Events: what happened in a run, as owned, serialisable records. They are the only types that
//! execution and reporting share.
//!
//! Journalled events are the truth from which state is rebuilt. Ephemeral ones only inform sinks. A
//! change of the format raises [`EVENT_FORMAT_VERSION`].

use crate::base::Digest;
use crate::model::{
    Artefact, CostAmount, ExecutionMode, FailureClass, PeakMemory, Phase, UnitLoad,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Version of the journal's records, as written in [`Event::RunStarted`].
pub const EVENT_FORMAT_VERSION: u32 = 1;

/// Something that happened in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A run began.
    RunStarted {
        /// Version of these records.
        version: u32,
        /// The revision that the run will publish if it succeeds, such as `rev-0003`.
        revision: String,
        /// The production's title.
        production: String,
        /// Wall clock, for people. It can go back, so no order follows from it.
        at: jiff::Timestamp,
        /// Jobs in the plan.
        jobs: usize,
        /// Programs that the folder of the production brings and that the run may start.
        // Journals of earlier versions do not say.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        programs: Vec<String>,
        /// What the run is to make. `None` in journals of earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        totals: Option<RunTotals>,
        /// The quality tier. Empty in journals of earlier versions.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        tier: String,
        /// Whether the tier replaces that of the document, as `--quality` does.
        // Recorded, because the document's own size and samples do not count then. The name alone
        // does not say which pictures the run made.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        tier_override: bool,
        /// Whether the sound that the document asks for was left out, as `--no-sound` does.
        // Journals of earlier versions do not say.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        no_sound: bool,
    },
    /// An attempt began on a worker.
    // Records that a run has once per job carry structs of their own. `Event::parse` reads those
    // without the buffering that an internally tagged enum needs.
    JobStarted(JobStarted),
    /// Progress of a running job. Ephemeral.
    JobProgress {
        /// The job.
        job: String,
        /// Units done.
        done: usize,
        /// Units of the whole job.
        // Output for machines keeps its keys when a field is renamed.
        #[serde(rename = "of")]
        total: usize,
    },
    /// The run was paused: no new job starts. Ephemeral.
    // Not in the journal: a run that is killed in a pause is like any other that was killed, and
    // earlier versions of the program must be able to read the journal.
    RunPaused {
        /// Whether jobs that run stand still too.
        frozen: bool,
    },
    /// The run continues after a pause. Ephemeral.
    RunResumed,
    /// A job's outputs are complete, checked and in the store.
    JobSucceeded(JobSucceeded),
    /// A job's outputs were in the store already.
    JobReused(JobReused),
    /// A job failed for good: no further attempt follows.
    JobFailed {
        /// The job.
        job: String,
        /// Its phase.
        phase: Phase,
        /// Decides about retries.
        class: FailureClass,
        /// One sentence for people.
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// Duration in seconds.
        seconds: f64,
        /// Number of the attempt, from 1. 0: the job failed before any attempt.
        // Journals of earlier versions have no attempts, and they must still be replayed.
        #[serde(default)]
        attempt: u32,
        /// Its log, relative to the store's folder. `None`: there is no log.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<PathBuf>,
    },
    /// An attempt failed, and another one follows.
    JobRetried {
        /// The job.
        job: String,
        /// Its phase.
        phase: Phase,
        /// Decides about the wait.
        class: FailureClass,
        /// One sentence for people.
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// The log of the attempt, relative to the store's folder.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<PathBuf>,
        /// Number of the attempt that failed, from 1.
        attempt: u32,
        /// Seconds until the next attempt.
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
    /// `checkpoint.json` was saved.
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
        /// The digest by which a later run knows that it is up to date. `None` in journals of
        /// earlier versions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "whole")]
        run_digest: Option<Digest>,
        /// The report beside the deliverables.
        #[serde(default, skip_serializing_if = "DeliveredReport::is_empty")]
        report: DeliveredReport,
        /// What was replaced although no revision had put it there, because the user allowed it.
        /// Relative to the production's folder.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaced: Vec<PathBuf>,
    },
    /// Deliverables of an earlier revision were put in place again.
    Reverted {
        /// The earlier revision.
        to: String,
        /// Wall time.
        at: jiff::Timestamp,
        /// What was replaced although no revision had put it there, because the user allowed it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        replaced: Vec<PathBuf>,
    },
    /// A run ended.
    RunEnded {
        /// How.
        status: RunStatus,
        /// Wall time.
        at: jiff::Timestamp,
        /// Duration in seconds.
        seconds: f64,
    },
}

/// What a run is to make.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunTotals {
    /// Shots with jobs in the run.
    pub shots: usize,
    /// Jobs of the run by phase.
    pub phases: BTreeMap<Phase, usize>,
}

impl RunTotals {
    /// Returns the jobs of the run.
    #[must_use]
    pub fn jobs(&self) -> usize {
        self.phases.values().sum()
    }
}

/// An attempt that begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobStarted {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// Number of the attempt, from 1.
    pub attempt: u32,
}

/// What a job made, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobSucceeded {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// The job's identity: producer, parameters, provider and content of inputs.
    pub digest: Digest,
    /// Its output files, in order.
    pub outputs: Vec<Artefact>,
    /// The provider that made it.
    pub provider: String,
    /// The variant of the action if that decides the duration: the engine that rendered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    // Without it, the mean of fast and slow engines would estimate neither.
    pub variety: Option<String>,
    /// Real, or simulated for dry runs.
    pub mode: ExecutionMode,
    /// How long it took.
    pub seconds: f64,
    /// Units of work, such as frames or files.
    pub units: usize,
    /// CPU seconds of this process and its children that the job used. `None`: not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<f64>,
    /// What one unit was. Unknown in journals of earlier versions.
    #[serde(default, skip_serializing_if = "UnitLoad::is_unknown")]
    pub load: UnitLoad,
    /// Peak memory. `None`: it was not measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<PeakMemory>,
    /// Its cost. `None`: the provider has no price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostAmount>,
    /// Warnings of the producer.
    pub warnings: Vec<String>,
    /// Its log, relative to the store's folder. `None`: no tool printed anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
}

/// A job whose outputs are reused from the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobReused {
    /// The job.
    pub job: String,
    /// Its phase.
    pub phase: Phase,
    /// Identity of the reused outputs: the job's own, or an older one if it is pinned.
    pub digest: Digest,
    /// Whether `--pin` keeps it although the document now asks for something else.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    // It is recorded, because a revision with a pinned job is not what its document describes.
    pub pinned: bool,
}

/// One deliverable of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredOutput {
    /// Name of the output.
    pub output: String,
    /// Its path, relative to the production's folder.
    pub path: PathBuf,
    /// The job that made it. Empty if it has `parts`.
    pub job: String,
    /// Whether it is a folder of numbered files.
    pub folder: bool,
    /// The parts if several jobs make it, in document order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<DeliverablePart>,
    /// The files of the job that it consists of, by name. Empty: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// The report that a revision put beside its deliverables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveredReport {
    /// Its folder, relative to the production's.
    pub folder: PathBuf,
    /// Its files in the store. Empty in journals of earlier versions.
    pub files: Vec<Artefact>,
}

impl DeliveredReport {
    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// The files of one job in a deliverable of several jobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliverablePart {
    /// The job.
    pub job: String,
    /// Their subfolder of the deliverable's folder. Names of artefacts begin with it.
    pub folder: String,
}

impl DeliveredOutput {
    /// Returns the jobs that made it, in order.
    pub fn jobs(&self) -> impl Iterator<Item = &String> {
        let single_job = self.parts.is_empty().then_some(&self.job);
        single_job
            .into_iter()
            .chain(self.parts.iter().map(|part| &part.job))
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Every selected job succeeded or was reused.
    Succeeded,
    /// At least one job failed.
    Failed,
    /// The run was stopped on request. The next run continues it.
    Cancelled,
}

impl Event {
    /// Parses an event from JSON.
    ///
    /// # Errors
    /// Fails if the text is not an event.
    pub fn parse(json: &str) -> serde_json::Result<Self> {
        // Replaying 100,000 records is a cost of every command. serde buffers an internally tagged
        // enum before it knows the variant, so the three frequent records are read into their
        // structs directly. The journal writes the tag first; if another tool did not, the general
        // case below reads the record.
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
        // Nothing is rebuilt from progress, and a record for each frame would make journals grow
        // with frames and not with jobs.
        !matches!(
            self,
            Self::JobProgress { .. } | Self::RunPaused { .. } | Self::RunResumed
        )
    }
}

/// A receiver of events. Sinks ask nothing back.
pub trait EventSink {
    /// Receives one event.
    // It returns nothing, because a report that cannot be written must not fail the run.
    fn record_event(&mut self, event: &Event);
}
