//! What the dispatcher needs to run a plan: a place where jobs are done, a clock, what was made
//! before, and a place for records.
//!
//! There are three executors: [`LocalExecutor`](super::local_executor::LocalExecutor) runs jobs on
//! threads, [`SimulatedExecutor`](super::simulate_run()) only counts time, and that of
//! [`farm`](crate::farm) sends them to other machines. The dispatcher cannot distinguish them. That
//! is why an estimate and a run never disagree about order, and why a run means the same wherever
//! it is done.

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::job_state::JobStateTable;
use super::run_control::RunControl;
use super::worker::AttemptResult;
use crate::base::{CancelToken, Digest};
use crate::event::Event;
use crate::model::{Artefact, JobId, PeakMemory};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The end of an attempt.
pub(crate) struct JobCompletion {
    pub(crate) id: JobId,
    pub(crate) attempt_result: AttemptResult,
    pub(crate) peak_memory: Option<PeakMemory>,
    /// CPU seconds that it used. `None`: not measured.
    pub(crate) cpu_seconds: Option<f64>,
}

/// What an executor reports.
pub(crate) enum ExecutorEvent {
    /// An attempt ended.
    Completed(JobCompletion),
    /// Units of a job that are done, and its units in all.
    Progress(JobId, usize, usize),
    /// An attempt ended, and its worker has started a prefetched job.
    // One event and not two: the second job uses what the first one held, so nothing else may be
    // started in between.
    CompletedAndStarted(JobCompletion, JobId, Arc<JobAttempt>),
    /// A job came back before it started, because nothing further may start.
    Withdrawn(JobId),
}

/// The place where a plan is run.
pub(crate) trait JobExecutor {
    /// Returns the time since a fixed instant. It never goes back.
    fn elapsed(&self) -> Duration;

    /// Returns the request to stop the whole run.
    fn cancel(&self) -> &CancelToken;

    /// Returns what steers the run from outside. `None`: nothing does.
    fn control(&self) -> Option<&RunControl> {
        None
    }

    /// Starts a job, whose inputs are made, on an idle worker.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable);

    /// Returns whether jobs may be queued for workers that are busy.
    fn supports_prefetch(&self) -> bool {
        false
    }

    /// Queues a job that a busy worker may start when a job with the same claim ends.
    fn prefetch(&mut self, _id: JobId, _attempt: Arc<JobAttempt>, _states: &JobStateTable) {}

    /// Takes back the prefetched jobs that were not started.
    fn reclaim_prefetched(&mut self) -> Vec<JobId> {
        Vec::new()
    }

    /// Withdraws jobs that were submitted but not started. Jobs that run continue.
    // Called again as long as nothing may start, because a scheduler may be unreachable for a
    // while. Local workers start at once what they get, so they have nothing to withdraw.
    fn drain_queue(&mut self) {}

    /// Waits for a moment. `None`: nothing was reported.
    // It must return now and then without an event, so that the dispatcher can look at limits and
    // retries.
    fn next_event(&mut self) -> Option<ExecutorEvent>;

    /// Returns the digest of a file of the project. `None`: the file is unknown.
    fn file_digest(&self, path: &Path) -> Option<Digest>;

    /// Returns whether the store still has all these outputs of an earlier run of the job.
    fn has_outputs(&self, id: JobId, outputs: &[Artefact]) -> bool;

    /// Stops the reuse of what earlier versions of the program made from these damaged blobs.
    ///
    /// # Errors
    /// Fails when the store cannot be read or written.
    fn distrust_users(&mut self, _damaged: &[Digest]) -> Result<(), ExecuteError> {
        Ok(())
    }

    /// Returns whether the result under this identity may have been made from a damaged blob.
    fn is_distrusted(&self, _identity: &Digest) -> bool {
        false
    }

    /// Writes an event to the journal and passes it to the sinks, if the executor has any.
    // A closure, so that a simulation of a million jobs builds no events that nobody reads.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError>;

    /// Saves which shots are complete.
    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError>;
}
