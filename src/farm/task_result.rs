//! What one attempt at a task left: written whole, once, in the shared store. The orchestrator believes nothing else.

use super::manifest_header::TASK_MANIFEST_VERSION;
use super::result_name::{AttemptMarker, ResultShard};
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::execute::StoredOutputs;
use crate::model::PeakMemory;
use crate::producers::JobFailure;
use crate::store::StoreError;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The result of one attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// Version of the form.
    pub version: u32,
    /// The task.
    pub task: TaskId,
    /// The job's name.
    pub job: String,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// Identity of the job, when its inputs were known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// What became of it.
    pub verdict: TaskVerdict,
    /// How long the work took.
    pub seconds: f64,
    /// When it was done.
    pub ended: jiff::Timestamp,
    /// The machine.
    pub host: String,
    /// What the engine calls the job that did it, such as `slurm 812_7`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub engine: String,
    /// The most memory that it held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<PeakMemory>,
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskVerdict {
    /// Everything was made, checked and is in the store.
    Succeeded(StoredOutputs),
    /// It failed.
    Failed(JobFailure),
    /// It could not begin: what it needs was not made.
    Unready(JobFailure),
}

impl TaskResult {
    /// Writes the result: there in whole, or not at all, even if two machines write the same one at the same time.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn write(&self, folder: &FarmRunFolder, scratch_folder: &Path) -> Result<(), StoreError> {
        let disk = folder.layout.disk();
        let path = folder.result_path(self.task, self.attempt, self.is_success());
        let shard = folder.shard_folder(ResultShard::for_task(self.task));
        let write = || -> io::Result<()> {
            disk.make_folders(&shard)?;
            disk.make_folders(scratch_folder)?;
            // Written where only this attempt on this machine writes.
            let draft = scratch_folder.join("result.json");
            let mut file = disk.create_or_replace(&draft)?;
            file.write_all(to_pretty_json(self).as_bytes())?;
            file.sync()?;
            drop(file);
            disk.rename(&draft, &path)?;
            disk.sync(&shard)
        };
        write().map_err(|source| StoreError::io("write", &path, source))
    }

    /// Reads what an attempt left; none while there is nothing that can be understood.
    #[must_use]
    pub(super) fn read(
        folder: &FarmRunFolder,
        task: TaskId,
        marker: AttemptMarker,
    ) -> Option<Self> {
        let bytes =
            std::fs::read(folder.result_path(task, marker.attempt, marker.succeeded)).ok()?;
        let result: Self = serde_json::from_slice(&bytes).ok()?;
        (result.version == TASK_MANIFEST_VERSION && result.task == task).then_some(result)
    }

    /// Returns whether everything was made.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.verdict, TaskVerdict::Succeeded(_))
    }
}
