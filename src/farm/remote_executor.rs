//! Executes jobs on a farm's machines: what the dispatcher hands over is submitted, and results are
//! handed back.
//!
//! The dispatcher decides as it always does: what is reused, what may start, what is tried again,
//! what is lost. Here three parts work together: a [`TaskSubmitter`] sends tasks, a [`FarmWatcher`]
//! sees what became of them, and a [`TaskReconciler`] decides what that means for those that left
//! no result. Results are believed first and the scheduler second.

use super::array_submitter::ArraySubmitter;
use super::follow_context::FollowContext;
use super::pending_tasks::{PendingTask, PendingTaskSet};
use super::queue_snapshot::QueueSnapshot;
use super::reconciler::TaskReconciler;
use super::run_recorder::{OnceReporter, RunRecorder};
use super::task_map::TaskId;
use super::task_result::{TaskResult, TaskVerdict};
use super::task_submitter::TaskSubmitter;
use super::watcher::FarmWatcher;
use crate::base::{CancelToken, Digest};
use crate::event::{Event, JobStarted};
use crate::execute::{
    AttemptResult, ExecuteError, ExecutorEvent, JobAttempt, JobCompletion, JobExecutor,
    JobStateTable, StoredOutputs,
};
use crate::model::{Artefact, JobId, PeakMemory};
use crate::producers::{FailureClass, JobFailure};
use crate::store::checkpoint::save_checkpoint;
use std::collections::{BTreeSet, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// The pause between two looks at the cancel token while nothing else happens.
const IDLE_SLEEP: Duration = Duration::from_millis(50);
/// How long a second interrupt is waited for, which cancels everything; after it, the farm is left
/// to itself.
const SECOND_INTERRUPT_WINDOW: Duration = Duration::from_secs(3);

/// Executes the jobs of one run on a farm.
pub(super) struct RemoteExecutor<'a, 'b, 'p> {
    context: &'a FollowContext<'a>,
    recorder: RunRecorder<'a, 'b>,
    notices: OnceReporter<'a>,
    pending: PendingTaskSet,
    watcher: FarmWatcher,
    submitter: TaskSubmitter<'a, 'p>,
    reconciler: TaskReconciler,
    events: VecDeque<ExecutorEvent>,
    /// When the first interrupt was seen.
    interrupted_at: Option<Duration>,
}

impl<'a, 'b, 'p> RemoteExecutor<'a, 'b, 'p> {
    pub(super) fn new(
        context: &'a FollowContext<'a>,
        submitter: &'a mut ArraySubmitter<'p>,
        recorder: RunRecorder<'a, 'b>,
        notices: OnceReporter<'a>,
    ) -> Self {
        let submitter = TaskSubmitter::new(submitter);
        let manifest = context.manifest;
        Self {
            context,
            recorder,
            notices,
            pending: PendingTaskSet::default(),
            watcher: FarmWatcher::new(&manifest.folder, context.poll),
            reconciler: TaskReconciler::new(submitter.scheduler_spec(), &manifest.header),
            submitter,
            events: VecDeque::new(),
            interrupted_at: None,
        }
    }

    fn now(&self) -> Duration {
        self.context.clock.elapsed()
    }

    /// Does what is due: submits or withdraws, scans for results, polls the scheduler.
    fn advance(&mut self) {
        if self.submitter.is_accepting() {
            self.submit_queued();
        } else if self
            .submitter
            .is_withdrawal_due(self.now(), self.watcher.scan_period())
        {
            self.withdraw_pending();
        }
        if self.watcher.is_scan_due(self.now()) {
            for result in self.watcher.collect_results(&self.pending, self.now()) {
                self.accept_result(result);
            }
        }
        // What is about to be withdrawn is not judged: a poll would find tasks that are gone a
        // moment later.
        let may_poll = self.events.is_empty() && !self.submitter.is_withdrawing();
        if may_poll && self.watcher.is_poll_due(self.now()) {
            self.poll_scheduler();
        }
    }

    fn submit_queued(&mut self) {
        match self.submitter.submit_queued() {
            Ok(None) => {}
            Ok(Some(reason)) => {
                let scheduler = self.submitter.scheduler_spec().name;
                self.notices.report(format!(
                    "{scheduler} takes no tasks now ({reason}); trying again until it does"
                ));
            }
            Err(refused) => {
                let message = refused.error.to_string();
                for task in refused.tasks {
                    let failure = JobFailure::new(FailureClass::MissingTool, message.as_str());
                    self.fail_task(task, failure);
                }
            }
        }
    }

