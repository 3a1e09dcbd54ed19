//! Submits the tasks that the dispatcher hands over, unless they were submitted before, and
//! withdraws them when the run must end.
//!
//! An earlier process may have submitted a task, or an array with it may wait for the scheduler.
//! The number of the next attempt therefore follows from submissions and results, never from what
//! this process did.

use super::array_submitter::{ArraySubmitter, TaskResubmission};
use super::poll_until::is_due;
use super::queue_snapshot::TaskRange;
use super::scheduler::ExitReport;
use super::scheduler_spec::SchedulerSpec;
use super::task_manifest::FarmError;
use super::task_map::TaskId;
use crate::model::Claim;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The phases of submission, from accepting tasks to having withdrawn them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SubmissionState {
    Accepting,
    /// Tasks that have not started must be withdrawn. `last_try` is unset before the first try.
    Withdrawing {
        last_try: Option<Duration>,
    },
    /// The tasks were withdrawn. The next poll shows which.
    Withdrawn,
}

/// Tasks that the scheduler refused, with its error.
#[derive(Debug)]
pub(super) struct RefusedTasks {
    pub(super) tasks: Vec<TaskId>,
    pub(super) error: FarmError,
}

/// Submits the tasks of one farm run as they become ready.
pub(super) struct TaskSubmitter<'a, 'p> {
    arrays: &'a mut ArraySubmitter<'p>,
    queue: Vec<TaskResubmission>,
    /// Tasks whose newest submitted attempt will leave no result.
    lost_tasks: BTreeSet<TaskId>,
    state: SubmissionState,
}

impl<'a, 'p> TaskSubmitter<'a, 'p> {
    pub(super) fn new(arrays: &'a mut ArraySubmitter<'p>) -> Self {
        Self {
            arrays,
            queue: Vec::new(),
            lost_tasks: BTreeSet::new(),
            state: SubmissionState::Accepting,
        }
    }

