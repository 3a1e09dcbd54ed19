//! The newest attempt at each task and whether it succeeded, from the names of result files alone.
//!
//! Folders are listed instead of asking for single files. One call covers a thousand tasks, and it
//! makes a network file system ask its server again.

use super::result_name::{AttemptMarker, ResultShard, parse_result_name};
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use super::task_result::{TaskResult, UnreadableResult};
use std::collections::HashMap;

/// The folders that were listed so far.
pub(super) struct ResultListing {
    folder: FarmRunFolder,
    shards: HashMap<ResultShard, HashMap<TaskId, AttemptMarker>>,
}

impl ResultListing {
    pub(super) fn new(folder: &FarmRunFolder) -> Self {
        Self {
            folder: folder.clone(),
            shards: HashMap::new(),
        }
    }

    /// Returns the newest attempt at a task by the last listing of its folder. Lists the folder if
    /// it never was.
    pub(super) fn newest_attempt(&mut self, task: TaskId) -> Option<AttemptMarker> {
        let shard = ResultShard::for_task(task);
        match self.shards.get(&shard) {
            Some(listed) => listed.get(&task).copied(),
            None => self.refresh_shard(shard).get(&task).copied(),
        }
    }

    /// Lists a folder again.
    pub(super) fn refresh_shard(&mut self, shard: ResultShard) -> &HashMap<TaskId, AttemptMarker> {
        let listed = list_shard(&self.folder, shard);
        self.shards.entry(shard).insert_entry(listed).into_mut()
    }

    /// Reads the result of the attempt that [`newest_attempt`](Self::newest_attempt) returns.
    /// `None` if there is no attempt, or its file cannot be read yet.
    pub(super) fn read_result(&mut self, task: TaskId) -> Option<TaskResult> {
        let marker = self.newest_attempt(task)?;
        TaskResult::read(&self.folder, task, marker)
    }

    /// Returns the newest result of a task if it is there and cannot be read.
    pub(super) fn unreadable_result(&mut self, task: TaskId) -> Option<UnreadableResult> {
        let marker = self.newest_attempt(task)?;
        TaskResult::read_checked(&self.folder, task, marker).err()
    }
}

fn list_shard(folder: &FarmRunFolder, shard: ResultShard) -> HashMap<TaskId, AttemptMarker> {
    let mut newest: HashMap<TaskId, AttemptMarker> = HashMap::new();
    // A folder that is missing has no results yet: its first result makes it. An error of the file
    // system looks the same here, and is over when the folder can be listed again.
    let Ok(entries) = std::fs::read_dir(folder.shard_folder(shard)) else {
        return newest;
    };
    for (task, marker) in entries
        .flatten()
        .filter_map(|entry| parse_result_name(entry.file_name().to_str()?))
    {
        // Listings have no order, so a later entry is not a newer attempt.
        let known = newest.entry(task).or_insert(marker);
        *known = marker.max(*known);
    }
    newest
}
