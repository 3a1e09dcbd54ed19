//! The machines elsewhere, as far as they can be seen from here: which results are waited for, where they are looked for, and
//! what is given to the engine.
//!
//! A run may wait for a million results while a thousand tasks run, so what is done at every look is bounded by what runs:
//! folders in which nothing can have changed are looked into in turns.

use super::result_listing::{ResultListing, ResultShard};
use super::run_on_farm::FollowContext;
use super::submitter::{ArraySubmitter, TaskResubmission};
use super::task_map::TaskId;
use super::task_result::{TaskResult, TaskVerdict};
use crate::base::Digest;
use crate::event::{Event, EventSink, JobStarted};
use crate::execute::{AttemptResult, ExecuteError, ExecutorEvent, JobCompletion, StoredOutputs};
use crate::model::{Claim, JobId, PeakMemory};
use crate::producers::{FailureClass, JobFailure};
use crate::store::Journal;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// Folders that are looked into in turns at every look, besides those whose tasks run: engines may be silent, or wrong.
const COLD_SHARDS_PER_SCAN: usize = 16;

/// What is kept of a run, and shown.
type JournalAndSinks<'a, 'b> = (&'a mut Journal, &'a mut [&'b mut dyn EventSink]);

/// A task that a result is waited for.
pub(super) struct PendingTask {
    pub(super) job: JobId,
    digest: Digest,
    /// Results of older attempts are known.
    pub(super) attempt: u32,
    /// The attempt as the run counts it.
    run_attempt: u32,
    /// What it holds, where that is not what was planned.
    raised_claim: Option<Box<Claim>>,
    /// Since when the engine has nothing of it that could still bring a result.
    pub(super) missing_since: Option<Duration>,
    /// Whether its start was told.
    pub(super) start_reported: bool,
    /// How far it said that it is.
    pub(super) units_done: usize,
}

/// How far what has not begun is taken back, once so much has failed that nothing further may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShutdownState {
    /// It may begin.
    Accepting,
    /// It is still to be taken back.
    Withdrawing,
    /// It was, and the engine will say what it was.
    Withdrawn,
}

/// The machines elsewhere.
pub(super) struct RemoteExecutor<'a, 'b, 'p> {
    pub(super) context: &'a FollowContext<'a>,
    pub(super) submitter: &'a mut ArraySubmitter<'p>,
    journal_and_sinks: JournalAndSinks<'a, 'b>,
    report_message: &'a mut dyn FnMut(&str),
    pub(super) pending_tasks: BTreeMap<TaskId, PendingTask>,
    /// How many results are waited for in each folder.
    pending_per_shard: BTreeMap<ResultShard, usize>,
    /// Folders in which results may appear now.
    pub(super) active_shards: BTreeSet<ResultShard>,
    /// The folder that was looked into last of those that are in turns.
    last_cold_shard: ResultShard,
    pub(super) listing: ResultListing,
    pub(super) to_submit: Vec<TaskResubmission>,
    pub(super) events: VecDeque<ExecutorEvent>,
    pub(super) last_scan: Option<Duration>,
    pub(super) last_poll: Option<Duration>,
    /// The last running task whose progress was read.
    pub(super) last_heartbeat_task: TaskId,
    /// What was told, so that it is told once.
    reported_messages: BTreeSet<String>,
    /// Tasks of which nothing will come unless they are placed again.
    pub(super) lost_tasks: BTreeSet<TaskId>,
    /// Since when the run is asked to let go.
    pub(super) interrupted_at: Option<Duration>,
    /// How far what has not begun is taken back.
    pub(super) shutdown: ShutdownState,
}

impl<'a, 'b, 'p> RemoteExecutor<'a, 'b, 'p> {
    pub(super) fn new(
        context: &'a FollowContext<'a>,
        submitter: &'a mut ArraySubmitter<'p>,
        journal_and_sinks: JournalAndSinks<'a, 'b>,
        report_message: &'a mut dyn FnMut(&str),
    ) -> Self {
        Self {
            context,
            submitter,
            journal_and_sinks,
            report_message,
            pending_tasks: BTreeMap::new(),
            pending_per_shard: BTreeMap::new(),
            active_shards: BTreeSet::new(),
            last_cold_shard: ResultShard(0),
            listing: ResultListing::new(&context.manifest.folder),
            to_submit: Vec::new(),
            events: VecDeque::new(),
            last_scan: None,
            last_poll: None,
            last_heartbeat_task: TaskId(0),
            reported_messages: BTreeSet::new(),
            lost_tasks: BTreeSet::new(),
            interrupted_at: None,
            shutdown: ShutdownState::Accepting,
        }
    }

