//! Arrays: the unit of submission to a scheduler. An array is a range of tasks of one kind, cut to
//! the scheduler's limit, with the arrays on which it depends.

use super::task_map::{TaskGroup, TaskId, TaskMap};
use crate::model::{Claim, Phase};
use crate::plan::Plan;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One array. Its elements are numbered from 0: element `i` is task `first + i`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskArray {
    /// Its number in the farm run, which is a part of its name in the scheduler's queue.
    pub number: u32,
    /// The kind of the tasks' action, such as `render.shot`.
    pub producer: String,
    /// The phase of its tasks.
    pub phase: Phase,
    /// The task of element 0.
    pub first: TaskId,
    /// The elements as ranges: first and last, both included.
    pub elements: Vec<(u32, u32)>,
    /// The number of the attempt at its tasks, from 1.
    pub attempt: u32,
    /// The claim of each element.
    pub claim: Claim,
    /// The arrays that must succeed first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ArrayDependency>,
}

/// A dependency on another array.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArrayDependency {
    /// The number of the other array.
    pub array: u32,
    /// Whether each element waits only for the element of the same number, not for the whole array.
    pub each: bool,
}

impl TaskArray {
    /// Returns the number of elements.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.elements
            .iter()
            .map(|(first, last)| last - first + 1)
            .sum()
    }

    /// Returns whether it has no elements.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    /// Returns the task of an element. `None` if the array has no such element.
    #[must_use]
    pub fn task_of_element(&self, element: u32) -> Option<TaskId> {
        // An array of a retry has gaps, and a scheduler may report an element that was never in it.
        let has_element = self
            .elements
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&element));
        has_element.then(|| TaskId(self.first.0 + element))
    }

    /// Returns whether its elements are in order and its task numbers do not overflow. Only an
    /// array from a damaged file is not sound.
    #[must_use]
    pub(super) fn is_sound(&self) -> bool {
        // The log of submissions can be damaged or edited, and sums of its numbers must not
        // overflow.
        let ordered = self.elements.iter().all(|(first, last)| first <= last)
            && self.elements.windows(2).all(|pair| pair[0].1 < pair[1].0);
        ordered
            && self
                .elements
                .last()
                .is_none_or(|(_, last)| self.first.0.checked_add(*last).is_some())
    }

    /// Returns its tasks in order.
    pub fn task_ids(&self) -> impl Iterator<Item = TaskId> + '_ {
        self.elements
            .iter()
            .flat_map(|(first, last)| *first..=*last)
            .map(|element| TaskId(self.first.0 + element))
    }

    /// Returns the elements in the form that schedulers read: `0-63` or `3,7-9`.
    #[must_use]
    pub fn format_elements(&self) -> String {
        self.elements
            .iter()
            .map(|(first, last)| {
                if first == last {
                    first.to_string()
                } else {
                    format!("{first}-{last}")
                }
            })
            .collect::<Vec<_>>()
            .join(",")
    }
}

/// Returns sorted numbers as ranges: first and last, both included.
#[must_use]
pub(super) fn consecutive_runs(numbers: impl IntoIterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        // Numbers come sorted, so only the last range can be continued.
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    runs
}

/// Parses numbers as schedulers write them: `7`, `1,4-6`, `0-8:2`. Returns ranges, first and last
/// both included; `None` if the text has another form.
#[must_use]
pub fn parse_elements(text: &str) -> Option<Vec<(u32, u32)>> {
    let mut elements = Vec::new();
    // Slurm prints elements so, such as `0-3,7,10-20:2`.
    for part in text.split(',') {
        let (range, step) = match part.split_once(':') {
            Some((range, step)) => (
                range,
                step.trim().parse::<usize>().ok().filter(|step| *step > 0)?,
            ),
            None => (part, 1),
        };
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let first: u32 = first.trim().parse().ok()?;
        let last: u32 = last.trim().parse().ok()?;
        // A reversed range would later be subtracted as `last - first`, which underflows.
        if first > last {
            return None;
        }
        match step {
            1 => elements.push((first, last)),
            // Elements with a step have no neighbours, so each is a range of its own.
            step => elements.extend((first..=last).step_by(step).map(|number| (number, number))),
        }
    }
    Some(elements)
}

