//! Decides what the state of a task at the scheduler means for a run that waits for the task's
//! result.
//!
//! A task that the queue does not show has not failed. Its result may still be on its way, so the
//! run waits for the lag of the shared file system before it counts the task as missing.

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

/// The pending tasks sorted by what one snapshot of the queue means for them.
#[derive(Debug, Default)]
pub(super) struct TaskReconciliation {
    pub(super) running: Vec<TaskId>,
    /// Tasks that this run withdrew and that will never start.
    pub(super) withdrawn: Vec<TaskId>,
    /// Tasks that the scheduler dropped because one of their dependencies failed. They did not run,
    /// and the dependency has succeeded since, as the dispatcher has handed the task over.
    pub(super) dropped: Vec<TaskId>,
    /// Tasks without a result although the scheduler has not had them for the whole lag.
    pub(super) missing: Vec<(TaskId, Option<TaskRange>)>,
    /// Whether the scheduler may still start one.
    pub(super) may_start: bool,
    /// Folders in which a result may appear before the next poll.
    pub(super) active_shards: BTreeSet<ResultShard>,
}

impl TaskReconciliation {
    /// Returns the missing tasks that the scheduler shows as ended. Its messages may say more about
    /// them than their state.
    pub(super) fn ended_tasks(&self) -> Vec<(TaskId, TaskRange)> {
        self.missing
            .iter()
            .filter_map(|(task, range)| {
                Some((
                    *task,
                    range
                        .as_ref()
                        .filter(|range| matches!(range.state, TaskState::Ended { .. }))?
                        .clone(),
                ))
            })
            .collect()
    }
}

/// An attempt that the scheduler no longer has and that left no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MissingAttempt {
    attempt: u32,
    since: Duration,
}

/// Reconciles pending tasks with snapshots of the queue.
pub(super) struct TaskReconciler {
    spec: &'static SchedulerSpec,
    /// The lag in seconds, as it is in the manifest, for messages.
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

