//! What an engine says of tasks, and what it means for those whose results are waited for.
//!
//! Not to be seen is not to have failed. Of a task that the engine has no more, a result is looked for until the time that a
//! shared file system takes is over.

use super::heartbeat::TaskHeartbeat;
use super::queue_snapshot::{QueueSnapshot, TaskRange};
use super::remote_executor::{RemoteExecutor, ShutdownState};
use super::result_name::ResultShard;
use super::scheduler::ExitReport;
use super::task_map::TaskId;
use super::task_state::TaskState;
use crate::execute::ExecutorEvent;
use crate::producers::{FailureClass, JobFailure};
use std::collections::BTreeMap;

/// Running tasks whose progress is read at one poll; with more of them, each is read at every second poll, and so on.
const HEARTBEATS_PER_POLL: usize = 500;

/// What the tasks that are waited for are, by what the engine says of them.
#[derive(Default)]
struct TaskReconciliation {
    running: Vec<TaskId>,
    /// Will never begin, as was asked.
    withdrawn: Vec<TaskId>,
    /// Dropped with one that they need.
    dropped: Vec<TaskId>,
    /// Gone for longer than a result may take to be seen.
    missing: Vec<(TaskId, Option<TaskRange>)>,
    /// Whether the engine may still begin one.
    may_start: bool,
}

impl TaskReconciliation {
    /// Returns those that ended, of which the engine may have printed more than their state.
    fn ended_tasks(&self) -> Vec<(TaskId, TaskRange)> {
        let is_end = |range: &&TaskRange| matches!(range.state, TaskState::Ended { .. });
        self.missing
            .iter()
            .filter_map(|(task, range)| Some((*task, range.as_ref().filter(is_end)?.clone())))
            .collect()
    }
}