    /// Withdraws what has not begun. It is tried until the scheduler has answered.
    fn withdraw_pending(&mut self) {
        match self.submitter.withdraw_pending(self.now()) {
            Ok(distinguishes_running) => {
                self.watcher.hasten_poll();
                if !distinguishes_running {
                    self.return_all();
                }
            }
            Err(error) => self.notices.report(format!(
                "failed to {error}; trying again until what has not begun is taken back"
            )),
        }
    }

    /// Asks the scheduler what it knows, and fails those tasks that will leave no result any more.
    fn poll_scheduler(&mut self) {
        let scheduler = self.submitter.scheduler_spec().name;
        let now = self.now();
        match self.watcher.poll_queue(self.submitter.arrays(), now) {
            Ok(Some(snapshot)) => self.apply_snapshot(&snapshot),
            Ok(None) => self.notices.report(format!(
                "{scheduler} does not answer; results are looked for all the same"
            )),
            Err(error) => self.notices.report(format!("failed to {error}")),
        }
    }

    fn apply_snapshot(&mut self, snapshot: &QueueSnapshot) {
        for message in self.reconciler.held_messages(&self.pending, snapshot) {
            self.notices.report(message);
        }
        let is_withdrawn = self.submitter.is_withdrawn();
        let reconciliation =
            self.reconciler
                .reconcile(&self.pending, snapshot, self.now(), is_withdrawn);
        if reconciliation.may_start && is_withdrawn {
            // It finds that nothing begins any more; it is withdrawn once more all the same.
            self.submitter.withdraw_again(self.now());
        }
        let mut exit_reports = self.submitter.exit_reports(&reconciliation.ended_tasks());
        self.watcher.watch_shards(reconciliation.active_shards);
        for task in reconciliation.withdrawn {
            self.return_withdrawn(task);
        }
        for task in reconciliation.dropped {
            self.resubmit_dropped(task);
        }
        for (task, range) in reconciliation.missing {
            let exit_report = exit_reports.remove(&task);
            let failure = self.reconciler.lost_task_failure(task, range, exit_report);
            self.fail_task(task, failure);
        }
        for task in &reconciliation.running {
            self.report_start(*task);
        }
        self.report_progress(&reconciliation.running);
    }

    /// Submits a task again that was dropped, unless it left a result meanwhile.
    fn resubmit_dropped(&mut self, task: TaskId) {
        let Some(pending) = self.pending.get_mut(task) else {
            return;
        };
        if let Some(result) = self.watcher.result_since(task, pending.attempt) {
            self.accept_result(result);
            return;
        }
        pending.attempt += 1;
        let planned = &self.context.plan.job(pending.job).job.claim;
        let claim = pending.raised_claim.as_deref().unwrap_or(planned).clone();
        self.submitter.queue_attempt(task, pending.attempt, claim);
    }

    fn accept_result(&mut self, result: TaskResult) {
        let Some(pending) = self.pending.remove(result.task) else {
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

    fn fail_task(&mut self, task: TaskId, failure: JobFailure) {
        if let Some(pending) = self.pending.remove(task) {
            self.submitter.mark_lost(task);
            self.complete_task(&pending, Err(failure), 0.0, None);
        }
    }

    /// Hands a task back to the dispatcher, which has begun before it ended.
    fn complete_task(
        &mut self,
        pending: &PendingTask,
        result: Result<StoredOutputs, JobFailure>,
        seconds: f64,
        peak_memory: Option<PeakMemory>,
    ) {
        if !pending.start_reported {
            self.write_start(pending.job, pending.run_attempt);
        }
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id: pending.job,
                attempt_result: AttemptResult { result, seconds },
                peak_memory,
            }));
    }

    /// Hands back a job that did not run.
    fn reject_job(&mut self, id: JobId, failure: JobFailure) {
        let attempt_result = AttemptResult {
            result: Err(failure),
            seconds: 0.0,
        };
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result,
                peak_memory: None,
            }));
    }

    /// Gives back a task that has not begun.
    fn return_withdrawn(&mut self, task: TaskId) {
        if let Some(pending) = self.pending.remove(task) {
            self.events.push_back(ExecutorEvent::Withdrawn(pending.job));
        }
    }

    /// Gives back every task, where the scheduler cannot say which have begun.
    fn return_all(&mut self) {
        let withdrawn = self.pending.take_all();
        let events = withdrawn
            .iter()
            .map(|pending| ExecutorEvent::Withdrawn(pending.job));
        self.events.extend(events);
    }

    /// Reports that a task has begun, once.
    fn report_start(&mut self, task: TaskId) {
        let Some(pending) = self.pending.get_mut(task) else {
            return;
        };
        if !std::mem::replace(&mut pending.start_reported, true) {
            let (job, run_attempt) = (pending.job, pending.run_attempt);
            self.write_start(job, run_attempt);
        }
    }

    /// Writes that a job has begun. A journal that cannot be written stops the run at its next
    /// record.
    fn write_start(&mut self, id: JobId, attempt: u32) {
        let job = &self.context.plan.job(id).job;
        let started = JobStarted {
            job: job.name.to_string(),
            phase: job.phase,
            attempt,
        };
        let _ = self.recorder.write_event(&Event::JobStarted(started));
    }

    /// Passes on how far running tasks say that they are.
    fn report_progress(&mut self, running: &[TaskId]) {
        for heartbeat in self.watcher.read_heartbeats(running) {
            let Some(pending) = self.pending.get_mut(heartbeat.task) else {
                continue;
            };
            if heartbeat.attempt >= pending.attempt && heartbeat.done > pending.units_done {
                pending.units_done = heartbeat.done;
                self.events.push_back(ExecutorEvent::Progress(
                    pending.job,
                    heartbeat.done,
                    heartbeat.total,
                ));
            }
        }
    }

    /// Lets go of everything that is waited for.
    fn release_pending(&mut self) {
        if self.context.cancel.is_halting() {
            let scheduler = self.submitter.scheduler_spec().name;
            let notice = match self.submitter.cancel_all() {
                Ok(()) => format!("{scheduler} has nothing of this run any more"),
                Err(error) => format!("failed to {error}"),
            };
            self.notices.report(notice);
        }
        for pending in self.pending.take_all() {
            self.reject_job(
                pending.job,
                JobFailure::new(FailureClass::Cancelled, "let go"),
            );
        }
    }
}

