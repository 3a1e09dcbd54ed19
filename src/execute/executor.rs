//! What the dispatcher stands on: hands that work, a clock, what was made before, and somewhere to keep records.
//!
//! Three floors exist: [`LocalExecutor`](super::local_executor::LocalExecutor) works, [`SimulatedExecutor`](super::simulate_run()) only counts, and the one of the room
//! [`farm`](crate::farm) lets others work. The dispatcher cannot tell them apart; that is why an estimate and a run never
//! disagree about order, and why a run means the same wherever it is done.

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::job_state::JobStateTable;
use super::worker::AttemptResult;
use crate::base::{CancelToken, Digest};
use crate::event::Event;
use crate::model::{Artefact, JobId, PeakMemory};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A job on its way back.
pub(crate) struct JobCompletion {
    pub(crate) id: JobId,
    pub(crate) attempt_result: AttemptResult,
    pub(crate) peak_memory: Option<PeakMemory>,
}

/// What a worker says.
pub(crate) enum ExecutorEvent {
    /// A job ended.
    Completed(JobCompletion),
    /// Units of a job are done, of how many.
    Progress(JobId, usize, usize),
    /// A job ended, and its hand has begun one that was left for it.
    CompletedAndStarted(JobCompletion, JobId, Arc<JobAttempt>),
    /// A job was given back before it began, because nothing further may start.
    Withdrawn(JobId),
}

/// Where a plan is run.
pub(crate) trait JobExecutor {
    /// Returns the time since a fixed instant; it never goes back.
    fn elapsed(&self) -> Duration;

    /// Returns the request to stop the whole run.
    fn cancel(&self) -> &CancelToken;

    /// Gives a job, whose inputs are made, to a hand that is free.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable);

    /// Returns whether jobs may be left for hands that are busy.
    fn supports_prefetch(&self) -> bool {
        false
    }

    /// Leaves a job for a busy hand, which may begin it when one that holds the same ends.
    fn prefetch(&mut self, _id: JobId, _attempt: Arc<JobAttempt>, _states: &JobStateTable) {}

    /// Takes back what was left and is not begun.
    fn reclaim_prefetched(&mut self) -> Vec<JobId> {
        Vec::new()
    }

    /// Hears that nothing further will start, as often as that is so: what waits for a hand may come back, what runs goes
    /// on to its end.
    fn drain_queue(&mut self) {}

    /// Waits a moment for word from a hand.
    fn next_event(&mut self) -> Option<ExecutorEvent>;

    /// Returns the content of a file of the project.
    fn file_digest(&self, path: &Path) -> Option<Digest>;

    /// Returns whether all these outputs of an earlier run of the job are still there.
    fn has_outputs(&self, id: JobId, outputs: &[Artefact]) -> bool;

    /// Keeps an event and shows it, if anyone listens.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError>;

    /// Saves which shots are complete.
    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError>;
}
