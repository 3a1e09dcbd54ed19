//! Decides what the state of a task at the scheduler means for a run that waits for the task's
//! result.
//!
//! Not to be seen is not to have failed. The result of a task that the scheduler no longer has is
//! looked for until the time is over that a shared file system takes to show a file.

use super::manifest_header::TaskManifestHeader;
use super::pending_tasks::PendingTaskSet;
use super::queue_snapshot::{QueueSnapshot, TaskRange};
use super::result_name::ResultShard;
use super::scheduler::ExitReport;
use super::scheduler_spec::SchedulerSpec;
use super::task_map::TaskId;
use super::task_state::TaskState;
use crate::producers::{FailureClass, JobFailure};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What the pending tasks are, by one snapshot of the queue.
#[derive(Debug, Default)]
pub(super) struct TaskReconciliation {
    pub(super) running: Vec<TaskId>,
    /// They will never begin, as was asked.
    pub(super) withdrawn: Vec<TaskId>,
    /// They were dropped with one that they need: they did not fail themselves, and their need was
    /// made meanwhile.
    pub(super) dropped: Vec<TaskId>,
    /// They are gone for longer than a result may take to be seen.
    pub(super) missing: Vec<(TaskId, Option<TaskRange>)>,
    /// Whether the scheduler may still begin one.
    pub(super) may_start: bool,
    /// Folders in which a result may appear before the next poll.
    pub(super) active_shards: BTreeSet<ResultShard>,
}

impl TaskReconciliation {
    /// Returns the missing tasks that ended, of which the scheduler may have printed more than
    /// their state.
    pub(super) fn ended_tasks(&self) -> Vec<(TaskId, TaskRange)> {
        let is_end = |range: &&TaskRange| matches!(range.state, TaskState::Ended { .. });
        self.missing
            .iter()
            .filter_map(|(task, range)| Some((*task, range.as_ref().filter(is_end)?.clone())))
            .collect()
    }
}

/// An attempt that the scheduler has no more, and that left no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MissingAttempt {
    attempt: u32,
    since: Duration,
}

/// Reconciles pending tasks with snapshots of the queue.
pub(super) struct TaskReconciler {
    spec: &'static SchedulerSpec,
    /// How long a result may take to be seen, in seconds as the manifest has it.
    lag_seconds: f64,
    lag: Duration,
    time_limit: Option<Duration>,
    missing_attempts: BTreeMap<TaskId, MissingAttempt>,
}

impl TaskReconciler {
    pub(super) fn new(spec: &'static SchedulerSpec, header: &TaskManifestHeader) -> Self {
        Self {
            spec,
            lag_seconds: header.rules.lag,
            lag: header.rules.lag_duration(),
            time_limit: header.farm.time,
            missing_attempts: BTreeMap::new(),
        }
    }

    /// Goes through the pending tasks beside the snapshot: one pass over both, in the order of
    /// tasks, as it is done at every poll. `is_withdrawn` says whether what had not begun was
    /// withdrawn before the snapshot.
    pub(super) fn reconcile(
        &mut self,
        pending: &PendingTaskSet,
        snapshot: &QueueSnapshot,
        now: Duration,
        is_withdrawn: bool,
    ) -> TaskReconciliation {
        let mut reconciliation = TaskReconciliation::default();
        let mut last_active = None;
        // Built anew, so that tasks which were seen again or are no longer pending leave nothing
        // behind.
        let mut missing_attempts = BTreeMap::new();
        for (task, pending, range) in snapshot.join_tasks(pending.iter()) {
            let range = range.filter(|range| range.attempt >= pending.attempt);
            let state = range.map(|range| &range.state);
            let shard = ResultShard::for_task(task);
            if !matches!(state, Some(TaskState::Queued { .. })) && last_active != Some(shard) {
                last_active = Some(shard);
                reconciliation.active_shards.insert(shard);
            }
            match state {
                Some(TaskState::Queued { .. }) => reconciliation.may_start = true,
                Some(TaskState::Running) => reconciliation.running.push(task),
                // Elements that were withdrawn before they began are not even listed.
                None
                | Some(
                    TaskState::Dropped
                    | TaskState::Ended {
                        class: FailureClass::Cancelled,
                        ..
                    },
                ) if is_withdrawn => reconciliation.withdrawn.push(task),
                // Nothing ran, so there is no result to wait for.
                Some(TaskState::Dropped) => reconciliation.dropped.push(task),
                None | Some(TaskState::Ended { .. }) => {
                    let missing = self.missing_attempt(task, pending.attempt, now);
                    if now.saturating_sub(missing.since) < self.lag {
                        missing_attempts.insert(task, missing);
                    } else if is_withdrawn && is_host_lost(state) {
                        // It was started all the same, found that nothing begins any more, and
                        // ended well.
                        reconciliation.withdrawn.push(task);
                    } else {
                        reconciliation.missing.push((task, range.cloned()));
                    }
                }
            }
        }
        self.missing_attempts = missing_attempts;
        reconciliation
    }

