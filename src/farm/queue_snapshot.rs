//! The state of tasks at a scheduler, as ranges of neighbours with the same state. A million tasks
//! that wait in a thousand arrays are a thousand ranges, and nothing here walks tasks one by one.

use super::task_array::TaskArray;
use super::task_map::TaskId;
use super::task_state::TaskState;
use std::collections::BTreeMap;

/// The state of all tasks of a farm run that the scheduler knows, at one poll.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueSnapshot {
    /// Ranges by their first task. They do not overlap.
    ranges: BTreeMap<TaskId, TaskRange>,
}

/// Neighbouring tasks with the same attempt, job and state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRange {
    /// The first task.
    pub first: TaskId,
    /// The last task, included.
    pub last: TaskId,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The scheduler's name of the job; empty if it was not submitted yet.
    pub scheduler_job: String,
    /// The element of the first task in that job. `None` if the scheduler does not number elements.
    pub element: Option<u32>,
    /// The state of every task in the range.
    pub state: TaskState,
}

impl TaskRange {
    /// Returns the scheduler's name of one task's job, such as `812_7`.
    #[must_use]
    pub fn task_job_name(&self, task: TaskId) -> String {
        match self.element {
            // The number by which the scheduler's own tools know it, so that a user can look for
            // it.
            Some(first) => format!("{}_{}", self.scheduler_job, first + (task.0 - self.first.0)),
            None => self.scheduler_job.clone(),
        }
    }

    /// Returns the number of tasks, which is at least 1.
    #[must_use]
    pub const fn task_count(&self) -> usize {
        (self.last.0 - self.first.0) as usize + 1
    }

    fn sub_range(&self, first: TaskId, last: TaskId) -> Self {
        // The elements move with the tasks, or a message would name a neighbour.
        let element = self
            .element
            .map(|element| element + (first.0 - self.first.0));
        Self {
            first,
            last,
            element,
            ..self.clone()
        }
    }
}

/// Returns the ranges of tasks in these elements of `array`: first task, last task (included) and
/// first element. Elements that the array does not have are skipped.
pub(super) fn array_task_ranges<'a>(
    array: &'a TaskArray,
    elements: &'a [(u32, u32)],
) -> impl Iterator<Item = (TaskId, TaskId, u32)> + 'a {
    // A retry has scattered elements, while the scheduler reports its own ranges, which may span
    // the gaps. Only the intersection is ours.
    elements.iter().flat_map(|(from, to)| {
        let first_reached = array.elements.partition_point(|(_, last)| last < from);
        let touched = array.elements[first_reached..]
            .iter()
            .take_while(|(first, _)| *first <= *to);
        touched.map(|(first, last)| {
            let first = *first.max(from);
            let last = *last.min(to);
            (
                TaskId(array.first.0 + first),
                TaskId(array.first.0 + last),
                first,
            )
        })
    })
}

impl QueueSnapshot {
    /// Returns the snapshot of these ranges. Of several attempts at a task the newest counts, and
    /// of equal attempts the later range.
    #[must_use]
    pub fn from_ranges(mut ranges: Vec<TaskRange>) -> Self {
        // The sort is stable, so ranges of one attempt stay in the scheduler's order.
        ranges.sort_by_key(|range| range.attempt);
        let mut snapshot = Self::default();
        ranges
            .into_iter()
            .for_each(|range| snapshot.overlay_range(range));
        snapshot
    }

    /// Puts a range over the existing ones, which are cut or replaced.
    fn overlay_range(&mut self, range: TaskRange) {
        // Ranges do not overlap, so those that touch the new one are neighbours: going back from
        // its end finds them without a pass over all.
        let candidates = self
            .ranges
            .range(..=range.last)
            .rev()
            .take_while(|(_, other)| other.last >= range.first);
        let overlapping: Vec<TaskId> = candidates.map(|(first, _)| *first).collect();
        for first in overlapping {
            let Some(other) = self.ranges.remove(&first) else {
                continue;
            };
            // What the new range leaves at either side stays.
            if other.first < range.first {
                let before_part = other.sub_range(other.first, TaskId(range.first.0 - 1));
                self.ranges.insert(before_part.first, before_part);
            }
            if other.last > range.last {
                let after_part = other.sub_range(TaskId(range.last.0 + 1), other.last);
                self.ranges.insert(after_part.first, after_part);
            }
        }
        self.ranges.insert(range.first, range);
    }

    /// Puts further ranges over the existing ones.
    pub fn overlay_ranges(&mut self, ranges: impl IntoIterator<Item = TaskRange>) {
        ranges
            .into_iter()
            .for_each(|range| self.overlay_range(range));
    }

    /// Returns every range, in the order of tasks.
    pub fn task_ranges(&self) -> impl Iterator<Item = &TaskRange> {
        self.ranges.values()
    }

    /// Returns each of these tasks with its range. `tasks` must be in ascending order.
    pub fn join_tasks<'a, T>(
        &'a self,
        tasks: impl Iterator<Item = (TaskId, T)> + 'a,
    ) -> impl Iterator<Item = (TaskId, T, Option<&'a TaskRange>)> + 'a {
        // Both sides are sorted, so the ranges are walked once beside the tasks. A search in the
        // map for each task would cost a logarithm a million times at every poll.
        let mut ranges = self.ranges.values().peekable();
        tasks.map(move |(task, value)| {
            while ranges.peek().is_some_and(|range| range.last < task) {
                ranges.next();
            }
            (
                task,
                value,
                ranges.peek().copied().filter(|range| range.first <= task),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn run(first: u32, last: u32, attempt: u32, job: &str) -> TaskRange {
        let element = Some(0);
        TaskRange {
            first: TaskId(first),
            last: TaskId(last),
            attempt,
            scheduler_job: job.into(),
            element,
            state: TaskState::Running,
        }
    }

    #[test]
    fn a_newer_attempt_counts_and_its_neighbours_keep_their_elements() {
        let sighting = QueueSnapshot::from_ranges(vec![run(4, 5, 2, "b"), run(0, 9, 1, "a")]);
        let jobs: Vec<String> = sighting
            .join_tasks((3..7).map(|task| (TaskId(task), ())))
            .map(|(task, (), run)| run.unwrap().task_job_name(task))
            .collect();
        assert_eq!(jobs, ["a_3", "b_0", "b_1", "a_6"]);
    }

    proptest! {
        #[test]
        fn each_task_has_the_last_listed_state_of_its_newest_attempt(
            runs in prop::collection::vec((0u32..40, 0u32..12, 1u32..4), 0..12),
        ) {
            let runs: Vec<TaskRange> =
                runs.iter().enumerate().map(|(at, (first, more, attempt))| run(*first, first + more, *attempt, &at.to_string())).collect();
            let mut plain: HashMap<u32, &TaskRange> = HashMap::new();
            for one in &runs {
                for task in one.first.0..=one.last.0 {
                    let known = plain.entry(task).or_insert(one);
                    if one.attempt >= known.attempt {
                        *known = one;
                    }
                }
            }
            let sighting = QueueSnapshot::from_ranges(runs.clone());
            for (task, (), seen) in sighting.join_tasks((0..60).map(|task| (TaskId(task), ()))) {
                let expected = plain.get(&task.0).map(|one| (one.scheduler_job.clone(), task.0 - one.first.0));
                let element = |run: &TaskRange| run.element.unwrap_or_default() + (task.0 - run.first.0);
                prop_assert_eq!(seen.map(|run| (run.scheduler_job.clone(), element(run))), expected);
            }
        }
    }
}
