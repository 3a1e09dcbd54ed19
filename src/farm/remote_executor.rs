//! Executes jobs on a farm's machines: submits the jobs that the dispatcher hands over, and hands
//! their results back.
//!
//! The dispatcher decides as in a local run what is reused, started, retried or given up. Here a
//! [`TaskSubmitter`] submits tasks, a [`FarmWatcher`] reads results and the queue, and a
//! [`TaskReconciler`] decides what the queue means for tasks without a result. Results take
//! precedence over the scheduler.

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

/// The pause between two checks of the cancel token while there is no event. It bounds the delay of
/// Ctrl-C.
const IDLE_SLEEP: Duration = Duration::from_millis(50);
/// The time in which a second interrupt cancels the run. After it, the run is left to the farm.
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
    /// The time of the first interrupt; `None` before it.
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

    /// Does each step that is due: submit or withdraw, scan for results, poll the scheduler.
    fn advance(&mut self) {
        if self.submitter.is_accepting() {
            self.submit_queued();
        } else if self
            .submitter
            .is_withdrawal_due(self.now(), self.watcher.scan_period())
        {
            self.withdraw_pending();
        }
        // The scan comes before the poll, so that a task whose result is there is not judged by its
        // state in the queue.
        if self.watcher.is_scan_due(self.now()) {
            for result in self.watcher.collect_results(&self.pending, self.now()) {
                self.accept_result(result);
            }
        }
        // Results are handed to the dispatcher first, since a poll may take seconds. During a
        // withdrawal there is no poll: it would show tasks that are gone a moment later.
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
                    "{scheduler} accepts no tasks now ({reason}); trying again until it does"
                ));
            }
            Err(refused) => {
                let message = refused.error.to_string();
                for task in refused.tasks {
                    // A refusal is about the request, so the same request would be refused again.
                    // The class is one that is not retried.
                    let failure = JobFailure::new(FailureClass::MissingTool, message.as_str());
                    self.fail_task(task, failure);
                }
            }
        }
    }

    /// Withdraws the tasks that have not started. Repeated until the scheduler has answered.
    fn withdraw_pending(&mut self) {
        match self.submitter.withdraw_pending(self.now()) {
            Ok(distinguishes_running) => {
                // Only a poll shows which tasks were withdrawn, and the run cannot end before.
                self.watcher.hasten_poll();
                // Without that poll, waiting for running tasks could take for ever: all are
                // returned.
                if !distinguishes_running {
                    self.return_all();
                }
            }
            Err(error) => self.notices.report(format!(
                "failed to {error}; trying again until the tasks that have not started are withdrawn"
            )),
        }
    }

    /// Polls the scheduler, and fails the tasks that will leave no result.
    fn poll_scheduler(&mut self) {
        let scheduler = self.submitter.scheduler_spec().name;
        let now = self.now();
        match self.watcher.poll_queue(self.submitter.arrays(), now) {
            Ok(Some(snapshot)) => self.apply_snapshot(&snapshot),
            // A controller that is away says nothing about the tasks, which run on. Only results
            // count until it answers.
            Ok(None) => self.notices.report(format!(
                "{scheduler} does not answer; results are still collected"
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
            // Such a task finds the run closed and does nothing. It is still withdrawn, so that it
            // does not hold the run up in the queue.
            self.submitter.withdraw_again(self.now());
        }
        // The messages are read before any task is failed, in one call for all of them: the
        // question runs a program.
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
            let attempt = self.pending.get(task).map_or(0, |pending| pending.attempt);
            // A result that came and cannot be read is not the same as none: a person should look
            // at the disk that it is on. The task is not to blame, so it runs again for free.
            let failure = match self.watcher.unreadable_result(task, attempt) {
                Some(unreadable) => JobFailure::new(FailureClass::HostLost, unreadable.to_string()),
                None => self.reconciler.lost_task_failure(task, range, exit_report),
            };
            self.fail_task(task, failure);
        }
        for task in &reconciliation.running {
            self.report_start(*task);
        }
        self.report_progress(&reconciliation.running);
    }

    /// Submits a dropped task again, unless it has left a result since.
    fn resubmit_dropped(&mut self, task: TaskId) {
        let Some(pending) = self.pending.get_mut(task) else {
            return;
        };
        if let Some(result) = self.watcher.result_since(task, pending.attempt) {
            self.accept_result(result);
            return;
        }
        // The number goes up although nothing ran: element and attempt name a submission, and the
        // queue may list the dropped one for minutes. The run's own count of attempts stays.
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
            // A task may have been run by hand or by an older run, from other inputs. Its files are
            // whole, but they are not those of the planned identity.
            TaskVerdict::Succeeded(_) if result.digest != Some(pending.digest) => {
                let message =
                    "use the result: it was made from other inputs than this run has".to_owned();
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

    /// Hands a finished task back to the dispatcher. Reports its start first, if that was not done.
    fn complete_task(
        &mut self,
        pending: &PendingTask,
        result: Result<StoredOutputs, JobFailure>,
        seconds: f64,
        peak_memory: Option<PeakMemory>,
    ) {
        // A short task may start and end between two polls. Readers of the journal rely on a start
        // before each end.
        if !pending.start_reported {
            self.write_start(pending.job, pending.run_attempt);
        }
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id: pending.job,
                attempt_result: AttemptResult {
                    result,
                    seconds,
                    // What a task found damaged is in its failure. Its inputs may be results of
                    // tasks that only the farm can make again.
                    damaged_inputs: Vec::new(),
                },
                peak_memory,
                cpu_seconds: None,
            }));
    }

    /// Hands a job that did not run back as failed.
    fn reject_job(&mut self, id: JobId, failure: JobFailure) {
        let attempt_result = AttemptResult {
            result: Err(failure),
            seconds: 0.0,
            damaged_inputs: Vec::new(),
        };
        self.events
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result,
                peak_memory: None,
                cpu_seconds: None,
            }));
    }

    /// Hands a task that has not started back to the dispatcher.
    fn return_withdrawn(&mut self, task: TaskId) {
        if let Some(pending) = self.pending.remove(task) {
            self.events.push_back(ExecutorEvent::Withdrawn(pending.job));
        }
    }

    /// Hands every task back, because the scheduler cannot tell which have started.
    fn return_all(&mut self) {
        let withdrawn = self.pending.take_all();
        let events = withdrawn
            .iter()
            .map(|pending| ExecutorEvent::Withdrawn(pending.job));
        self.events.extend(events);
    }

    /// Reports the start of a task, once.
    fn report_start(&mut self, task: TaskId) {
        let Some(pending) = self.pending.get_mut(task) else {
            return;
        };
        if !std::mem::replace(&mut pending.start_reported, true) {
            let job = pending.job;
            let run_attempt = pending.run_attempt;
            self.write_start(job, run_attempt);
        }
    }

    /// Writes the start of a job to the journal and the sinks.
    fn write_start(&mut self, id: JobId, attempt: u32) {
        let job = &self.context.plan.job(id).job;
        let started = JobStarted {
            job: job.name.to_string(),
            phase: job.phase,
            attempt,
        };
        // The error is dropped here, because this is called where no error can be returned. A
        // journal that cannot be written stops the run at its next record.
        let _ = self.recorder.write_event(&Event::JobStarted(started));
    }

    /// Passes the progress of running tasks on to the dispatcher.
    fn report_progress(&mut self, running: &[TaskId]) {
        for heartbeat in self.watcher.read_heartbeats(running) {
            let Some(pending) = self.pending.get_mut(heartbeat.task) else {
                continue;
            };
            // A heartbeat of an older attempt can outlive it on a machine that lost its power, and
            // file systems can show an older version of a file. Progress must not go back.
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

    /// Ends the wait for all tasks: cancels them after a second interrupt, otherwise leaves them to
    /// the farm.
    fn release_pending(&mut self) {
        if self.context.cancel.is_halting() {
            let scheduler = self.submitter.scheduler_spec().name;
            let notice = match self.submitter.cancel_all() {
                Ok(()) => format!("{scheduler} has no tasks of this run any more"),
                Err(error) => format!("failed to {error}"),
            };
            self.notices.report(notice);
        }
        // Each gets an end, or the dispatcher would wait for them for ever.
        for pending in self.pending.take_all() {
            self.reject_job(
                pending.job,
                JobFailure::new(
                    FailureClass::Cancelled,
                    "finish before the run was interrupted",
                ),
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
            "tasks that have not started are withdrawn from the farm; running tasks continue"
                .to_owned(),
        );
        // The mark comes before the withdrawal: a controller that loses its newest state starts
        // tasks again that it had dropped, and the mark makes them do nothing.
        if let Err(error) = self.context.manifest.folder.mark_closed() {
            self.notices.report(format!("failed to {error}"));
        }
        for task in self.submitter.close() {
            self.return_withdrawn(task);
        }
    }

    /// Waits for a task that was submitted before. Submits only a task that was never submitted, or
    /// whose newest attempt has failed.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        let task = self.context.tasks[id.index()];
        let (Some(task), Some(digest)) = (task, states.running_digest(id)) else {
            let message = "find its task: it was not expected to run when the farm run was planned; run again";
            self.reject_job(id, JobFailure::new(FailureClass::MissingInput, message));
            return;
        };
        let claim = states.current_claim(self.context.plan, id);
        // An earlier process may have been killed after the task had succeeded and before the
        // result was in a journal. Such a result is accepted as if it had just come in.
        let existing_result = self.watcher.finished_result(task, digest);
        let finished_attempt = self.watcher.newest_attempt(task);
        let task_attempt = match &existing_result {
            Some(_) => finished_attempt,
            None => self
                .submitter
                .submit_unless_sent(task, finished_attempt, claim),
        };
        // Almost no task has a raised claim, and a million tasks may be pending: the claim is
        // stored only if it differs from the plan.
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
            // The first interrupt leaves the run to the farm and the second cancels it. Acting at
            // once on the first would end this process before the second can come.
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

    /// Drops the dispatcher's starts. A task in a queue has not started, so its start is written
    /// when a poll shows it running, or with its result.
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
