//! How far a running task is, in a small file that it rewrites and whoever follows the run reads.
//!
//! The load on the shared file system is bounded at both ends: a task writes no oftener than it is read, and one that is done
//! before that never writes; a run reads so many at a time. A pulse is of no account: one that cannot be written or read is
//! left out.

use super::folder::Folder;
use super::listing::Shard;
use super::tasks::TaskId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What a running task says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pulse {
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
    pub of: usize,
    /// When it said so.
    pub at: jiff::Timestamp,
}

impl Pulse {
    /// Reads what a task said last; none when it said nothing that can be understood.
    #[must_use]
    pub fn read(folder: &Folder, task: TaskId) -> Option<Self> {
        let bytes = std::fs::read(path(folder, task)).ok()?;
        serde_json::from_slice(&bytes)
            .ok()
            .filter(|pulse: &Self| pulse.task == task)
    }

    /// Returns what tasks said last, in their order, of `most` tasks that said anything.
    #[must_use]
    pub(super) fn first(folder: &Folder, most: usize) -> Vec<Self> {
        let names = |path: PathBuf| std::fs::read_dir(path).into_iter().flatten().flatten();
        let shards = names(folder.pulses());
        let tasks = shards.flat_map(|shard| names(shard.path()));
        let tasks = tasks.filter_map(|entry| entry.file_name().to_str()?.parse().ok().map(TaskId));
        let tasks: BTreeSet<TaskId> = tasks.collect();
        tasks
            .into_iter()
            .filter_map(|task| Self::read(folder, task))
            .take(most)
            .collect()
    }
}

fn path(folder: &Folder, task: TaskId) -> PathBuf {
    folder
        .pulses()
        .join(format!("{:04}", Shard::of(task).0))
        .join(task.to_string())
}

/// Writes the pulse of one attempt.
pub(super) struct Beat<'a> {
    folder: &'a Folder,
    /// Where a file is written before it takes its place; nobody else writes there.
    desk: PathBuf,
    /// At least so long is between two writes.
    every: Duration,
    /// When it was written last, or the attempt began.
    last: Mutex<Duration>,
}

impl<'a> Beat<'a> {
    pub(super) fn new(folder: &'a Folder, desk: PathBuf, every: Duration, now: Duration) -> Self {
        Self {
            folder,
            desk,
            every,
            last: Mutex::new(now),
        }
    }

    /// Writes what `pulse` says, unless that was done a moment ago.
    pub(super) fn beat(&self, now: Duration, pulse: impl FnOnce() -> Pulse) {
        let Ok(mut last) = self.last.try_lock() else {
            return;
        };
        if now.saturating_sub(*last) >= self.every {
            *last = now;
            let _ = self.write(&pulse());
        }
    }

    fn write(&self, pulse: &Pulse) -> std::io::Result<()> {
        let (disk, to) = (self.folder.layout.disk(), path(self.folder, pulse.task));
        to.parent()
            .map_or(Ok(()), |above| disk.make_folders(above))?;
        disk.make_folders(&self.desk)?;
        let draft = self.desk.join("progress.json");
        let mut file = disk.create_or_replace(&draft)?;
        file.write_all(&serde_json::to_vec(pulse).unwrap_or_default())?;
        drop(file);
        disk.rename(&draft, &to)
    }

    /// Removes what was written, if anything was: an attempt that has ended is told by its result.
    pub(super) fn end(&self, task: TaskId) {
        let path = path(self.folder, task);
        drop(self.last.lock().unwrap_or_else(PoisonError::into_inner));
        if path.exists() {
            let _ = self.folder.layout.disk().remove_all(&path);
        }
    }
}