    pub(super) fn scheduler_spec(&self) -> &'static SchedulerSpec {
        self.arrays.scheduler_spec()
    }

    /// Returns the array submitter, through which the scheduler is polled.
    pub(super) fn arrays(&mut self) -> &mut ArraySubmitter<'p> {
        self.arrays
    }

    pub(super) fn exit_reports(
        &self,
        ended: &[(TaskId, TaskRange)],
    ) -> HashMap<TaskId, ExitReport> {
        self.arrays.exit_reports(ended)
    }

    /// Returns the attempt whose result the run must wait for, and queues it unless it was
    /// submitted before. `finished_attempt` is the newest attempt that left a result, or 0.
    pub(super) fn submit_unless_sent(
        &mut self,
        task: TaskId,
        finished_attempt: u32,
        claim: &Claim,
    ) -> u32 {
        let submitted_attempt = self.arrays.newest_attempt(task);
        // A lost attempt left no result, so its number is used up although no file shows it. In the
        // other case a submitted attempt newer than the last result is still on its way: submitting
        // it again would run the task twice.
        let attempt = if self.lost_tasks.remove(&task) {
            submitted_attempt.max(finished_attempt) + 1
        } else {
            submitted_attempt.max(finished_attempt + 1)
        };
        if attempt > submitted_attempt {
            self.queue_attempt(task, attempt, claim.clone());
        }
        attempt
    }

    /// Queues an attempt at a task.
    pub(super) fn queue_attempt(&mut self, task: TaskId, attempt: u32, claim: Claim) {
        self.queue.push(TaskResubmission {
            task,
            attempt,
            claim,
        });
    }

    /// Records that the newest submitted attempt at a task will leave no result.
    pub(super) fn mark_lost(&mut self, task: TaskId) {
        self.lost_tasks.insert(task);
    }

    /// Submits the queued tasks and the arrays that the scheduler deferred before. Returns the
    /// scheduler's reason if it accepts no more now.
    pub(super) fn submit_queued(&mut self) -> Result<Option<String>, RefusedTasks> {
        let tasks = std::mem::take(&mut self.queue);
        // Also without new tasks: an array that the scheduler deferred is tried again.
        let outcome = if tasks.is_empty() {
            self.arrays.submit_waiting()
        } else {
            self.arrays.resubmit_tasks(&tasks)
        };
        // A task that is neither submitted nor failed would hang the run, so every task of this
        // call is returned with the error.
        outcome.map_err(|error| RefusedTasks {
            tasks: tasks.iter().map(|resubmission| resubmission.task).collect(),
            error,
        })
    }

    pub(super) fn is_accepting(&self) -> bool {
        self.state == SubmissionState::Accepting
    }

    pub(super) fn is_withdrawn(&self) -> bool {
        self.state == SubmissionState::Withdrawn
    }

    /// Ends submission. Returns the tasks that were still queued.
    pub(super) fn close(&mut self) -> Vec<TaskId> {
        // Without a time, so that the first try is due at once.
        self.state = SubmissionState::Withdrawing { last_try: None };
        let queue = std::mem::take(&mut self.queue);
        queue
            .into_iter()
            .map(|resubmission| resubmission.task)
            .collect()
    }

    /// Schedules another withdrawal, after the scheduler still showed a task that may start.
    pub(super) fn withdraw_again(&mut self, now: Duration) {
        self.state = SubmissionState::Withdrawing {
            last_try: Some(now),
        };
    }

    /// Returns whether the next try to withdraw is due.
    pub(super) fn is_withdrawal_due(&self, now: Duration, period: Duration) -> bool {
        match self.state {
            SubmissionState::Withdrawing { last_try } => is_due(last_try, now, period),
            SubmissionState::Accepting | SubmissionState::Withdrawn => false,
        }
    }

    /// Returns whether a withdrawal has been requested and has not succeeded yet.
    pub(super) fn is_withdrawing(&self) -> bool {
        matches!(self.state, SubmissionState::Withdrawing { .. })
    }

    /// Withdraws the tasks that have not started. Returns whether the next poll distinguishes
    /// withdrawn from running tasks.
    pub(super) fn withdraw_pending(&mut self, now: Duration) -> Result<bool, FarmError> {
        // The time of the try is set first, so that a scheduler that does not answer is called
        // again after a period and not in a busy loop.
        self.state = SubmissionState::Withdrawing {
            last_try: Some(now),
        };
        // The state changes only if it worked: after an error it is tried again.
        let distinguishes_running = self.arrays.withdraw_pending()?;
        self.state = SubmissionState::Withdrawn;
        Ok(distinguishes_running)
    }

    /// Cancels every task at the scheduler.
    pub(super) fn cancel_all(&mut self) -> Result<(), FarmError> {
        self.arrays.cancel_all()
    }
}

#[cfg(test)]
mod tests {
    use super::super::queue_snapshot::QueueSnapshot;
    use super::super::run_folder::FarmRunFolder;
    use super::super::scheduler::{Scheduler, SubmitOutcome};
    use super::super::submission_log::SubmissionLog;
    use super::super::task_array::TaskArray;
    use super::super::task_map::TaskGroup;
    use super::*;
    use crate::model::Phase;
    use crate::store::StoreLayout;

    const SECOND: Duration = Duration::from_secs(1);
    const SPEC: SchedulerSpec = SchedulerSpec {
        name: "queue",
        survives_client: true,
        needs_shared_disk: true,
        may_run_windows: false,
        default_array_limit: 100,
        release_command: None,
    };

    /// Accepts everything, or refuses everything; withdraws only if `withdraws` is set.
    #[derive(Default)]
    struct ScriptedScheduler {
        refuses: bool,
        withdraws: bool,
        accepted: Vec<String>,
    }

    impl Scheduler for ScriptedScheduler {
        fn spec(&self) -> &'static SchedulerSpec {
            &SPEC
        }

        fn validate_capabilities(&self, _: &[TaskGroup]) -> Vec<String> {
            Vec::new()
        }

        fn array_limit(&self) -> Result<u32, FarmError> {
            Ok(100)
        }

        fn dry_run(&self, _: &TaskArray) -> Result<(), FarmError> {
            Ok(())
        }

        fn preview_submission(&self, _: &TaskArray) -> String {
            String::new()
        }

        fn submit(
            &mut self,
            array: &TaskArray,
            _: &SubmissionLog,
        ) -> Result<SubmitOutcome, FarmError> {
            if self.refuses {
                return Err(FarmError::Missing("submit: no such partition".to_owned()));
            }
            let tasks: Vec<u32> = array.task_ids().map(|task| task.0).collect();
            self.accepted
                .push(format!("{tasks:?} attempt {}", array.attempt));
            Ok(SubmitOutcome::Accepted(array.number.to_string()))
        }

