//! Where a farm run keeps what it needs: in the store, below the folder of its revision.

use super::listing::Left;
use super::tasks::TaskId;
use crate::store::{StoreError, StoreLayout};
use std::path::PathBuf;

/// Results in one folder: few enough that listing one is quick on a shared file system.
pub(super) const SHARD: u32 = 1000;
/// In the names of results of attempts that did not make their task.
const FAILED: &str = ".failed";

/// The folder of one farm run.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The store.
    pub layout: StoreLayout,
    root: PathBuf,
}

impl Folder {
    /// Returns the folder of the farm run of `revision`.
    #[must_use]
    pub fn new(layout: StoreLayout, revision: &str) -> Self {
        let root = layout.run_folder(revision).join("farm");
        Self { layout, root }
    }

    /// Returns every revision of a store that was on a farm, in order.
    #[must_use]
    pub fn all(layout: &StoreLayout) -> Vec<String> {
        let runs = std::fs::read_dir(layout.root().join("runs"))
            .into_iter()
            .flatten()
            .flatten();
        let names = runs.filter_map(|entry| entry.file_name().into_string().ok());
        let mut all: Vec<String> = names
            .filter(|name| Self::new(layout.clone(), name).header().is_file())
            .collect();
        all.sort();
        all
    }

    /// Returns the file of what is true of all tasks; it is written last.
    #[must_use]
    pub fn header(&self) -> PathBuf {
        self.root.join("farm.json")
    }

    /// Returns the file of records, one a line.
    #[must_use]
    pub fn records(&self) -> PathBuf {
        self.root.join("tasks.jsonl")
    }

    /// Returns the file that says where each record begins.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.root.join("tasks.index")
    }

    /// Returns the folder of all results.
    #[must_use]
    pub fn results(&self) -> PathBuf {
        self.root.join("results")
    }

    /// Returns the folder of the results of `task` and its neighbours.
    #[must_use]
    pub fn shard(&self, task: TaskId) -> PathBuf {
        self.results().join(format!("{:04}", task.0 / SHARD))
    }

    /// Returns the result of one attempt. Its name says whether the task was made, so that where a run stands is seen
    /// without reading a million files.
    #[must_use]
    pub fn result(&self, task: TaskId, attempt: u32, made: bool) -> PathBuf {
        let failed = if made { "" } else { FAILED };
        self.shard(task)
            .join(format!("{task}.{attempt}{failed}.json"))
    }

    /// Returns the folder in which running tasks say how far they are.
    #[must_use]
    pub fn pulses(&self) -> PathBuf {
        self.root.join("progress")
    }

    /// Returns where tasks work: on the file system of the store, as finished files are moved into it, and apart from where
    /// local runs do, which empty theirs.
    #[must_use]
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    /// Returns the file that says that nothing of the run begins any more. A controller that lost its newest state starts
    /// again what it had dropped; such tasks do nothing then.
    #[must_use]
    pub fn over(&self) -> PathBuf {
        self.root.join("over")
    }

    /// Notes that nothing of the run begins any more.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn close(&self) -> Result<(), StoreError> {
        self.layout.replace_file(&self.over(), b"")
    }

    /// Lets tasks begin again, for whoever goes on with a run whose end was begun.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn reopen(&self) -> Result<(), StoreError> {
        let over = self.over();
        if !over.exists() {
            return Ok(());
        }
        self.layout
            .disk()
            .remove_all(&over)
            .map_err(|source| StoreError::io("remove", &over, source))
    }

    /// Returns the folder of what engines are given and what they print.
    #[must_use]
    pub fn engine(&self) -> PathBuf {
        self.root.join("engine")
    }
}

/// Returns of which attempt at which task the result file of this name is.
pub(super) fn parse(name: &str) -> Option<(TaskId, Left)> {
    let (task, rest) = name.split_once('.')?;
    let attempt = rest.strip_suffix(".json")?;
    let (attempt, made) = attempt
        .strip_suffix(FAILED)
        .map_or((attempt, true), |attempt| (attempt, false));
    Some((
        TaskId(task.parse().ok()?),
        Left {
            attempt: attempt.parse().ok()?,
            made,
        },
    ))
}