/// Returns all tasks as arrays of at most `limit` elements, each with the arrays on which it
/// depends.
#[must_use]
pub fn build_arrays(plan: &Plan, tasks: &TaskMap, limit: u32) -> Vec<TaskArray> {
    let mut arrays: Vec<TaskArray> = Vec::new();
    for group in tasks.groups() {
        for piece in split_group(group, limit) {
            arrays.push(TaskArray {
                number: array_number(arrays.len()),
                ..piece
            });
        }
    }
    // Arrays are consecutive ranges of all tasks, so the first tasks alone find an array by binary
    // search. A table with an entry for each of a million tasks is not needed.
    let firsts: Vec<TaskId> = arrays.iter().map(|array| array.first).collect();
    let array_index_of = |task: TaskId| firsts.partition_point(|first| *first <= task) - 1;
    for index in 0..arrays.len() {
        arrays[index].after = array_dependencies(plan, tasks, &arrays, index, &array_index_of);
    }
    arrays
}

fn split_group(group: &TaskGroup, limit: u32) -> impl Iterator<Item = TaskArray> + '_ {
    // A step of 0 would panic in `step_by`, and the limit may come from a scheduler's answer.
    let limit = limit.max(1);
    (0..group.count)
        .step_by(limit as usize)
        .map(move |from| TaskArray {
            number: 0,
            producer: group.producer.clone(),
            phase: group.phase,
            first: TaskId(group.first.0 + from),
            // Elements count from 0 in each array: schedulers limit the highest index, not only the
            // number of elements.
            elements: vec![(0, limit.min(group.count - from) - 1)],
            attempt: 1,
            claim: group.claim.clone(),
            after: Vec::new(),
        })
}

fn array_dependencies(
    plan: &Plan,
    tasks: &TaskMap,
    arrays: &[TaskArray],
    index: usize,
    array_of: &dyn Fn(TaskId) -> usize,
) -> Vec<ArrayDependency> {
    // Dependencies are between arrays, because a scheduler takes a few of them and not one for each
    // of a million tasks.
    let array = &arrays[index];
    // The value says whether every element depends on the same element of the other array, and on
    // no other. Only then can elements wait one by one: under a looser rule, an element would start
    // before an input of it is made.
    let mut needed: BTreeMap<usize, bool> = BTreeMap::new();
    for task in array.task_ids() {
        let element = task.0 - array.first.0;
        for need in tasks.task_dependencies(plan, task) {
            let other = array_of(need);
            let each = needed.entry(other).or_insert(true);
            // An array may be cut at another task than the one it waits for. Then numbers of
            // elements do not match, and the whole array is waited for.
            *each &= need.0 - arrays[other].first.0 == element;
        }
    }
    needed
        .into_iter()
        .map(|(other, each)| ArrayDependency {
            array: arrays[other].number,
            each,
        })
        .collect()
}

fn array_number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn elements_are_written_in_runs() {
        let array = TaskArray {
            number: 0,
            producer: "render.shot".into(),
            phase: Phase::Shots,
            first: TaskId(100),
            elements: consecutive_runs([3, 7, 8, 9]),
            attempt: 1,
            claim: Claim::default(),
            after: Vec::new(),
        };
        assert_eq!(
            (array.format_elements().as_str(), array.len()),
            ("3,7-9", 4)
        );
        assert_eq!(
            (array.task_of_element(8), array.task_of_element(4)),
            (Some(TaskId(108)), None)
        );
    }

    proptest! {
        #[test]
        fn pieces_cover_each_task_of_a_group_once_and_obey_the_limit(first in 0u32..50, count in 1u32..500, limit in 1u32..64) {
            let group = TaskGroup {
                producer: "render.shot".into(), phase: Phase::Shots, first: TaskId(first), count, claim: Claim::default(),
            };
            let pieces: Vec<TaskArray> = split_group(&group, limit).collect();
            prop_assert!(pieces.iter().all(|piece| piece.len() <= limit));
            let tasks: Vec<u32> = pieces.iter().flat_map(TaskArray::task_ids).map(|task| task.0).collect();
            prop_assert_eq!(tasks, (first..first + count).collect::<Vec<_>>());
        }
    }
}
