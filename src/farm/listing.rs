//! What the folders of results show, by the names of files alone: the newest attempt at each task, and whether it was made.
//!
//! Folders are listed, not files asked for: that is one call for a thousand tasks, and makes a network file system look again.

use super::folder::{Folder, SHARD, parse};
use super::result::TaskResult;
use super::tasks::TaskId;
use std::collections::HashMap;

/// What the newest attempt at a task left. Of two that did the same attempt, one that made it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Left {
    pub(super) attempt: u32,
    pub(super) made: bool,
}

/// A thousand tasks whose results share a folder, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shard(pub(super) u32);

impl Shard {
    pub(super) const fn of(task: TaskId) -> Self {
        Self(task.0 / SHARD)
    }

    /// Returns every shard of this many tasks.
    pub(super) fn all(tasks: u32) -> impl Iterator<Item = Self> {
        (0..tasks.div_ceil(SHARD)).map(Self)
    }

    const fn first(self) -> TaskId {
        TaskId(self.0 * SHARD)
    }
}

/// What was listed so far.
pub(super) struct Listing {
    folder: Folder,
    shards: HashMap<Shard, HashMap<TaskId, Left>>,
}

impl Listing {
    pub(super) fn new(folder: &Folder) -> Self {
        Self {
            folder: folder.clone(),
            shards: HashMap::new(),
        }
    }

    /// Returns what the newest attempt at a task left, as far as its folder was listed; a folder that never was is.
    pub(super) fn newest(&mut self, task: TaskId) -> Option<Left> {
        let shard = Shard::of(task);
        match self.shards.get(&shard) {
            Some(listed) => listed.get(&task).copied(),
            None => self.again(shard).get(&task).copied(),
        }
    }

    /// Lists a folder as it is now.
    pub(super) fn again(&mut self, shard: Shard) -> &HashMap<TaskId, Left> {
        let listed = list(&self.folder, shard);
        self.shards.entry(shard).insert_entry(listed).into_mut()
    }

    /// Reads what the newest attempt at a task left, as [`newest`](Self::newest) knows it.
    pub(super) fn read(&mut self, task: TaskId) -> Option<TaskResult> {
        let left = self.newest(task)?;
        TaskResult::read(&self.folder, task, left)
    }
}

fn list(folder: &Folder, shard: Shard) -> HashMap<TaskId, Left> {
    let mut newest: HashMap<TaskId, Left> = HashMap::new();
    let Ok(entries) = std::fs::read_dir(folder.shard(shard.first())) else {
        return newest;
    };
    for (task, left) in entries
        .flatten()
        .filter_map(|entry| parse(entry.file_name().to_str()?))
    {
        let known = newest.entry(task).or_insert(left);
        *known = left.max(*known);
    }
    newest
}