    pub(super) fn elapsed_time(&self) -> Duration {
        self.context.clock.elapsed()
    }

    pub(super) fn is_due(&self, last: Option<Duration>, period: Duration) -> bool {
        last.is_none_or(|last| self.elapsed_time().saturating_sub(last) >= period)
    }

    pub(super) fn report_once(&mut self, text: String) {
        if !self.reported_messages.contains(&text) {
            (self.report_message)(&text);
            self.reported_messages.insert(text);
        }
    }

    pub(super) fn write_event(&mut self, event: &Event) -> Result<(), ExecuteError> {
        let (journal, sinks) = &mut self.journal_and_sinks;
        Ok(journal.append_and_show(event, sinks)?)
    }

    /// Returns the result of a task that was made from these inputs already.
    pub(super) fn finished_result(&mut self, task: TaskId, digest: Digest) -> Option<TaskResult> {
        self.listing
            .newest_attempt(task)
            .filter(|marker| marker.succeeded)?;
        self.listing
            .read_result(task)
            .filter(|result| result.digest == Some(digest))
    }

    /// Waits for the result of an attempt; `numbers` are the attempt's among results and in this run.
    pub(super) fn add_pending_task(
        &mut self,
        (task, job, digest): (TaskId, JobId, Digest),
        (attempt, run_attempt): (u32, u32),
        raised_claim: Option<Box<Claim>>,
    ) {
        let pending = PendingTask {
            job,
            digest,
            attempt,
            run_attempt,
            raised_claim,
            missing_since: None,
            start_reported: false,
            units_done: 0,
        };
        if self.pending_tasks.insert(task, pending).is_none() {
            *self
                .pending_per_shard
                .entry(ResultShard::for_task(task))
                .or_default() += 1;
        }
    }

    fn remove_pending_task(&mut self, task: TaskId) -> Option<PendingTask> {
        let pending = self.pending_tasks.remove(&task)?;
        let shard = ResultShard::for_task(task);
        if let Some(count) = self.pending_per_shard.get_mut(&shard) {
            *count -= 1;
            if *count == 0 {
                self.pending_per_shard.remove(&shard);
                self.active_shards.remove(&shard);
            }
        }
        Some(pending)
    }

    /// Takes in every result that is there and was waited for, of folders in which one may have appeared.
    pub(super) fn collect_results(&mut self) {
        self.last_scan = Some(self.elapsed_time());
        for shard in self
            .next_cold_shards()
            .into_iter()
            .chain(self.active_shards.clone())
            .collect::<BTreeSet<_>>()
        {
            let pending_tasks = &self.pending_tasks;
            let is_new = |task: &TaskId, attempt| {
                pending_tasks
                    .get(task)
                    .is_some_and(|pending_tasks| attempt >= pending_tasks.attempt)
            };
            let listed = self.listing.refresh_shard(shard).iter();
            let new_tasks = listed
                .filter(|(task, marker)| is_new(task, marker.attempt))
                .map(|(task, _)| *task);
            let mut new_tasks: Vec<TaskId> = new_tasks.collect();
            new_tasks.sort_unstable();
            for task in new_tasks {
                if let Some(result) = self.listing.read_result(task) {
                    self.accept_result(task, result);
                }
            }
        }
    }

    /// Returns the folders whose turn it is.
    fn next_cold_shards(&mut self) -> Vec<ResultShard> {
        let later_shards = self.pending_per_shard.range((
            std::ops::Bound::Excluded(self.last_cold_shard),
            std::ops::Bound::Unbounded,
        ));
        let shards: Vec<ResultShard> = later_shards
            .chain(self.pending_per_shard.range(..=self.last_cold_shard))
            .map(|(shard, _)| *shard)
            .take(COLD_SHARDS_PER_SCAN)
            .collect();
        self.last_cold_shard = shards.last().copied().unwrap_or(self.last_cold_shard);
        shards
    }

