//! The predicted size of a farm run: tasks, arrays, files on the shared file system, duration, and
//! the requests that the scheduler cannot express.

use super::manifest_header::TaskManifestHeader;
use super::scheduler::Scheduler;
use super::task_array::TaskArray;
use crate::model::Claim;
use serde::Serialize;

/// Files of the manifest: header, records, index.
const MANIFEST_FILES: usize = 3;
/// Files of each array: its script and the output of its elements. All elements share one output
/// file, so the number of files does not grow with the number of tasks.
const FILES_PER_ARRAY: usize = 2;

/// The predicted size of a farm run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FarmRunSize {
    /// The number of tasks.
    pub tasks: usize,
    /// The number of arrays.
    pub arrays: usize,
    /// The groups of tasks, in the order of tasks.
    pub kinds: Vec<TaskKindSize>,
    /// Files that the submission makes on the shared file system.
    pub files_to_send: usize,
    /// Files that the run makes besides artefacts: one result for each task.
    pub files_of_results: usize,
    /// The duration of the run in seconds: low, middle and high estimate.
    pub makespan: (f64, f64, f64),
    /// The requests that the scheduler cannot express, one sentence each.
    pub shortfalls: Vec<String>,
}

/// The tasks of one kind and claim.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TaskKindSize {
    /// The kind of their action, such as `render.shot`.
    pub producer: String,
    /// The number of tasks.
    pub tasks: u32,
    /// The number of arrays that have them.
    pub arrays: usize,
    /// The claim of each task.
    pub claim: Claim,
    /// How its arrays wait for others: `one by one`, `for all before`, or empty if they do not
    /// wait.
    pub waits: &'static str,
}

impl FarmRunSize {
    /// Returns the size of a run that submits these arrays to a scheduler.
    #[must_use]
    pub fn from_arrays(
        scheduler: &dyn Scheduler,
        header: &TaskManifestHeader,
        arrays: &[TaskArray],
        makespan: (f64, f64, f64),
    ) -> Self {
        let kind_size = |group: &super::TaskGroup| {
            // By their first tasks: an array is never of two groups.
            let group_arrays: Vec<&TaskArray> = arrays
                .iter()
                .filter(|array| group.contains(array.first))
                .collect();
            let dependencies = || group_arrays.iter().flat_map(|array| &array.after);
            // One dependency on a whole array is enough to make every element wait for all, so the
            // weaker case is reported for the group.
            let waits = match (
                dependencies().next().is_some(),
                dependencies().all(|dependencies| dependencies.each),
            ) {
                (false, _) => "",
                (true, true) => "one by one",
                (true, false) => "for all before",
            };
            let producer = group.producer.clone();
            let claim = group.claim.clone();
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
            // A run with nothing to make writes no manifest either.
            files_to_send: if arrays.is_empty() {
                0
            } else {
                // The additional file is the submission log.
                MANIFEST_FILES + 1 + FILES_PER_ARRAY * arrays.len()
            },
            // The least: each further attempt at a task leaves a result of its own.
            files_of_results: header.tasks as usize,
            makespan,
            shortfalls: scheduler.validate_capabilities(&header.groups),
        }
    }
}