        fn poll_queue(&mut self, _: &SubmissionLog) -> Result<Option<QueueSnapshot>, FarmError> {
            Ok(None)
        }

        fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
            if self.withdraws {
                Ok(true)
            } else {
                Err(FarmError::Missing("ask the scheduler".to_owned()))
            }
        }

        fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
            Ok(())
        }
    }

    fn with_submitter(
        scheduler: &mut ScriptedScheduler,
        test: impl FnOnce(&mut TaskSubmitter<'_, '_>),
    ) {
        let store = tempfile::tempdir().unwrap();
        let folder = FarmRunFolder::new(StoreLayout::new(store.path().to_owned()), "rev-0001");
        let groups = [TaskGroup {
            producer: "render.shot".into(),
            phase: Phase::Shots,
            first: TaskId(0),
            count: 50,
            claim: Claim::default(),
        }];
        let log = SubmissionLog::open(folder).unwrap();
        let mut arrays = ArraySubmitter::new(scheduler, log, &groups);
        test(&mut TaskSubmitter::new(&mut arrays));
    }

    fn submit(submitter: &mut TaskSubmitter<'_, '_>, task: u32, finished_attempt: u32) -> u32 {
        submitter.submit_unless_sent(TaskId(task), finished_attempt, &Claim::default())
    }

    #[test]
    fn a_task_is_submitted_once_and_again_only_after_a_failure_or_a_loss() {
        let mut scheduler = ScriptedScheduler::default();
        with_submitter(&mut scheduler, |submitter| {
            assert_eq!(submit(submitter, 3, 0), 1);
            submitter.submit_queued().unwrap();
            // On its way: only its result is waited for.
            assert_eq!(submit(submitter, 3, 0), 1);
            submitter.submit_queued().unwrap();
            // Its first attempt left a failure.
            assert_eq!(submit(submitter, 3, 1), 2);
            submitter.submit_queued().unwrap();
            // Its second attempt left nothing, and never will.
            submitter.mark_lost(TaskId(3));
            assert_eq!(submit(submitter, 3, 1), 3);
            submitter.submit_queued().unwrap();
        });
        let attempts = ["[3] attempt 1", "[3] attempt 2", "[3] attempt 3"];
        assert_eq!(scheduler.accepted, attempts);
    }

    #[test]
    fn refused_tasks_come_back_with_the_reason() {
        let mut scheduler = ScriptedScheduler {
            refuses: true,
            ..ScriptedScheduler::default()
        };
        with_submitter(&mut scheduler, |submitter| {
            submit(submitter, 3, 0);
            submit(submitter, 4, 0);
            let refused = submitter.submit_queued().unwrap_err();
            assert_eq!(refused.tasks, [TaskId(3), TaskId(4)]);
            assert_eq!(refused.error.to_string(), "submit: no such partition");
        });
    }

    #[test]
    fn a_closed_submitter_gives_back_its_queue_and_withdraws_until_it_succeeds() {
        let mut scheduler = ScriptedScheduler::default();
        with_submitter(&mut scheduler, |submitter| {
            submit(submitter, 3, 0);
            assert!(submitter.is_accepting());
            assert_eq!(submitter.close(), [TaskId(3)]);
            assert!(!submitter.is_accepting());
            assert!(submitter.is_withdrawal_due(SECOND, 2 * SECOND));
            submitter.withdraw_pending(SECOND).unwrap_err();
            assert!(!submitter.is_withdrawal_due(2 * SECOND, 2 * SECOND));
            assert!(submitter.is_withdrawal_due(3 * SECOND, 2 * SECOND));
        });
        scheduler.withdraws = true;
        with_submitter(&mut scheduler, |submitter| {
            submitter.close();
            assert!(submitter.withdraw_pending(SECOND).unwrap());
            assert!(submitter.is_withdrawn() && !submitter.is_withdrawing());
            submitter.withdraw_again(4 * SECOND);
            assert!(submitter.is_withdrawing());
            assert!(!submitter.is_withdrawal_due(5 * SECOND, 2 * SECOND));
        });
    }
}