    pub(super) fn accept_result(&mut self, task: TaskId, result: TaskResult) {
        let Some(pending) = self.remove_pending_task(task) else {
            return;
        };
        let outputs = match result.verdict {
            // What was made from other inputs than those of this run is of no use to it.
            TaskVerdict::Succeeded(_) if result.digest != Some(pending.digest) => {
                let message =
                    "use what was made: it was made from other inputs than this run has".to_owned();
                Err(JobFailure::new(FailureClass::HostLost, message))
            }
            TaskVerdict::Succeeded(outputs) => Ok(outputs),
            TaskVerdict::Failed(failure) | TaskVerdict::Unready(failure) => Err(failure),
        };
        self.complete_task(&pending, outputs, result.seconds, result.memory);
    }

    /// Brings a task back, which has begun before it ended.
    fn complete_task(
        &mut self,
        pending: &PendingTask,
        result: Result<StoredOutputs, JobFailure>,
        seconds: f64,
        memory: Option<PeakMemory>,
    ) {
        self.report_start(pending);
        let id = pending.job;
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result: AttemptResult { result, seconds },
                peak_memory: memory,
            }));
    }

    /// Tells that a task has begun, once. A journal that cannot be written stops the run at its next record.
    pub(super) fn report_start(&mut self, pending: &PendingTask) {
        if pending.start_reported {
            return;
        }
        let job = &self.context.plan.job(pending.job).job;
        let (job, phase, attempt) = (job.name.clone(), job.phase, pending.run_attempt);
        let _ = self.write_event(&Event::JobStarted(JobStarted {
            job,
            phase,
            attempt,
        }));
    }

    /// Brings back a job that has no task.
    pub(super) fn reject_job(&mut self, id: JobId, failure: JobFailure) {
        let attempted = AttemptResult {
            result: Err(failure),
            seconds: 0.0,
        };
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result: attempted,
                peak_memory: None,
            }));
    }

    pub(super) fn fail_task(&mut self, task: TaskId, failure: JobFailure) {
        if let Some(pending) = self.remove_pending_task(task) {
            self.lost_tasks.insert(task);
            self.complete_task(&pending, Err(failure), 0.0, None);
        }
    }

    /// Gives back a task that has not begun.
    pub(super) fn return_withdrawn(&mut self, task: TaskId) {
        if let Some(pending) = self.remove_pending_task(task) {
            self.events.push_back(ExecutorEvent::Withdrawn(pending.job));
        }
    }

    /// Places what was handed over and is not on its way already.
    pub(super) fn submit_pending(&mut self) {
        let tasks = std::mem::take(&mut self.to_submit);
        let outcome = if tasks.is_empty() {
            self.submitter.submit_waiting()
        } else {
            self.submitter.resubmit_tasks(&tasks)
        };
        match outcome {
            Ok(None) => {}
            Ok(Some(reason)) => {
                let scheduler_name = self.submitter.scheduler_name();
                self.report_once(format!(
                    "{scheduler_name} takes no tasks now ({reason}); trying again until it does"
                ));
            }
            Err(error) => {
                for task in tasks {
                    self.fail_task(
                        task.task,
                        JobFailure::new(FailureClass::MissingTool, error.to_string()),
                    );
                }
            }
        }
    }

    /// Places a task again that was dropped with a failed need: it did not fail itself, and its need was made meanwhile.
    pub(super) fn resubmit_dropped(&mut self, task: TaskId) {
        let attempt = self
            .pending_tasks
            .get(&task)
            .map_or(0, |pending| pending.attempt);
        self.listing.refresh_shard(ResultShard::for_task(task));
        if let Some(result) = self
            .listing
            .read_result(task)
            .filter(|newest| newest.attempt >= attempt)
        {
            return self.accept_result(task, result);
        }
        let Some(pending) = self.pending_tasks.get_mut(&task) else {
            return;
        };
        pending.attempt += 1;
        let planned = &self.context.plan.job(pending.job).job.claim;
        let claim = pending.raised_claim.as_deref().unwrap_or(planned).clone();
        self.to_submit.push(TaskResubmission {
            task,
            attempt: pending.attempt,
            claim,
        });
    }

    /// Lets go of everything that is waited for.
    pub(super) fn release_pending(&mut self) {
        if self.context.cancel.is_halting() {
            let scheduler_name = self.submitter.scheduler_name();
            match self.submitter.cancel_all() {
                Err(error) => self.report_once(format!("failed to {error}")),
                Ok(()) => {
                    self.report_once(format!("{scheduler_name} has nothing of this run any more"));
                }
            }
        }
        for (_, pending) in std::mem::take(&mut self.pending_tasks) {
            self.reject_job(
                pending.job,
                JobFailure::new(FailureClass::Cancelled, "let go"),
            );
        }
    }
}
