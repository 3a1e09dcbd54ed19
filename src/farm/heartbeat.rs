//! How far a running task is, in a small file that it rewrites and whoever follows the run reads.
//!
//! The load on the shared file system is bounded at both ends: a task writes no oftener than it is
//! read, and one that is done before that never writes; a run reads so many at a time. A pulse is
//! of no account: one that cannot be written or read is left out.

use super::result_name::ResultShard;
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use crate::base::json::to_json_bytes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a running task says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskHeartbeat {
    /// The task.
    pub task: TaskId,
    /// The job's name.
    pub job: String,
    /// Which attempt.
    pub attempt: u32,
    /// The machine.
    pub host: String,
    /// Units that are done.
    pub done: usize,
    /// Of how many.
    #[serde(rename = "of")]
    pub total: usize,
    /// When it said so.
    #[serde(rename = "at")]
    pub written_at: jiff::Timestamp,
}

impl TaskHeartbeat {
    /// Reads what a task said last; none when it said nothing that can be understood.
    #[must_use]
    pub fn read(folder: &FarmRunFolder, task: TaskId) -> Option<Self> {
        let bytes = std::fs::read(heartbeat_path(folder, task)).ok()?;
        serde_json::from_slice(&bytes)
            .ok()
            .filter(|pulse: &Self| pulse.task == task)
    }

    /// Returns what tasks said last, in their order, of `most` tasks that said anything.
    #[must_use]
    pub(super) fn read_up_to(folder: &FarmRunFolder, limit: usize) -> Vec<Self> {
        let folder_entries =
            |path: PathBuf| std::fs::read_dir(path).into_iter().flatten().flatten();
        let shards = folder_entries(folder.heartbeats_folder());
        let tasks = shards.flat_map(|shard| folder_entries(shard.path()));
        let tasks = tasks.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(TaskId));
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

/// Writes the pulse of one attempt.
pub(super) struct HeartbeatWriter<'a> {
    folder: &'a FarmRunFolder,
    /// Where a file is written before it takes its place; nobody else writes there.
    scratch_folder: PathBuf,
    /// At least so long is between two writes.
    min_interval: Duration,
    /// When it was written last, or the attempt began.
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

    /// Writes what `pulse` says, unless that was done a moment ago.
    pub(super) fn write_if_due(&self, now: Duration, heartbeat: impl FnOnce() -> TaskHeartbeat) {
        let Ok(mut last_write) = self.last_write.try_lock() else {
            return;
        };
        if now.saturating_sub(*last_write) >= self.min_interval {
            *last_write = now;
            let _ = self.replace_file(&heartbeat());
        }
    }

    fn replace_file(&self, heartbeat: &TaskHeartbeat) -> std::io::Result<()> {
        let (disk, target) = (
            self.folder.layout.disk(),
            heartbeat_path(self.folder, heartbeat.task),
        );
        target
            .parent()
            .map_or(Ok(()), |above| disk.make_folders(above))?;
        disk.make_folders(&self.scratch_folder)?;
        let draft = self.scratch_folder.join("progress.json");
        let mut file = disk.create_or_replace(&draft)?;
        file.write_all(&to_json_bytes(heartbeat))?;
        drop(file);
        disk.rename(&draft, &target)
    }

    /// Removes what was written, if anything was: an attempt that has ended is told by its result.
    pub(super) fn remove_file(&self, task: TaskId) {
        let path = heartbeat_path(self.folder, task);
        drop(
            self.last_write
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        if path.exists() {
            let _ = self.folder.layout.disk().remove_all(&path);
        }
    }
}
