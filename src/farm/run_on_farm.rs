//! Follows a farm run: the dispatcher's floor whose hands are machines elsewhere.
//!
//! The dispatcher decides as it always does: what is reused, what may start, what is tried again, what is lost. This floor
//! places what it hands over, unless that was placed before and is still to come, and brings back results as they appear.
//! Results are believed first and the engine second: a task that the engine has lost from sight is not failed but looked
//! for, and what ended without a result is given the time that a shared file system takes.

use super::remote_executor::{RemoteExecutor, ShutdownState};
use super::submitter::{ArraySubmitter, TaskResubmission};
use super::task_map::TaskId;
use super::{FarmError, TaskManifest};
use crate::base::{CancelToken, Clock, Digest};
use crate::event::{Event, EventSink};
use crate::execute::{
    ExecuteError, ExecutorConfig, ExecutorEvent, JobAttempt, JobExecutor, JobStateTable,
    RunOutcome, execute_on,
};
use crate::model::{Artefact, JobId};
use crate::plan::{ActionIdentity, Plan};
use crate::producers::{FailureClass, JobFailure};
use crate::store::checkpoint::save_checkpoint;
use crate::store::{BlobStore, FileSnapshot, Journal, RunHistory};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often a request to stop is looked for while nothing else happens.
const IDLE_SLEEP: Duration = Duration::from_millis(50);
/// How long a second request to stop is waited for, which takes everything back from the engine.
const SECOND_INTERRUPT_WINDOW: Duration = Duration::from_secs(3);
/// Results are looked for so many times between two questions to the engine, which cost more.
const SCANS_PER_POLL: u32 = 5;

/// What a farm run is followed with.
pub struct FollowContext<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its task manifest.
    pub manifest: &'a TaskManifest,
    /// The task of each job, by job.
    pub tasks: &'a [Option<TaskId>],
    /// Time between two questions to the engine.
    pub poll: Duration,
    /// The store's blobs.
    pub blobs: &'a BlobStore,
    /// The input files as they were when the run began.
    pub snapshot: &'a FileSnapshot,
    /// The first request lets go of the run, the second ends it.
    pub cancel: &'a CancelToken,
    /// Measures time.
    pub clock: &'a dyn Clock,
}

/// Runs a plan on a farm, from wherever it stands to its end.
///
/// # Errors
/// Fails when the journal or the store cannot be written.
pub fn run_on_farm(
    context: &FollowContext<'_>,
    submitter: &mut ArraySubmitter<'_>,
    history: &RunHistory,
    settings: &ExecutorConfig,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    report_message: &mut dyn FnMut(&str),
) -> Result<RunOutcome, ExecuteError> {
    let executor = RemoteExecutor::new(context, submitter, (journal, sinks), report_message);
    execute_on(context.plan, history, settings, executor)
}

