//! The heartbeat of a running task: a small file with its progress, which the task rewrites and the
//! process that follows the run reads.
//!
//! The load on the shared file system is bounded at both ends. A task writes at most once in each
//! poll period, a shorter task never writes, and the number of heartbeats that are read at a time
//! is limited. Nothing depends on a heartbeat: one that cannot be written or read is skipped.

use super::result_name::ResultShard;
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use crate::base::json::to_json_bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The progress of a running task, as the task reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHeartbeat {
    /// The number of the task in the manifest.
    pub task: TaskId,
    /// The name of the job, such as `render.shot/sh010`.
    pub job: String,
    /// The number of the attempt, from 1.
    pub attempt: u32,
    /// The name of the machine.
    pub host: String,
    /// The finished units, such as frames.
    pub done: usize,
    /// The number of all units.
    #[serde(rename = "of")]
    pub total: usize,
    /// The time of writing, by the machine's clock.
    #[serde(rename = "at")]
    pub written_at: jiff::Timestamp,
}

impl TaskHeartbeat {
    /// Reads the last heartbeat of a task. `None` if there is none, or none that can be parsed.
    #[must_use]
    pub fn read(folder: &FarmRunFolder, task: TaskId) -> Option<Self> {
        let bytes = std::fs::read(heartbeat_path(folder, task)).ok()?;
        serde_json::from_slice(&bytes)
            .ok()
            .filter(|heartbeat: &Self| heartbeat.task == task)
    }

    /// Reads the heartbeats of the first `limit` tasks that have one, in the order of tasks.
    #[must_use]
    pub(super) fn read_up_to(folder: &FarmRunFolder, limit: usize) -> Vec<Self> {
        let folder_entries =
            |path: PathBuf| std::fs::read_dir(path).into_iter().flatten().flatten();
        let shards = folder_entries(folder.heartbeats_folder());
        let tasks = shards.flat_map(|shard| folder_entries(shard.path()));
        let tasks = tasks.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(TaskId));
        // Names are gathered and sorted before any file is read, so that repeated calls show the
        // same tasks. Listings have no order.
        let tasks: BTreeSet<TaskId> = tasks.collect();
        tasks
            .into_iter()
            .filter_map(|task| Self::read(folder, task))
            .take(limit)
            .collect()
    }
}

fn heartbeat_path(folder: &FarmRunFolder, task: TaskId) -> PathBuf {
    folder
        .heartbeats_folder()
        .join(ResultShard::for_task(task).folder_name())
        .join(task.to_string())
}

/// Writes the heartbeats of one attempt.
pub(super) struct HeartbeatWriter<'a> {
    folder: &'a FarmRunFolder,
    /// The folder for drafts, in which only this attempt writes.
    scratch_folder: PathBuf,
    /// The shortest time between two writes.
    min_interval: Duration,
    /// The time of the last write, or of the start of the attempt. With the start as the first
    /// value, a task that is shorter than the interval writes nothing.
    last_write: Mutex<Duration>,
}

impl<'a> HeartbeatWriter<'a> {
    pub(super) fn new(
        folder: &'a FarmRunFolder,
        scratch_folder: PathBuf,
        min_interval: Duration,
        now: Duration,
    ) -> Self {
        Self {
            folder,
            scratch_folder,
            min_interval,
            last_write: Mutex::new(now),
        }
    }

    /// Writes a heartbeat if the interval is over. `heartbeat` is called only then.
    pub(super) fn write_if_due(&self, now: Duration, heartbeat: impl FnOnce() -> TaskHeartbeat) {
        // Several threads may report progress. One that finds another writing returns at
        // once: rendering must never wait for a slow shared disk.
        let Ok(mut last_write) = self.last_write.try_lock() else {
            return;
        };
        if now.saturating_sub(*last_write) >= self.min_interval {
            *last_write = now;
            let _ = self.replace_file(&heartbeat());
        }
    }

    fn replace_file(&self, heartbeat: &TaskHeartbeat) -> std::io::Result<()> {
        let disk = self.folder.layout.disk();
        let target = heartbeat_path(self.folder, heartbeat.task);
        target
            .parent()
            .map_or(Ok(()), |above| disk.make_folders(above))?;
        disk.make_folders(&self.scratch_folder)?;
        let draft = self.scratch_folder.join("progress.json");
        let mut file = disk.create_or_replace(&draft)?;
        file.write_all(&to_json_bytes(heartbeat))?;
        drop(file);
        // A rename, so that no reader sees half a file. It is not synced: after a power cut the
        // task is gone, and its progress with it.
        disk.rename(&draft, &target)
    }

    /// Removes the heartbeat, if one was written. The result replaces it.
    pub(super) fn remove_file(&self, task: TaskId) {
        let path = heartbeat_path(self.folder, task);
        // Waits for a write in progress, which would otherwise put the file back after its removal.
        drop(
            self.last_write
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if path.exists() {
            // A heartbeat that stays is harmless: the result of the task counts, and not its
            // progress.
            let _ = self.folder.layout.disk().remove_all(&path);
        }
    }
}
