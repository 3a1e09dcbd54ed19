//! Submits arrays to a scheduler in order, records which, and keeps those that it cannot accept
//! yet.

use super::queue_snapshot::{QueueSnapshot, TaskRange, array_task_ranges};
use super::scheduler::{ExitReport, Scheduler, SubmitOutcome};
use super::scheduler_spec::SchedulerSpec;
use super::submission_log::SubmissionLog;
use super::task_array::{TaskArray, consecutive_runs};
use super::task_manifest::FarmError;
use super::task_map::{TaskGroup, TaskId};
use super::task_state::TaskState;
use crate::model::Claim;
use std::collections::{BTreeMap, HashMap};

/// An attempt at a task that is to be submitted by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskResubmission {
    /// The task.
    pub task: TaskId,
    /// Which attempt it will be.
    pub attempt: u32,
    /// What it claims while it runs.
    pub claim: Claim,
}

/// A scheduler, the arrays that were submitted to it, and those that wait to be.
pub struct ArraySubmitter<'a> {
    scheduler: &'a mut dyn Scheduler,
    submission_log: SubmissionLog,
    groups: &'a [TaskGroup],
    /// By number, which is the order in which they are submitted.
    waiting: BTreeMap<u32, TaskArray>,
    /// The numbers of those that wait with a first attempt, by first task.
    waiting_firsts: BTreeMap<TaskId, u32>,
}

impl<'a> ArraySubmitter<'a> {
    /// Returns the submitter of a farm run with these submissions, whose tasks are of these kinds.
    pub fn new(
        scheduler: &'a mut dyn Scheduler,
        submission_log: SubmissionLog,
        groups: &'a [TaskGroup],
    ) -> Self {
        Self {
            scheduler,
            submission_log,
            groups,
            waiting: BTreeMap::new(),
            waiting_firsts: BTreeMap::new(),
        }
    }

    /// Queues arrays and submits those that the scheduler accepts. Returns why it accepts no more
    /// now, if so.
    ///
    /// # Errors
    /// Fails when the scheduler refuses an array, naming it.
    pub fn submit_arrays(
        &mut self,
        arrays: impl IntoIterator<Item = TaskArray>,
    ) -> Result<Option<String>, FarmError> {
        for array in arrays {
            if array.attempt == 1 {
                self.waiting_firsts.insert(array.first, array.number);
            }
            self.waiting.insert(array.number, array);
        }
        self.submit_waiting()
    }

    /// Submits what waits, in order.
    ///
    /// # Errors
    /// Fails when the scheduler refuses an array; that one waits no longer.
    pub fn submit_waiting(&mut self) -> Result<Option<String>, FarmError> {
        while let Some((number, array)) = self.waiting.pop_first() {
            if self.submission_log.array(number).is_none() {
                self.submission_log.record_submitting(array.clone())?;
            }
            match self.scheduler.submit(&array, &self.submission_log)? {
                SubmitOutcome::Accepted(job) => {
                    self.submission_log.record_submitted(number, job)?;
                    if self.waiting_firsts.get(&array.first) == Some(&number) {
                        self.waiting_firsts.remove(&array.first);
                    }
                }
                SubmitOutcome::Deferred(reason) => {
                    self.waiting.insert(number, array);
                    return Ok(Some(reason));
                }
            }
        }
        Ok(None)
    }

    /// Queues tasks that are to be tried again: as elements of the arrays that they were first in,
    /// so an element's number always means the same task.
    ///
    /// # Errors
    /// Fails when the scheduler refuses an array.
    pub fn resubmit_tasks(
        &mut self,
        tasks: &[TaskResubmission],
    ) -> Result<Option<String>, FarmError> {
        let mut pieces: BTreeMap<(TaskId, u32, Claim), (TaskArray, Vec<u32>)> = BTreeMap::new();
        let mut limit = None;
        for TaskResubmission {
            task,
            attempt,
            claim,
        } in tasks
        {
            let Some(origin) = self.first_array(*task).cloned().or_else(|| {
                let limit = limit.get_or_insert_with(|| {
                    let known = self.scheduler.array_limit();
                    known.unwrap_or(self.scheduler.spec().default_array_limit)
                });
                rebuild_array(self.groups, *task, *limit)
            }) else {
                continue;
            };
            let element = task.0 - origin.first.0;
            let key = (origin.first, *attempt, claim.clone());
            pieces
                .entry(key)
                .or_insert_with(|| (origin, Vec::new()))
                .1
                .push(element);
        }
        let first = self
            .submission_log
            .next_number()
            .max(self.waiting.keys().next_back().map_or(0, |last| last + 1));
        let arrays =
            (first..)
                .zip(pieces)
                .map(|(number, ((_, attempt, claim), (origin, mut elements)))| {
                    elements.sort_unstable();
                    TaskArray {
                        number,
                        elements: consecutive_runs(elements),
                        attempt,
                        claim,
                        after: Vec::new(),
                        ..origin
                    }
                });
        self.submit_arrays(arrays.collect::<Vec<_>>())
    }

    /// Returns the array that a task was first in.
    fn first_array(&self, task: TaskId) -> Option<&TaskArray> {
        self.submission_log
            .first_array(task)
            .or_else(|| self.waiting_array(task))
    }

    /// Returns the array in which a task waits to be submitted for the first time.
    fn waiting_array(&self, task: TaskId) -> Option<&TaskArray> {
        let (first, number) = self.waiting_firsts.range(..=task).next_back()?;
        self.waiting
            .get(number)
            .filter(|array| array.task_of_element(task.0 - first.0).is_some())
    }

    /// Returns the newest attempt at a task that was ever submitted, or waits to be; 0 when there
    /// is none.
    #[must_use]
    pub fn newest_attempt(&self, task: TaskId) -> u32 {
        self.submission_log
            .newest_attempt(task)
            .max(self.waiting_array(task).map_or(0, |array| array.attempt))
    }

