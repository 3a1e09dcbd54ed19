//! What the folders of results show, by the names of files alone: the newest attempt at each task, and whether it was made.
//!
//! Folders are listed, not files asked for: that is one call for a thousand tasks, and makes a network file system look again.

use super::result_name::{AttemptMarker, ResultShard, parse_result_name};
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use super::task_result::TaskResult;
use std::collections::HashMap;

/// What was listed so far.
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

    /// Returns what the newest attempt at a task left, as far as its folder was listed; a folder that never was is.
    pub(super) fn newest_attempt(&mut self, task: TaskId) -> Option<AttemptMarker> {
        let shard = ResultShard::for_task(task);
        match self.shards.get(&shard) {
            Some(listed) => listed.get(&task).copied(),
            None => self.refresh_shard(shard).get(&task).copied(),
        }
    }

    /// Lists a folder as it is now.
    pub(super) fn refresh_shard(&mut self, shard: ResultShard) -> &HashMap<TaskId, AttemptMarker> {
        let listed = list_shard(&self.folder, shard);
        self.shards.entry(shard).insert_entry(listed).into_mut()
    }

    /// Reads what the newest attempt at a task left, as [`newest_attempt`](Self::newest_attempt) knows it.
    pub(super) fn read_result(&mut self, task: TaskId) -> Option<TaskResult> {
        let marker = self.newest_attempt(task)?;
        TaskResult::read(&self.folder, task, marker)
    }
}

fn list_shard(folder: &FarmRunFolder, shard: ResultShard) -> HashMap<TaskId, AttemptMarker> {
    let mut newest: HashMap<TaskId, AttemptMarker> = HashMap::new();
    let Ok(entries) = std::fs::read_dir(folder.shard_folder(shard)) else {
        return newest;
    };
    for (task, marker) in entries
        .flatten()
        .filter_map(|entry| parse_result_name(entry.file_name().to_str()?))
    {
        let known = newest.entry(task).or_insert(marker);
        *known = marker.max(*known);
    }
    newest
}