impl JobExecutor for RemoteExecutor<'_, '_, '_> {
    fn elapsed(&self) -> Duration {
        self.now()
    }

    fn cancel(&self) -> &CancelToken {
        self.context.cancel
    }

    fn drain_queue(&mut self) {
        if !self.submitter.is_accepting() {
            return;
        }
        self.notices.report(
            "what has not begun is taken back from the farm; what runs goes on to its end"
                .to_owned(),
        );
        if let Err(error) = self.context.manifest.folder.mark_closed() {
            self.notices.report(format!("failed to {error}"));
        }
        for task in self.submitter.close() {
            self.return_withdrawn(task);
        }
    }

    /// A task that was submitted before is waited for; only one whose newest attempt has failed, or
    /// that was never submitted, is submitted now.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        let task = self.context.tasks[id.index()];
        let (Some(task), Some(digest)) = (task, states.running_digest(id)) else {
            let message = "find its task: it was not expected to run when the farm run was planned; run again";
            self.reject_job(id, JobFailure::new(FailureClass::MissingInput, message));
            return;
        };
        let claim = states.current_claim(self.context.plan, id);
        let existing_result = self.watcher.finished_result(task, digest);
        let finished_attempt = self.watcher.newest_attempt(task);
        let task_attempt = match &existing_result {
            Some(_) => finished_attempt,
            None => self
                .submitter
                .submit_unless_sent(task, finished_attempt, claim),
        };
        let is_raised = *claim != self.context.plan.job(id).job.claim;
        let pending = PendingTask {
            job: id,
            digest,
            attempt: task_attempt,
            run_attempt: attempt.number,
            raised_claim: is_raised.then(|| Box::new(claim.clone())),
            start_reported: false,
            units_done: 0,
        };
        self.pending.insert(task, pending);
        if let Some(result) = existing_result {
            self.accept_result(result);
        }
    }

    fn next_event(&mut self) -> Option<ExecutorEvent> {
        if let Some(event) = self.events.pop_front() {
            return Some(event);
        }
        if self.context.cancel.is_draining() {
            let now = self.now();
            let since = *self.interrupted_at.get_or_insert(now);
            let is_undecided = now.saturating_sub(since) < SECOND_INTERRUPT_WINDOW;
            if is_undecided && !self.context.cancel.is_halting() {
                std::thread::sleep(IDLE_SLEEP);
                return None;
            }
            self.release_pending();
            return self.events.pop_front();
        }
        self.advance();
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

    /// A start is kept back until the task runs or has run: one that waits in a queue has not
    /// started.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        match event() {
            Event::JobStarted(_) => Ok(()),
            event => self.recorder.write_event(&event),
        }
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        let layout = &self.context.manifest.folder.layout;
        Ok(save_checkpoint(layout, shots)?)
    }
}