    /// Returns what the scheduler knows, and what waits to be submitted; `None` when the scheduler
    /// does not answer.
    ///
    /// # Errors
    /// Fails when the scheduler will never answer.
    pub fn poll_queue(&mut self) -> Result<Option<QueueSnapshot>, FarmError> {
        let Some(mut snapshot) = self.scheduler.poll_queue(&self.submission_log)? else {
            return Ok(None);
        };
        let state = TaskState::Queued {
            reason: "waits to be handed in".to_owned(),
            held: false,
        };
        snapshot.overlay_ranges(self.waiting.values().flat_map(|array| {
            array_task_ranges(array, &array.elements).map(|(first, last, _)| TaskRange {
                first,
                last,
                attempt: array.attempt,
                scheduler_job: String::new(),
                element: None,
                state: state.clone(),
            })
        }));
        Ok(Some(snapshot))
    }

    /// Returns what was printed of the end of tasks that ended without a result.
    pub fn exit_reports(&self, ended: &[(TaskId, TaskRange)]) -> HashMap<TaskId, ExitReport> {
        if ended.is_empty() {
            HashMap::new()
        } else {
            self.scheduler.exit_reports(ended, &self.submission_log)
        }
    }

    /// Forgets what waits, and withdraws what has not begun. Returns whether the scheduler tells
    /// that from what runs.
    ///
    /// # Errors
    /// Fails when the scheduler does not answer, or refuses.
    pub fn withdraw_pending(&mut self) -> Result<bool, FarmError> {
        self.clear_waiting();
        self.scheduler.withdraw_pending(&self.submission_log)
    }

    /// Cancels everything at the scheduler, and forgets what waits.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    pub fn cancel_all(&mut self) -> Result<(), FarmError> {
        self.clear_waiting();
        self.scheduler.cancel(&self.submission_log)
    }

    fn clear_waiting(&mut self) {
        self.waiting.clear();
        self.waiting_firsts.clear();
    }

    /// Returns the facts about the scheduler.
    #[must_use]
    pub fn scheduler_spec(&self) -> &'static SchedulerSpec {
        self.scheduler.spec()
    }

    /// Returns how many arrays were submitted.
    #[must_use]
    pub fn submitted_count(&self) -> usize {
        self.submission_log.arrays().len()
    }
}

/// Returns the array that a task would have been in, whose orchestrator ended before it was
/// submitted.
fn rebuild_array(groups: &[TaskGroup], task: TaskId, limit: u32) -> Option<TaskArray> {
    let index = groups
        .partition_point(|group| group.first <= task)
        .checked_sub(1)?;
    let group = groups.get(index).filter(|group| group.contains(task))?;
    let first = TaskId(task.0 - (task.0 - group.first.0) % limit.max(1));
    Some(TaskArray {
        number: 0,
        producer: group.producer.clone(),
        phase: group.phase,
        first,
        elements: Vec::new(),
        attempt: 1,
        claim: group.claim.clone(),
        after: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::farm::openjd::ExportedScheduler;
    use crate::farm::run_folder::FarmRunFolder;
    use crate::model::Phase;
    use crate::store::StoreLayout;

    fn group() -> TaskGroup {
        let claim = Claim::default();
        TaskGroup {
            producer: "render.shot".into(),
            phase: Phase::Shots,
            first: TaskId(3),
            count: 5000,
            claim,
        }
    }

    fn again(task: u32, attempt: u32) -> TaskResubmission {
        TaskResubmission {
            task: TaskId(task),
            attempt,
            claim: Claim::default(),
        }
    }

    /// Runs a test with a scheduler that accepts nothing now, like that of an exported bundle.
    fn with_submitter(test: impl FnOnce(&mut ArraySubmitter<'_>)) {
        let store = tempfile::tempdir().unwrap();
        let folder = FarmRunFolder::new(StoreLayout::new(store.path().to_owned()), "rev-0001");
        let (mut engine, groups) = (ExportedScheduler, [group()]);
        test(&mut ArraySubmitter::new(
            &mut engine,
            SubmissionLog::open(folder).unwrap(),
            &groups,
        ));
    }

    #[test]
    fn a_task_that_waits_to_be_handed_in_is_not_sent_a_second_time() {
        with_submitter(|submitter| {
            let array = |number, first| TaskArray {
                number,
                elements: vec![(0, 9)],
                ..rebuild_array(&[group()], TaskId(first), 10).unwrap()
            };
            assert!(
                submitter
                    .submit_arrays([array(0, 3), array(1, 13), array(2, 23)])
                    .unwrap()
                    .is_some()
            );
            assert_eq!(
                (
                    submitter.newest_attempt(TaskId(2)),
                    submitter.newest_attempt(TaskId(30)),
                    submitter.newest_attempt(TaskId(33))
                ),
                (0, 1, 0)
            );
        });
    }

    #[test]
    fn tasks_that_were_never_handed_in_go_in_arrays_within_the_limit() {
        with_submitter(|submitter| {
            submitter
                .resubmit_tasks(&[again(4, 1), again(5, 1), again(2900, 1), again(5, 2)])
                .unwrap();
            let arrays: Vec<String> = submitter
                .waiting
                .values()
                .map(|array| {
                    format!(
                        "{} {} {}",
                        array.first,
                        array.format_elements(),
                        array.attempt
                    )
                })
                .collect();
            assert_eq!(arrays, ["3 1-2,2897 1", "3 2 2"]);
            assert_eq!(
                rebuild_array(&[group()], TaskId(2900), 1000).unwrap().first,
                TaskId(2003)
            );
        });
    }
}