impl JobExecutor for RemoteExecutor<'_, '_, '_> {
    fn elapsed(&self) -> Duration {
        self.elapsed_time()
    }

    fn cancel(&self) -> &CancelToken {
        self.context.cancel
    }

    fn drain_queue(&mut self) {
        self.begin_shutdown();
    }

    /// A task that was placed before is waited for; only one whose newest attempt has failed, or was never placed, is placed.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        let (Some(task), Some(digest)) =
            (self.context.tasks[id.index()], states.running_digest(id))
        else {
            let message = "find its task: it was not expected to run when the farm run was planned; run again";
            self.reject_job(id, JobFailure::new(FailureClass::MissingInput, message));
            return;
        };
        let existing_result = self.finished_result(task, digest);
        let submitted_attempt = self.submitter.newest_attempt(task);
        let finished_attempt = self
            .listing
            .newest_attempt(task)
            .map_or(0, |marker| marker.attempt);
        let number = match (existing_result.is_some(), self.lost_tasks.remove(&task)) {
            (true, _) => finished_attempt,
            (false, true) => submitted_attempt.max(finished_attempt) + 1,
            (false, false) => submitted_attempt.max(finished_attempt + 1),
        };
        let claim = states.current_claim(self.context.plan, id);
        if existing_result.is_none() && number > submitted_attempt {
            self.to_submit.push(TaskResubmission {
                task,
                attempt: number,
                claim: claim.clone(),
            });
        }
        let raised_claim =
            (*claim != self.context.plan.job(id).job.claim).then(|| Box::new(claim.clone()));
        self.add_pending_task((task, id, digest), (number, attempt.number), raised_claim);
        if let Some(result) = existing_result {
            self.accept_result(task, result);
        }
    }

    fn next_event(&mut self) -> Option<ExecutorEvent> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
        }
        if self.context.cancel.is_draining() {
            let since = *self.interrupted_at.get_or_insert(self.elapsed_time());
            if !self.context.cancel.is_halting()
                && self.elapsed_time().saturating_sub(since) < SECOND_INTERRUPT_WINDOW
            {
                std::thread::sleep(IDLE_SLEEP);
                return None;
            }
            self.release_pending();
            return self.events.pop_front();
        }
        match self.shutdown {
            ShutdownState::Accepting => self.submit_pending(),
            ShutdownState::Withdrawing
                if self.is_due(self.last_poll, self.context.poll / SCANS_PER_POLL) =>
            {
                self.withdraw_pending();
            }
            ShutdownState::Withdrawing | ShutdownState::Withdrawn => {}
        }
        if self.is_due(self.last_scan, self.context.poll / SCANS_PER_POLL) {
            self.collect_results();
        }
        if self.events.is_empty() && self.is_due(self.last_poll, self.context.poll) {
            self.poll_scheduler();
        }
        if self.events.is_empty() {
            std::thread::sleep(IDLE_SLEEP);
        }
        self.events.pop_front()
    }

    fn file_digest(&self, path: &Path) -> Option<Digest> {
        self.context.snapshot.file_digest(path)
    }

    fn has_outputs(&self, _: JobId, outputs: &[Artefact]) -> bool {
        outputs
            .iter()
            .all(|output| self.context.blobs.is_intact(output))
    }

    /// A start is kept back until the task runs or has run: one that waits in a queue has not started.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        match event() {
            Event::JobStarted(_) => Ok(()),
            event => self.write_event(&event),
        }
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        Ok(save_checkpoint(
            &self.context.manifest.folder.layout,
            shots,
        )?)
    }
}

/// Of a record, what says which job it is.
#[derive(Deserialize)]
struct RecordIdentity<'a> {
    task: TaskId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    identity: ActionIdentity,
}

/// Returns the task of each job of `plan` in a manifest that an earlier run wrote.
///
/// # Errors
/// Fails when the manifest is damaged, or does other work than the plan asks for.
pub fn match_tasks(manifest: &TaskManifest, plan: &Plan) -> Result<Vec<Option<TaskId>>, FarmError> {
    let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
    let jobs: HashMap<&str, JobId> = wanted
        .map(|(id, planned)| (planned.job.name.as_str(), id))
        .collect();
    let mut tasks = vec![None; plan.len()];
    manifest.for_each_line(|line| {
        let record: RecordIdentity<'_> = serde_json::from_str(line)?;
        let job = jobs
            .get(record.name.as_ref())
            .filter(|job| plan.job(**job).identity == record.identity);
        if let Some(job) = job {
            tasks[job.index()] = Some(record.task);
        }
        Ok(())
    })?;
    let unmatched = plan.jobs().filter(|(id, planned)| {
        planned.wanted && planned.reason.is_dirty() && tasks[id.index()].is_none()
    });
    let mut unmatched = unmatched.map(|(_, planned)| planned.job.name.as_str());
    match unmatched.next() {
        None => Ok(tasks),
        Some(first) => Err(FarmError::Usage(format!(
            "go on with {}: the production, this program or this machine's tools have changed since it was sent, so {} of its \
             {} jobs are others now (such as `{first}`). `production cancel` takes it back and keeps what was finished; then \
             run again",
            manifest.header.revision,
            unmatched.count() + 1,
            plan.len()
        ))),
    }
}