    /// Returns since when an attempt is missing: since now, unless it was missing at the last poll.
    fn missing_attempt(&self, task: TaskId, attempt: u32, now: Duration) -> MissingAttempt {
        self.missing_attempts
            .get(&task)
            .filter(|missing| missing.attempt == attempt)
            .copied()
            .unwrap_or(MissingAttempt {
                attempt,
                since: now,
            })
    }

    /// Returns a message for each job with pending tasks that waits until a person releases it.
    pub(super) fn held_messages(
        &self,
        pending: &PendingTaskSet,
        snapshot: &QueueSnapshot,
    ) -> Vec<String> {
        let mut held: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for range in snapshot.task_ranges() {
            if let TaskState::Queued { reason, held: true } = &range.state {
                let count = pending.count_between(range.first, range.last);
                *held.entry((&range.scheduler_job, reason)).or_default() += count;
            }
        }
        let scheduler = self.spec.name;
        held.into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|((job, reason), count)| {
                format!(
                    "{count} tasks of job {job} are held ({reason}); {scheduler} starts them when someone lets them go{}",
                    self.spec.release_hint(job)
                )
            })
            .collect()
    }

    /// Returns the failure of a task that left no result in time, with what the scheduler printed
    /// of its end, if anything.
    pub(super) fn lost_task_failure(
        &self,
        task: TaskId,
        range: Option<TaskRange>,
        exit_report: Option<ExitReport>,
    ) -> JobFailure {
        let scheduler = self.spec.name;
        let ended = range.map(|range| (range.task_job_name(task), range.state));
        let Some((job, TaskState::Ended { state, class })) = ended else {
            let message = format!(
                "find it again: {scheduler} knows nothing of it any more, and it left no result"
            );
            return JobFailure::new(FailureClass::HostLost, message);
        };
        if class == FailureClass::Cancelled {
            let message = format!(
                "finish: {scheduler} says that job {job} is {state}; it was not this run that did it"
            );
            return JobFailure::new(class, message);
        }
        let exit_report = exit_report.unwrap_or_default();
        let class = exit_report.class.unwrap_or(class);
        let limit = self.time_limit_note(class);
        let lag = self.lag_seconds;
        let message = format!(
            "finish: {scheduler} says {state} of job {job}{limit}, and after {lag} s there is no result of it"
        );
        JobFailure::new(class, message).with_evidence(exit_report.lines)
    }

    /// Returns which limit it was and where it is set, after a failure for want of time.
    fn time_limit_note(&self, class: FailureClass) -> String {
        match (class, self.time_limit) {
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
}

fn is_host_lost(state: Option<&TaskState>) -> bool {
    matches!(
        state,
        Some(TaskState::Ended {
            class: FailureClass::HostLost,
            ..
        })
    )
}

#[cfg(test)]
mod tests {
    use super::super::pending_tasks::testing::pending_set;
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const SPEC: SchedulerSpec = SchedulerSpec {
        name: "queue",
        survives_client: true,
        needs_shared_disk: true,
        may_run_windows: false,
        default_array_limit: 100,
        release_command: Some("qrls"),
    };

    fn reconciler(time_limit: Option<Duration>) -> TaskReconciler {
        TaskReconciler {
            spec: &SPEC,
            lag_seconds: 60.0,
            lag: 60 * SECOND,
            time_limit,
            missing_attempts: BTreeMap::new(),
        }
    }

    fn range(first: u32, last: u32, attempt: u32, state: TaskState) -> TaskRange {
        TaskRange {
            first: TaskId(first),
            last: TaskId(last),
            attempt,
            scheduler_job: "12".to_owned(),
            element: Some(first),
            state,
        }
    }

    fn ended(class: FailureClass) -> TaskState {
        TaskState::Ended {
            state: "ENDED".to_owned(),
            class,
        }
    }

    fn queued(held: bool) -> TaskState {
        TaskState::Queued {
            reason: "Priority".to_owned(),
            held,
        }
    }

    fn missing(reconciliation: &TaskReconciliation) -> Vec<u32> {
        reconciliation
            .missing
            .iter()
            .map(|(task, _)| task.0)
            .collect()
    }

    #[test]
    fn a_task_that_the_scheduler_has_no_more_is_missing_only_after_the_lag() {
        let pending = pending_set([1, 2, 2000, 3000]);
        let snapshot = QueueSnapshot::from_ranges(vec![
            range(1, 1, 1, TaskState::Running),
            range(3000, 3000, 1, queued(false)),
        ]);
        let mut reconciler = reconciler(None);
        let first = reconciler.reconcile(&pending, &snapshot, SECOND, false);
        assert_eq!(
            (first.running.as_slice(), first.may_start),
            (&[TaskId(1)][..], true)
        );
        assert_eq!(missing(&first), [0; 0]);
        // Where a task only waits, no result can appear.
        assert_eq!(
            first.active_shards,
            BTreeSet::from([ResultShard(0), ResultShard(2)])
        );
        let later = reconciler.reconcile(&pending, &snapshot, 61 * SECOND, false);
        assert_eq!(missing(&later), [2, 2000]);
    }

    #[test]
    fn a_task_that_was_seen_again_or_is_at_its_next_attempt_has_the_whole_lag_again() {
        let mut pending = pending_set([1, 2]);
        let nothing = QueueSnapshot::default();
        let running = QueueSnapshot::from_ranges(vec![range(1, 1, 1, TaskState::Running)]);
        let mut reconciler = reconciler(None);
        reconciler.reconcile(&pending, &nothing, SECOND, false);
        reconciler.reconcile(&pending, &running, 50 * SECOND, false);
        pending.get_mut(TaskId(2)).unwrap().attempt = 2;
        let poll = reconciler.reconcile(&pending, &nothing, 61 * SECOND, false);
        assert_eq!(missing(&poll), [0; 0]);
        let poll = reconciler.reconcile(&pending, &nothing, 121 * SECOND, false);
        assert_eq!(missing(&poll), [1, 2]);
    }

    #[test]
    fn what_is_said_of_an_older_attempt_says_nothing_of_the_pending_one() {
        let mut pending = pending_set([1]);
        pending.get_mut(TaskId(1)).unwrap().attempt = 2;
        let snapshot = QueueSnapshot::from_ranges(vec![range(1, 1, 1, TaskState::Dropped)]);
        let poll = reconciler(None).reconcile(&pending, &snapshot, SECOND, false);
        assert!(poll.dropped.is_empty());
    }

    #[test]
    fn dropped_tasks_are_submitted_again_unless_the_run_withdrew_them() {
        let pending = pending_set([1, 2, 3, 4]);
        let snapshot = QueueSnapshot::from_ranges(vec![
            range(1, 1, 1, TaskState::Dropped),
            range(2, 2, 1, ended(FailureClass::Cancelled)),
            range(3, 3, 1, ended(FailureClass::HostLost)),
        ]);
        let mut reconciler = reconciler(None);
        let poll = reconciler.reconcile(&pending, &snapshot, SECOND, false);
        assert_eq!(poll.dropped, [TaskId(1)]);
        assert!(poll.withdrawn.is_empty());
        let poll = reconciler.reconcile(&pending, &snapshot, 2 * SECOND, true);
        assert!(poll.dropped.is_empty());
        assert_eq!(poll.withdrawn, [1, 2, 4].map(TaskId));
        // Started after all, it saw that the run is over: that is no lost machine.
        let poll = reconciler.reconcile(&pending, &snapshot, 61 * SECOND, true);
        assert_eq!(poll.withdrawn, [1, 2, 3, 4].map(TaskId));
        assert_eq!(missing(&poll), [0; 0]);
    }

    #[test]
    fn held_jobs_are_named_with_their_pending_tasks_and_the_command_that_releases_them() {
        let pending = pending_set([1, 2, 9]);
        let snapshot = QueueSnapshot::from_ranges(vec![
            range(0, 5, 1, queued(true)),
            range(9, 9, 1, queued(false)),
        ]);
        assert_eq!(
            reconciler(None).held_messages(&pending, &snapshot),
            [
                "2 tasks of job 12 are held (Priority); queue starts them when someone lets them go: qrls 12"
            ]
        );
        assert!(
            reconciler(None)
                .held_messages(&pending_set([9]), &snapshot)
                .is_empty()
        );
    }

    #[test]
    fn the_failure_of_a_lost_task_says_what_the_scheduler_knows() {
        let failure = |class, time_limit, report| {
            let range = Some(range(3, 3, 1, ended(class)));
            reconciler(time_limit).lost_task_failure(TaskId(3), range, report)
        };
        let lost = reconciler(None).lost_task_failure(TaskId(3), None, None);
        assert_eq!(lost.class, FailureClass::HostLost);
        let cancelled = failure(FailureClass::Cancelled, None, None);
        assert_eq!(
            cancelled.message,
            "finish: queue says that job 12_3 is ENDED; it was not this run that did it"
        );
        let timeout = failure(FailureClass::Timeout, Some(3600 * SECOND), None);
        assert!(
            timeout
                .message
                .contains("(`time: 1h` in the farm's profile)"),
            "{}",
            timeout.message
        );
        let report = ExitReport {
            class: Some(FailureClass::OutOfMemory),
            lines: "oom-kill".to_owned(),
        };
        let killed = failure(FailureClass::Crash, None, Some(report));
        assert_eq!(killed.class, FailureClass::OutOfMemory);
        assert!(
            killed
                .message
                .ends_with("after 60 s there is no result of it")
        );
        assert_eq!(killed.evidence, "oom-kill");
    }
}