    /// Sorts the pending tasks by a snapshot. `is_withdrawn` says whether the tasks that had not
    /// started were withdrawn before the snapshot was taken.
    pub(super) fn reconcile(
        &mut self,
        pending: &PendingTaskSet,
        snapshot: &QueueSnapshot,
        now: Duration,
        is_withdrawn: bool,
    ) -> TaskReconciliation {
        let mut reconciliation = TaskReconciliation::default();
        let mut last_active = None;
        // The map is built anew, so that tasks that were seen again or are no longer pending leave
        // no entry behind. An old entry would cut the lag of a later disappearance short.
        let mut missing_attempts = BTreeMap::new();
        // Both sides are in the order of tasks, so one pass joins them. A lookup for each of a
        // million tasks would make every poll expensive.
        for (task, pending, range) in snapshot.join_tasks(pending.iter()) {
            // An older attempt in the queue says nothing about the pending one. Slurm lists ended
            // jobs for minutes, so the failed attempt is usually still there when the next one is
            // sent.
            let range = range.filter(|range| range.attempt >= pending.attempt);
            let state = range.map(|range| &range.state);
            let shard = ResultShard::for_task(task);
            // Only a task in the queue cannot leave a result before the next poll. Neighbours share
            // a folder, so the set is searched only when the folder changes.
            if !matches!(state, Some(TaskState::Queued { .. })) && last_active != Some(shard) {
                last_active = Some(shard);
                reconciliation.active_shards.insert(shard);
            }
            match state {
                Some(TaskState::Queued { .. }) => reconciliation.may_start = true,
                Some(TaskState::Running) => reconciliation.running.push(task),
                // Slurm does not list elements that were withdrawn before they started, so a
                // missing task counts as withdrawn here.
                None
                | Some(
                    TaskState::Dropped
                    | TaskState::Ended {
                        class: FailureClass::Cancelled,
                        ..
                    },
                ) if is_withdrawn => reconciliation.withdrawn.push(task),
                // A dropped task did not run, so there is no result to wait for.
                Some(TaskState::Dropped) => reconciliation.dropped.push(task),
                None | Some(TaskState::Ended { .. }) => {
                    let missing = self.missing_attempt(task, pending.attempt, now);
                    if now.saturating_sub(missing.since) < self.lag {
                        missing_attempts.insert(task, missing);
                    } else if is_withdrawn && is_host_lost(state) {
                        // The scheduler started the task before the withdrawal reached it. The task
                        // found the run closed, and ended without a result and without a failure.
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

    /// Returns the entry of a missing attempt, which begins now unless the last poll missed it too.
    fn missing_attempt(&self, task: TaskId, attempt: u32, now: Duration) -> MissingAttempt {
        self.missing_attempts
            .get(&task)
            // A task that was submitted again has the whole lag again.
            .filter(|missing| missing.attempt == attempt)
            .copied()
            .unwrap_or(MissingAttempt {
                attempt,
                since: now,
            })
    }

    /// Returns a message for each held job with pending tasks. The run cannot end until a person
    /// releases it, so the message has the command.
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
            // A held array may have only tasks whose results are there already.
            .filter(|(_, count)| *count > 0)
            .map(|((job, reason), count)| {
                format!(
                    "{count} tasks of job {job} are held ({reason}); {scheduler} starts them when they are released{}",
                    self.spec.release_hint(job)
                )
            })
            .collect()
    }

    /// Returns the failure of a task that left no result in time, with the scheduler's messages as
    /// evidence.
    pub(super) fn lost_task_failure(
        &self,
        task: TaskId,
        range: Option<TaskRange>,
        exit_report: Option<ExitReport>,
    ) -> JobFailure {
        let scheduler = self.spec.name;
        let ended = range.map(|range| (range.task_job_name(task), range.state));
        let Some((job, TaskState::Ended { state, class })) = ended else {
            let message = format!("find it: {scheduler} no longer lists it, and it left no result");
            // The task itself is not to blame, so the class is one that is retried without spending
            // an attempt.
            return JobFailure::new(FailureClass::HostLost, message);
        };
        // Somebody cancelled the job on purpose. The class is not retried, so the run does not undo
        // an administrator's decision.
        if class == FailureClass::Cancelled {
            let message = format!(
                "finish: {scheduler} reports job {job} as {state}; this run did not cancel it"
            );
            return JobFailure::new(class, message);
        }
        let exit_report = exit_report.unwrap_or_default();
        // The messages know more than the state: a site that watches memory by accounting calls a
        // job that exceeded it `FAILED`, and only `OutOfMemory` is retried with a larger claim.
        let class = exit_report.class.unwrap_or(class);
        let limit = self.time_limit_note(class);
        let lag = self.lag_seconds;
        let reason = exit_report
            .reason
            .map(|reason| format!(": {reason}"))
            .unwrap_or_default();
        let message = format!(
            "finish: {scheduler} reports job {job} as {state}{limit}, and it left no result within {lag} s{reason}"
        );
        JobFailure::new(class, message).with_evidence(exit_report.lines)
    }

    /// Returns the time limit and where it is set, if the failure is a timeout; otherwise nothing.
    fn time_limit_note(&self, class: FailureClass) -> String {
        match (class, self.time_limit) {
            (FailureClass::Timeout, Some(time)) => {
                let time = jiff::SignedDuration::try_from(time).unwrap_or_default();
                format!(" (`time: {time:#}` in the farm's profile)")
            }
            (FailureClass::Timeout, None) => {
                " (the limit of the partition, as the farm's profile has no `time`)".to_owned()
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
    fn the_state_of_an_older_attempt_does_not_count_for_the_pending_one() {
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
                "2 tasks of job 12 are held (Priority); queue starts them when they are released: qrls 12"
            ]
        );
        assert!(
            reconciler(None)
                .held_messages(&pending_set([9]), &snapshot)
                .is_empty()
        );
    }

    #[test]
    fn the_failure_of_a_lost_task_has_the_exit_report_of_the_scheduler() {
        let failure = |class, time_limit, report| {
            let range = Some(range(3, 3, 1, ended(class)));
            reconciler(time_limit).lost_task_failure(TaskId(3), range, report)
        };
        let lost = reconciler(None).lost_task_failure(TaskId(3), None, None);
        assert_eq!(lost.class, FailureClass::HostLost);
        let cancelled = failure(FailureClass::Cancelled, None, None);
        assert_eq!(
            cancelled.message,
            "finish: queue reports job 12_3 as ENDED; this run did not cancel it"
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
            reason: Some("oom-kill event".to_owned()),
            lines: "oom-kill".to_owned(),
        };
        let killed = failure(FailureClass::Crash, None, Some(report));
        assert_eq!(killed.class, FailureClass::OutOfMemory);
        assert!(
            killed
                .message
                .ends_with("left no result within 60 s: oom-kill event")
        );
        assert_eq!(killed.evidence, "oom-kill");
    }
}
