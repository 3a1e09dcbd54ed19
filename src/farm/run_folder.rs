//! The paths of a farm run's files, which are in the store below the folder of its revision.

use super::result_name::{AttemptMarker, ResultShard, result_file_name};
use super::task_map::TaskId;
use crate::store::{StoreError, StoreLayout};
use std::path::PathBuf;

/// The folder of one farm run.
#[derive(Debug, Clone)]
pub struct FarmRunFolder {
    /// The layout of the store.
    pub layout: StoreLayout,
    root: PathBuf,
}

impl FarmRunFolder {
    /// Returns the folder of the farm run of `revision`.
    #[must_use]
    pub fn new(layout: StoreLayout, revision: &str) -> Self {
        let root = layout.run_folder(revision).join("farm");
        Self { layout, root }
    }

    /// Returns every revision of a store that has a complete task manifest, in order.
    #[must_use]
    pub fn farm_revisions(layout: &StoreLayout) -> Vec<String> {
        let runs = std::fs::read_dir(layout.root().join("runs"))
            .into_iter()
            .flatten()
            .flatten();
        // The header is written last, so a folder without it is a run that was never submitted.
        let names = runs.filter_map(|entry| entry.file_name().into_string().ok());
        let mut revisions: Vec<String> = names
            .filter(|name| Self::new(layout.clone(), name).header_path().is_file())
            .collect();
        // Folders are listed in any order, and the newest revision must be last.
        revisions.sort();
        revisions
    }

    /// Returns the path of the manifest's header, which is written last.
    #[must_use]
    pub fn header_path(&self) -> PathBuf {
        self.root.join("farm.json")
    }

    /// Returns the path of the task records, one in each line.
    #[must_use]
    pub fn records_path(&self) -> PathBuf {
        self.root.join("tasks.jsonl")
    }

    /// Returns the path of the index, which has the offset of each record.
    #[must_use]
    pub fn index_path(&self) -> PathBuf {
        self.root.join("tasks.index")
    }

    /// Returns the folder of all results.
    #[must_use]
    pub fn results_folder(&self) -> PathBuf {
        self.root.join("results")
    }

    /// Returns the folder of the results of one shard.
    pub(super) fn shard_folder(&self, shard: ResultShard) -> PathBuf {
        self.results_folder().join(shard.folder_name())
    }

    /// Returns the path of the result of one attempt. The name says whether the attempt succeeded,
    /// so that listings show the state of a run.
    #[must_use]
    pub fn result_path(&self, task: TaskId, attempt: u32, succeeded: bool) -> PathBuf {
        // Success is part of the name, so a list of names is enough to know how a task ended.
        let name = result_file_name(task, AttemptMarker { attempt, succeeded });
        self.shard_folder(ResultShard::for_task(task)).join(name)
    }

    /// Returns the folder of the heartbeats of running tasks.
    #[must_use]
    pub fn heartbeats_folder(&self) -> PathBuf {
        self.root.join("progress")
    }

    /// Returns the scratch folder of tasks. It is on the file system of the store, because finished
    /// files are renamed into the store. Local runs have another one, which they empty.
    #[must_use]
    pub fn scratch_folder(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Returns the path of the marker file that keeps tasks from starting. A controller that lost
    /// its newest state starts tasks again that it had dropped. Such tasks find the marker and do
    /// nothing.
    #[must_use]
    pub fn closed_marker_path(&self) -> PathBuf {
        self.root.join("over")
    }

    /// Closes the run: tasks that start from now on do nothing.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn mark_closed(&self) -> Result<(), StoreError> {
        self.layout.replace_file(&self.closed_marker_path(), b"")
    }

    /// Lets tasks start again, for a process that resumes a closed run.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn remove_closed_marker(&self) -> Result<(), StoreError> {
        let marker = self.closed_marker_path();
        // Most resumed runs were never closed, and a missing file is no error.
        if !marker.exists() {
            return Ok(());
        }
        self.layout
            .disk()
            .remove_all(&marker)
            .map_err(|source| StoreError::io("remove", &marker, source))
    }

    /// Returns the folder of the scripts or templates that were submitted, and of their output.
    #[must_use]
    pub fn scheduler_folder(&self) -> PathBuf {
        self.root.join("engine")
    }
}
