//! The result of one attempt at a task: a file in the shared store, written once and as a whole.
//! The run trusts no other source about the outcome of a task.

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
use std::path::{Path, PathBuf};

/// The result of one attempt, the content of its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// The format version, [`TASK_MANIFEST_VERSION`].
    pub version: u32,
    /// The number of the task in the manifest.
    pub task: TaskId,
    /// The job's name.
    pub job: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The identity of the job. `None` if the attempt failed before its inputs were known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The outcome.
    pub verdict: TaskVerdict,
    /// The duration of the work in seconds.
    pub seconds: f64,
    /// The time at which the attempt ended.
    pub ended: jiff::Timestamp,
    /// The name of the machine.
    pub host: String,
    /// The scheduler's name of the job, such as `slurm 812_7`; empty if there was no scheduler.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub engine: String,
    /// The peak memory, if it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<PeakMemory>,
}

/// A result that is there and cannot be read. The text reads after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("read the result {}: {why}", path.display())]
pub struct UnreadableResult {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskVerdict {
    /// Every output was made and checked, and is in the store.
    Succeeded(StoredOutputs),
    /// The attempt failed.
    Failed(JobFailure),
    /// The attempt could not start, because an input was not there in time.
    Unready(JobFailure),
}

impl TaskResult {
    /// Writes the result atomically, even if two machines write the same one at the same time.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn write(&self, folder: &FarmRunFolder, scratch_folder: &Path) -> Result<(), StoreError> {
        let disk = folder.layout.disk();
        let path = folder.result_path(self.task, self.attempt, self.is_success());
        let shard = folder.shard_folder(ResultShard::for_task(self.task));
        let write = || -> io::Result<()> {
            disk.make_folders(&shard)?;
            disk.make_folders(scratch_folder)?;
            // A requeued element may run on two machines for a moment. Each writes to a scratch
            // folder of its own, and the rename puts one whole file in place.
            let draft = scratch_folder.join("result.json");
            let mut file = disk.create_or_replace(&draft)?;
            file.write_all(to_pretty_json(self).as_bytes())?;
            file.sync()?;
            drop(file);
            disk.rename(&draft, &path)?;
            // The folder is synced too: after a power cut, an unsynced rename could be lost while
            // the run has already recorded the result.
            disk.sync(&shard)
        };
        write().map_err(|source| StoreError::io("write", &path, source))
    }

    /// Reads the result of an attempt. `None` if there is no result, or none that can be parsed
    /// yet.
    #[must_use]
    pub(super) fn read(
        folder: &FarmRunFolder,
        task: TaskId,
        marker: AttemptMarker,
    ) -> Option<Self> {
        // A partly visible file is the same as no file here: the caller looks again until the lag
        // is over, so no error is reported for a file that is still on its way.
        Self::read_checked(folder, task, marker).ok()
    }

    /// Reads the result of an attempt whose file was listed.
    pub(super) fn read_checked(
        folder: &FarmRunFolder,
        task: TaskId,
        marker: AttemptMarker,
    ) -> Result<Self, UnreadableResult> {
        let path = folder.result_path(task, marker.attempt, marker.succeeded);
        let unreadable = |why: String| UnreadableResult {
            path: path.clone(),
            why,
        };
        let bytes = std::fs::read(&path).map_err(|error| unreadable(error.to_string()))?;
        let result: Self =
            serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if result.version != TASK_MANIFEST_VERSION {
            let version = result.version;
            return Err(unreadable(format!(
                "it has version {version}, and not {TASK_MANIFEST_VERSION}"
            )));
        }
        // A file that was copied or renamed by hand would be taken for the result of another task.
        if result.task != task {
            return Err(unreadable(format!("it is about task {}", result.task)));
        }
        Ok(result)
    }

    /// Returns whether the attempt succeeded.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.verdict, TaskVerdict::Succeeded(_))
    }
}
