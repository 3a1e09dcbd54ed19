//! What an engine knows of tasks, in runs of neighbours that stand alike: a million tasks that wait
//! in a thousand arrays are a thousand runs, and nothing here walks tasks one by one.

use super::task_array::TaskArray;
use super::task_map::TaskId;
use super::task_state::TaskState;
use std::collections::BTreeMap;

/// What an engine knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueSnapshot {
    /// By the first task of each; they do not overlap.
    ranges: BTreeMap<TaskId, TaskRange>,
}

/// Tasks side by side that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskRange {
    /// The first.
    pub first: TaskId,
    /// The last of them.
    pub last: TaskId,
    /// Which attempt.
    pub attempt: u32,
    /// What the engine calls the job.
    pub scheduler_job: String,
    /// The number of the first task in that job, for engines that number them.
    pub element: Option<u32>,
    /// Where they stand.
    pub state: TaskState,
}

impl TaskRange {
    /// Returns what the engine calls the job of one of the tasks.
    #[must_use]
    pub fn task_job_name(&self, task: TaskId) -> String {
        match self.element {
            Some(first) => format!("{}_{}", self.scheduler_job, first + (task.0 - self.first.0)),
            None => self.scheduler_job.clone(),
        }
    }

    /// Returns how many tasks there are.
    #[must_use]
    pub const fn task_count(&self) -> usize {
        (self.last.0 - self.first.0) as usize + 1
    }

    fn sub_range(&self, first: TaskId, last: TaskId) -> Self {
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

/// Returns the runs of tasks that `array` does in these elements, first and last both included;
/// elements that it does not have are passed over.
pub(super) fn array_task_ranges<'a>(
    array: &'a TaskArray,
    elements: &'a [(u32, u32)],
) -> impl Iterator<Item = (TaskId, TaskId, u32)> + 'a {
    elements.iter().flat_map(|(from, to)| {
        let first_reached = array.elements.partition_point(|(_, last)| last < from);
        let touched = array.elements[first_reached..]
            .iter()
            .take_while(|(first, _)| *first <= *to);
        touched.map(|(first, last)| {
            let (first, last) = (*first.max(from), *last.min(to));
            (
                TaskId(array.first.0 + first),
                TaskId(array.first.0 + last),
                first,
            )
        })
    })
}

impl QueueSnapshot {
    /// Returns what runs say together: of several attempts at a task the newest counts, of equal
    /// ones what was said last.
    #[must_use]
    pub fn from_ranges(mut ranges: Vec<TaskRange>) -> Self {
        ranges.sort_by_key(|range| range.attempt);
        let mut snapshot = Self::default();
        ranges
            .into_iter()
            .for_each(|range| snapshot.overlay_range(range));
        snapshot
    }

    /// Puts a run over what is there.
    fn overlay_range(&mut self, range: TaskRange) {
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

    /// Puts further runs over what is known.
    pub fn overlay_ranges(&mut self, ranges: impl IntoIterator<Item = TaskRange>) {
        ranges
            .into_iter()
            .for_each(|range| self.overlay_range(range));
    }

    /// Returns every run, in the order of tasks.
    pub fn task_ranges(&self) -> impl Iterator<Item = &TaskRange> {
        self.ranges.values()
    }

    /// Returns each of these tasks, which come in order, with the run that it is in.
    pub fn join_tasks<'a, T>(
        &'a self,
        tasks: impl Iterator<Item = (TaskId, T)> + 'a,
    ) -> impl Iterator<Item = (TaskId, T, Option<&'a TaskRange>)> + 'a {
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
        fn each_task_is_in_the_run_that_was_last_said_of_its_newest_attempt(
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
                let said = plain.get(&task.0).map(|one| (one.scheduler_job.clone(), task.0 - one.first.0));
                let element = |run: &TaskRange| run.element.unwrap_or_default() + (task.0 - run.first.0);
                prop_assert_eq!(seen.map(|run| (run.scheduler_job.clone(), element(run))), said);
            }
        }
    }
}
