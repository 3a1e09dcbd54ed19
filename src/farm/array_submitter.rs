//! Submits arrays to a scheduler in order, records each submission, and queues the arrays that the
//! scheduler cannot accept yet.

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

/// An attempt at a single task that must be submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskResubmission {
    /// The number of the task in the manifest.
    pub task: TaskId,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The claim, which a retry may have raised.
    pub claim: Claim,
}

/// Submits arrays to one scheduler, and remembers what was submitted and what waits.
pub struct ArraySubmitter<'a> {
    scheduler: &'a mut dyn Scheduler,
    submission_log: SubmissionLog,
    groups: &'a [TaskGroup],
    /// The arrays that are not submitted yet, by number. They are submitted in this order.
    waiting: BTreeMap<u32, TaskArray>,
    /// The numbers of waiting arrays with first attempts, by first task.
    waiting_firsts: BTreeMap<TaskId, u32>,
}

impl<'a> ArraySubmitter<'a> {
    /// Returns the submitter of a farm run with these earlier submissions and these groups of
    /// tasks.
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

    /// Queues arrays and submits those that the scheduler accepts. Returns the scheduler's reason
    /// if it accepts no more now.
    ///
    /// # Errors
    /// Fails if the scheduler refuses an array, and names the array.
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

    /// Submits the waiting arrays in order. Returns the scheduler's reason if it accepts no more
    /// now.
    ///
    /// # Errors
    /// Fails if the scheduler refuses an array. The refused array is dropped.
    pub fn submit_waiting(&mut self) -> Result<Option<String>, FarmError> {
        while let Some((number, array)) = self.waiting.pop_first() {
            // The submission is recorded before it is made. A process that is killed between the
            // two leaves a record without a job, which is harmless; a job without a record would be
            // one that no later process recognises as ours. A deferred array has its record
            // already.
            if self.submission_log.array(number).is_none() {
                self.submission_log.record_submitting(array.clone())?;
            }
            match self.scheduler.submit(&array, &self.submission_log)? {
                SubmitOutcome::Accepted(job) => {
                    self.submission_log.record_submitted(number, job)?;
                    // A retry has the same first task as its first array, which may still wait.
                    if self.waiting_firsts.get(&array.first) == Some(&number) {
                        self.waiting_firsts.remove(&array.first);
                    }
                }
                SubmitOutcome::Deferred(reason) => {
                    // The arrays after this one wait too. They may depend on it, and a dependency
                    // can only name a job that the scheduler has accepted.
                    self.waiting.insert(number, array);
                    return Ok(Some(reason));
                }
            }
        }
        Ok(None)
    }

    /// Queues attempts at single tasks, as elements of the arrays of their first attempts, so that
    /// an element's number always means the same task.
    ///
    /// # Errors
    /// Fails if the scheduler refuses an array.
    pub fn resubmit_tasks(
        &mut self,
        tasks: &[TaskResubmission],
    ) -> Result<Option<String>, FarmError> {
        // One array has one attempt number and one request, so tasks are gathered by both. Tasks
        // that fail together then become one array again, instead of a job for each.
        let mut pieces: BTreeMap<(TaskId, u32, Claim), (TaskArray, Vec<u32>)> = BTreeMap::new();
        // The scheduler reports its limit only when an array must be rebuilt, because the
        // question runs a program. If it does not answer, its usual limit is better than no retry.
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
                // No group has the task, which only a damaged manifest can cause. The other tasks
                // are still submitted.
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
        // Numbers are parts of job names, so a number that a waiting array holds must not be given
        // out twice although the log does not have it yet.
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
                        // The dispatcher hands over a task only when its inputs are made, so there
                        // is nothing left to wait for.
                        after: Vec::new(),
                        ..origin
                    }
                });
        self.submit_arrays(arrays.collect::<Vec<_>>())
    }

    /// Returns the array of the first attempt at a task.
    fn first_array(&self, task: TaskId) -> Option<&TaskArray> {
        self.submission_log
            .first_array(task)
            .or_else(|| self.waiting_array(task))
    }

    /// Returns the waiting array with the first attempt at a task.
    fn waiting_array(&self, task: TaskId) -> Option<&TaskArray> {
        let (first, number) = self.waiting_firsts.range(..=task).next_back()?;
        self.waiting
            .get(number)
            .filter(|array| array.task_of_element(task.0 - first.0).is_some())
    }

    /// Returns the newest attempt at a task that was submitted or waits for submission; 0 for none.
    #[must_use]
    pub fn newest_attempt(&self, task: TaskId) -> u32 {
        self.submission_log
            .newest_attempt(task)
            .max(self.waiting_array(task).map_or(0, |array| array.attempt))
    }

    /// Returns the scheduler's snapshot with the waiting arrays added. `None` if the scheduler does
    /// not answer.
    ///
    /// # Errors
    /// Fails if the scheduler will never answer.
    pub fn poll_queue(&mut self) -> Result<Option<QueueSnapshot>, FarmError> {
        let Some(mut snapshot) = self.scheduler.poll_queue(&self.submission_log)? else {
            return Ok(None);
        };
        // Without this, a task that was never submitted would be missing from the queue, and after
        // the lag the run would fail it as lost.
        let state = TaskState::Queued {
            reason: "not submitted yet".to_owned(),
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

    /// Returns the scheduler's messages about tasks that ended without a result.
    pub fn exit_reports(&self, ended: &[(TaskId, TaskRange)]) -> HashMap<TaskId, ExitReport> {
        // Every poll comes here, and the question runs a program.
        if ended.is_empty() {
            HashMap::new()
        } else {
            self.scheduler.exit_reports(ended, &self.submission_log)
        }
    }

    /// Drops the waiting arrays and withdraws the tasks that have not started. Returns whether the
    /// next poll distinguishes withdrawn from running tasks.
    ///
    /// # Errors
    /// Fails if the scheduler does not answer, or refuses.
    pub fn withdraw_pending(&mut self) -> Result<bool, FarmError> {
        self.clear_waiting();
        self.scheduler.withdraw_pending(&self.submission_log)
    }

    /// Drops the waiting arrays and cancels every task at the scheduler.
    ///
    /// # Errors
    /// Fails if tasks are left in the queue afterwards.
    pub fn cancel_all(&mut self) -> Result<(), FarmError> {
        // The waiting arrays are dropped first, so that a failure cannot leave one to be submitted.
        self.clear_waiting();
        self.scheduler.cancel(&self.submission_log)
    }

    fn clear_waiting(&mut self) {
        self.waiting.clear();
        self.waiting_firsts.clear();
    }

    /// Returns the facts about the kind of scheduler.
    #[must_use]
    pub fn scheduler_spec(&self) -> &'static SchedulerSpec {
        self.scheduler.spec()
    }

    /// Returns the number of arrays in the submission log.
    #[must_use]
    pub fn submitted_count(&self) -> usize {
        self.submission_log.arrays().len()
    }
}

/// Returns the array that would have had the first attempt at a task, if no earlier process
/// recorded one. It has no elements yet.
fn rebuild_array(groups: &[TaskGroup], task: TaskId, limit: u32) -> Option<TaskArray> {
    let index = groups
        .partition_point(|group| group.first <= task)
        .checked_sub(1)?;
    let group = groups.get(index).filter(|group| group.contains(task))?;
    // The array begins where `build_arrays` would begin it, so that element numbers stay below the
    // scheduler's limit: Slurm limits the number itself, not only how many there are.
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
        let mut engine = ExportedScheduler;
        let groups = [group()];
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