impl RemoteExecutor<'_, '_, '_> {
    /// Asks the engine what it knows, and judges those tasks that will bring no result any more.
    pub(super) fn poll_scheduler(&mut self) {
        self.last_poll = Some(self.elapsed_time());
        let scheduler_name = self.submitter.scheduler_spec().name;
        match self.submitter.poll_queue() {
            Ok(Some(snapshot)) => {
                self.report_held(&snapshot);
                self.apply_snapshot(&snapshot);
            }
            Ok(None) => self.report_once(format!(
                "{scheduler_name} does not answer; results are looked for all the same"
            )),
            Err(error) => self.report_once(format!("failed to {error}")),
        }
    }

    fn apply_snapshot(&mut self, snapshot: &QueueSnapshot) {
        let is_withdrawn = self.shutdown == ShutdownState::Withdrawn;
        let reconciliation = self.reconcile(snapshot);
        if reconciliation.may_start && is_withdrawn {
            // It finds that nothing begins any more; it is taken back once more all the same.
            self.shutdown = ShutdownState::Withdrawing;
        }
        let mut exit_reports = self.submitter.exit_reports(&reconciliation.ended_tasks());
        reconciliation
            .withdrawn
            .into_iter()
            .for_each(|task| self.return_withdrawn(task));
        reconciliation
            .dropped
            .into_iter()
            .for_each(|task| self.resubmit_dropped(task));
        for (task, range) in reconciliation.missing {
            let state = range.as_ref().map(|range| &range.state);
            // It was started all the same, found that nothing begins any more, and ended well.
            if is_withdrawn
                && matches!(
                    state,
                    Some(TaskState::Ended {
                        class: FailureClass::HostLost,
                        ..
                    })
                )
            {
                self.return_withdrawn(task);
            } else {
                self.fail_lost_task(task, range, exit_reports.remove(&task));
            }
        }
        self.report_started(&reconciliation.running);
        self.read_heartbeats(&reconciliation.running);
    }

    /// Goes through everything that is waited for, beside what the engine says. This is one pass over both, in the order of
    /// tasks, as it is done at every poll.
    fn reconcile(&mut self, snapshot: &QueueSnapshot) -> TaskReconciliation {
        let (now, lag) = (
            self.elapsed_time(),
            self.context.manifest.header.rules.lag_duration(),
        );
        let is_withdrawn = self.shutdown == ShutdownState::Withdrawn;
        let (mut reconciliation, mut active_shard) = (TaskReconciliation::default(), None);
        self.active_shards.clear();
        let pending = self
            .pending_tasks
            .iter_mut()
            .map(|(task, pending)| (*task, pending));
        for (task, pending, range) in snapshot.join_tasks(pending) {
            let range = range.filter(|range| range.attempt >= pending.attempt);
            let state = range.map(|range| &range.state);
            if !matches!(state, Some(TaskState::Queued { .. }))
                && active_shard != Some(ResultShard::for_task(task))
            {
                active_shard = Some(ResultShard::for_task(task));
                self.active_shards.extend(active_shard);
            }
            match state {
                Some(TaskState::Queued { .. }) => {
                    reconciliation.may_start = true;
                    pending.missing_since = None;
                }
                Some(TaskState::Running) => {
                    reconciliation.running.push(task);
                    pending.missing_since = None;
                }
                // Elements that were taken back before they began are not even listed.
                None
                | Some(
                    TaskState::Dropped
                    | TaskState::Ended {
                        class: FailureClass::Cancelled,
                        ..
                    },
                ) if is_withdrawn => {
                    reconciliation.withdrawn.push(task);
                }
                // Nothing ran, so there is no result to wait for.
                Some(TaskState::Dropped) => reconciliation.dropped.push(task),
                None | Some(TaskState::Ended { .. }) => {
                    let since = *pending.missing_since.get_or_insert(now);
                    if now.saturating_sub(since) >= lag {
                        reconciliation.missing.push((task, range.cloned()));
                    }
                }
            }
        }
        reconciliation
    }

    fn fail_lost_task(
        &mut self,
        task: TaskId,
        range: Option<TaskRange>,
        exit_report: Option<ExitReport>,
    ) {
        let scheduler_name = self.submitter.scheduler_spec().name;
        let Some((job, TaskState::Ended { state, class })) =
            range.map(|range| (range.task_job_name(task), range.state))
        else {
            let message = format!(
                "find it again: {scheduler_name} knows nothing of it any more, and it left no result"
            );
            return self.fail_task(task, JobFailure::new(FailureClass::HostLost, message));
        };
        if class == FailureClass::Cancelled {
            let message = format!(
                "finish: {scheduler_name} says that job {job} is {state}; it was not this run that did it"
            );
            return self.fail_task(task, JobFailure::new(class, message));
        }
        let ExitReport {
            class: reported_class,
            lines,
        } = exit_report.unwrap_or_default();
        let class = reported_class.unwrap_or(class);
        let (lag, limit) = (
            self.context.manifest.header.rules.lag,
            self.time_limit_note(class),
        );
        let message = format!(
            "finish: {scheduler_name} says {state} of job {job}{limit}, and after {lag} s there is no result of it"
        );
        self.fail_task(task, JobFailure::new(class, message).with_evidence(lines));
    }

    /// Returns which limit it was and where it is set, after a failure for want of time.
    fn time_limit_note(&self, class: FailureClass) -> String {
        match (class, self.context.manifest.header.farm.time) {
            (FailureClass::Timeout, Some(time)) => {
                let time = jiff::SignedDuration::try_from(time).unwrap_or_default();
                format!(" (`time: {time:#}` in the farm's profile)")
            }
            (FailureClass::Timeout, None) => {
                " (the limit of the partition, as the farm's profile says no `time`)".to_owned()
            }
            _ => String::new(),
        }
    }

    /// Tells of tasks that have started since they were handed over.
    fn report_started(&mut self, running: &[TaskId]) {
        for task in running {
            let Some(mut pending) = self.pending_tasks.remove(task) else {
                continue;
            };
            self.report_start(&pending);
            pending.start_reported = true;
            self.pending_tasks.insert(*task, pending);
        }
    }

    /// Passes on how far running tasks say that they are, of so many at a time.
    fn read_heartbeats(&mut self, running: &[TaskId]) {
        let from = running.partition_point(|task| *task <= self.last_heartbeat_task);
        let folder = &self.context.manifest.folder;
        for task in running[from..]
            .iter()
            .chain(&running[..from])
            .take(HEARTBEATS_PER_POLL)
        {
            self.last_heartbeat_task = *task;
            let Some(pending) = self.pending_tasks.get_mut(task) else {
                continue;
            };
            let Some(heartbeat) = TaskHeartbeat::read(folder, *task) else {
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

    fn report_held(&mut self, snapshot: &QueueSnapshot) {
        let mut held: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for range in snapshot.task_ranges() {
            if let TaskState::Queued { reason, held: true } = &range.state {
                let count = self.pending_tasks.range(range.first..=range.last).count();
                *held.entry((&range.scheduler_job, reason)).or_default() += count;
            }
        }
        let spec = self.submitter.scheduler_spec();
        let scheduler_name = spec.name;
        for ((job, reason), count) in held.into_iter().filter(|(_, count)| *count > 0) {
            self.report_once(format!(
                "{count} tasks of job {job} are held ({reason}); {scheduler_name} starts them when someone lets them go{}",
                spec.release_hint(job)
            ));
        }
    }

    /// Begins to take back what has not begun.
    pub(super) fn begin_shutdown(&mut self) {
        if self.shutdown != ShutdownState::Accepting {
            return;
        }
        (self.shutdown, self.last_poll) = (ShutdownState::Withdrawing, None);
        self.report_once(
            "what has not begun is taken back from the farm; what runs goes on to its end"
                .to_owned(),
        );
        if let Err(error) = self.context.manifest.folder.mark_closed() {
            self.report_once(format!("failed to {error}"));
        }
        for resubmission in std::mem::take(&mut self.to_submit) {
            self.return_withdrawn(resubmission.task);
        }
    }

    /// Takes back what has not begun. It is tried until the engine has answered.
    pub(super) fn withdraw_pending(&mut self) {
        match self.submitter.withdraw_pending() {
            Ok(distinguishes_running) => {
                self.shutdown = ShutdownState::Withdrawn;
                self.last_poll = None;
                if !distinguishes_running {
                    let tasks: Vec<TaskId> = self.pending_tasks.keys().copied().collect();
                    tasks
                        .into_iter()
                        .for_each(|task| self.return_withdrawn(task));
                }
            }
            Err(error) => {
                self.last_poll = Some(self.elapsed_time());
                self.report_once(format!(
                    "failed to {error}; trying again until what has not begun is taken back"
                ));
            }
        }
    }
}
