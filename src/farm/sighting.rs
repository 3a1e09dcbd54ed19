//! What an engine knows of tasks, in runs of neighbours that stand alike: a million tasks that wait in a thousand arrays are
//! a thousand runs, and nothing here walks tasks one by one.

use super::array::Array;
use super::engine::Stage;
use super::tasks::TaskId;
use std::collections::BTreeMap;

/// What an engine knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sighting {
    /// By the first task of each; they do not overlap.
    runs: BTreeMap<TaskId, Run>,
}

/// Tasks side by side that stand alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub first: TaskId,
    /// The last of them.
    pub last: TaskId,
    /// Which attempt.
    pub attempt: u32,
    /// What the engine calls the job.
    pub job: String,
    /// The number of the first task in that job, for engines that number them.
    pub element: Option<u32>,
    /// Where they stand.
    pub stage: Stage,
}

impl Run {
    /// Returns what the engine calls the job of one of the tasks.
    #[must_use]
    pub fn job_of(&self, task: TaskId) -> String {
        match self.element {
            Some(first) => format!("{}_{}", self.job, first + (task.0 - self.first.0)),
            None => self.job.clone(),
        }
    }

    /// Returns how many tasks there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        (self.last.0 - self.first.0) as usize + 1
    }

    fn part(&self, first: TaskId, last: TaskId) -> Self {
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

/// Returns the runs of tasks that `array` does in these elements, first and last both included; elements that it does not
/// have are passed over.
pub(super) fn within<'a>(
    array: &'a Array,
    elements: &'a [(u32, u32)],
) -> impl Iterator<Item = (TaskId, TaskId, u32)> + 'a {
    elements.iter().flat_map(|(from, to)| {
        let reached = array.elements.partition_point(|(_, last)| last < from);
        let touched = array.elements[reached..]
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

impl Sighting {
    /// Returns what runs say together: of several attempts at a task the newest counts, of equal ones what was said last.
    #[must_use]
    pub fn of(mut runs: Vec<Run>) -> Self {
        runs.sort_by_key(|run| run.attempt);
        let mut sighting = Self::default();
        runs.into_iter().for_each(|run| sighting.overlay(run));
        sighting
    }

    /// Puts a run over what is there.
    fn overlay(&mut self, run: Run) {
        let before = self
            .runs
            .range(..=run.last)
            .rev()
            .take_while(|(_, other)| other.last >= run.first);
        let hit: Vec<TaskId> = before.map(|(first, _)| *first).collect();
        for first in hit {
            let Some(other) = self.runs.remove(&first) else {
                continue;
            };
            if other.first < run.first {
                let left = other.part(other.first, TaskId(run.first.0 - 1));
                self.runs.insert(left.first, left);
            }
            if other.last > run.last {
                let right = other.part(TaskId(run.last.0 + 1), other.last);
                self.runs.insert(right.first, right);
            }
        }
        self.runs.insert(run.first, run);
    }

    /// Puts further runs over what is known.
    pub fn extend(&mut self, runs: impl IntoIterator<Item = Run>) {
        runs.into_iter().for_each(|run| self.overlay(run));
    }

    /// Returns every run, in the order of tasks.
    pub fn runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.values()
    }

    /// Returns each of these tasks, which come in order, with the run that it is in.
    pub fn beside<'a, T>(
        &'a self,
        tasks: impl Iterator<Item = (TaskId, T)> + 'a,
    ) -> impl Iterator<Item = (TaskId, T, Option<&'a Run>)> + 'a {
        let mut runs = self.runs.values().peekable();
        tasks.map(move |(task, with)| {
            while runs.peek().is_some_and(|run| run.last < task) {
                runs.next();
            }
            (
                task,
                with,
                runs.peek().copied().filter(|run| run.first <= task),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    fn run(first: u32, last: u32, attempt: u32, job: &str) -> Run {
        let element = Some(0);
        Run {
            first: TaskId(first),
            last: TaskId(last),
            attempt,
            job: job.into(),
            element,
            stage: Stage::Running,
        }
    }

    #[test]
    fn a_newer_attempt_counts_and_its_neighbours_keep_their_elements() {
        let sighting = Sighting::of(vec![run(4, 5, 2, "b"), run(0, 9, 1, "a")]);
        let jobs: Vec<String> = sighting
            .beside((3..7).map(|task| (TaskId(task), ())))
            .map(|(task, (), run)| run.unwrap().job_of(task))
            .collect();
        assert_eq!(jobs, ["a_3", "b_0", "b_1", "a_6"]);
    }

    proptest! {
        #[test]
        fn each_task_is_in_the_run_that_was_last_said_of_its_newest_attempt(
            runs in prop::collection::vec((0u32..40, 0u32..12, 1u32..4), 0..12),
        ) {
            let runs: Vec<Run> =
                runs.iter().enumerate().map(|(at, (first, more, attempt))| run(*first, first + more, *attempt, &at.to_string())).collect();
            let mut plain: HashMap<u32, &Run> = HashMap::new();
            for one in &runs {
                for task in one.first.0..=one.last.0 {
                    let known = plain.entry(task).or_insert(one);
                    if one.attempt >= known.attempt {
                        *known = one;
                    }
                }
            }
            let sighting = Sighting::of(runs.clone());
            for (task, (), seen) in sighting.beside((0..60).map(|task| (TaskId(task), ()))) {
                let said = plain.get(&task.0).map(|one| (one.job.clone(), task.0 - one.first.0));
                let element = |run: &Run| run.element.unwrap_or_default() + (task.0 - run.first.0);
                prop_assert_eq!(seen.map(|run| (run.job.clone(), element(run))), said);
            }
        }
    }
}
