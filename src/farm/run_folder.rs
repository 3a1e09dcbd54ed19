//! Where a farm run keeps what it needs: in the store, below the folder of its revision.

use super::result_name::{AttemptMarker, ResultShard, result_file_name};
use super::task_map::TaskId;
use crate::store::{StoreError, StoreLayout};
use std::path::PathBuf;

/// The folder of one farm run.
#[derive(Debug, Clone)]
pub struct FarmRunFolder {
    /// The store.
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

    /// Returns every revision of a store that was on a farm, in order.
    #[must_use]
    pub fn farm_revisions(layout: &StoreLayout) -> Vec<String> {
        let runs = std::fs::read_dir(layout.root().join("runs"))
            .into_iter()
            .flatten()
            .flatten();
        let names = runs.filter_map(|entry| entry.file_name().into_string().ok());
        let mut revisions: Vec<String> = names
            .filter(|name| Self::new(layout.clone(), name).header_path().is_file())
            .collect();
        revisions.sort();
        revisions
    }

    /// Returns the file of what is true of all tasks; it is written last.
    #[must_use]
    pub fn header_path(&self) -> PathBuf {
        self.root.join("farm.json")
    }

    /// Returns the file of records, one a line.
    #[must_use]
    pub fn records_path(&self) -> PathBuf {
        self.root.join("tasks.jsonl")
    }

    /// Returns the file that says where each record begins.
    #[must_use]
    pub fn index_path(&self) -> PathBuf {
        self.root.join("tasks.index")
    }

    /// Returns the folder of all results.
    #[must_use]
    pub fn results_folder(&self) -> PathBuf {
        self.root.join("results")
    }

    /// Returns the folder of the results of a shard.
    pub(super) fn shard_folder(&self, shard: ResultShard) -> PathBuf {
        self.results_folder().join(shard.folder_name())
    }

    /// Returns the result of one attempt. Its name says whether the task was made, so that where a
    /// run stands is seen without reading a million files.
    #[must_use]
    pub fn result_path(&self, task: TaskId, attempt: u32, succeeded: bool) -> PathBuf {
        let name = result_file_name(task, AttemptMarker { attempt, succeeded });
        self.shard_folder(ResultShard::for_task(task)).join(name)
    }

    /// Returns the folder in which running tasks say how far they are.
    #[must_use]
    pub fn heartbeats_folder(&self) -> PathBuf {
        self.root.join("progress")
    }

    /// Returns where tasks work: on the file system of the store, as finished files are moved into
    /// it, and apart from where local runs do, which empty theirs.
    #[must_use]
    pub fn scratch_folder(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Returns the file that says that nothing of the run begins any more. A controller that lost
    /// its newest state starts again what it had dropped; such tasks do nothing then.
    #[must_use]
    pub fn closed_marker_path(&self) -> PathBuf {
        self.root.join("over")
    }

    /// Notes that nothing of the run begins any more.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn mark_closed(&self) -> Result<(), StoreError> {
        self.layout.replace_file(&self.closed_marker_path(), b"")
    }

    /// Lets tasks begin again, for whoever goes on with a run whose end was begun.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn remove_closed_marker(&self) -> Result<(), StoreError> {
        let marker = self.closed_marker_path();
        if !marker.exists() {
            return Ok(());
        }
        self.layout
            .disk()
            .remove_all(&marker)
            .map_err(|source| StoreError::io("remove", &marker, source))
    }

    /// Returns the folder of what engines are given and what they print.
    #[must_use]
    pub fn scheduler_folder(&self) -> PathBuf {
        self.root.join("engine")
    }
}
