//! How large a farm run would be: tasks, arrays, files on the shared file system, time, and what
//! the engine cannot express.

use super::manifest_header::TaskManifestHeader;
use super::scheduler::Scheduler;
use super::task_array::TaskArray;
use crate::model::Claim;
use serde::Serialize;

/// Files of the manifest: header, records, index.
const MANIFEST_FILES: usize = 3;
/// Files of each array: its script, and what its elements printed.
const FILES_PER_ARRAY: usize = 2;

/// How large a farm run would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FarmRunSize {
    /// Tasks.
    pub tasks: usize,
    /// Arrays.
    pub arrays: usize,
    /// Tasks by kind, in order.
    pub kinds: Vec<TaskKindSize>,
    /// Files that are made on the shared file system before anything runs.
    pub files_to_send: usize,
    /// Files that are made while it runs, besides what tasks make: one result for each task.
    pub files_of_results: usize,
    /// Seconds until everything is done: low, middle, high.
    pub makespan: (f64, f64, f64),
    /// What the engine cannot express.
    pub shortfalls: Vec<String>,
}

/// Tasks of one kind that ask for the same.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskKindSize {
    /// The kind of work.
    pub producer: String,
    /// How many.
    pub tasks: u32,
    /// In how many arrays.
    pub arrays: usize,
    /// What each holds.
    pub claim: Claim,
    /// How its arrays wait for others.
    pub waits: &'static str,
}

impl FarmRunSize {
    /// Returns the size of these arrays at an engine.
    #[must_use]
    pub fn from_arrays(
        scheduler: &dyn Scheduler,
        header: &TaskManifestHeader,
        arrays: &[TaskArray],
        makespan: (f64, f64, f64),
    ) -> Self {
        let kind_size = |group: &super::TaskGroup| {
            let group_arrays: Vec<&TaskArray> = arrays
                .iter()
                .filter(|array| group.contains(array.first))
                .collect();
            let dependencies = || group_arrays.iter().flat_map(|array| &array.after);
            let waits = match (
                dependencies().next().is_some(),
                dependencies().all(|dependencies| dependencies.each),
            ) {
                (false, _) => "",
                (true, true) => "one by one",
                (true, false) => "for all before",
            };
            let (producer, claim) = (group.producer.clone(), group.claim.clone());
            TaskKindSize {
                producer,
                tasks: group.count,
                arrays: group_arrays.len(),
                claim,
                waits,
            }
        };
        Self {
            tasks: header.tasks as usize,
            arrays: arrays.len(),
            kinds: header.groups.iter().map(kind_size).collect(),
            files_to_send: if arrays.is_empty() {
                0
            } else {
                MANIFEST_FILES + 1 + FILES_PER_ARRAY * arrays.len()
            },
            files_of_results: header.tasks as usize,
            makespan,
            shortfalls: scheduler.validate_capabilities(&header.groups),
        }
    }
}
