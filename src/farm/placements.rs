//! What was given to the engine, written down before it is: so that whoever comes after a killed orchestrator knows which of
//! the engine's jobs are ours, and which tasks they do.

use super::array::Array;
use super::folder::Folder;
use super::manifest::FarmError;
use super::tasks::TaskId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    /// An array is about to be handed in.
    Placing(Array),
    /// The engine took it, under this name.
    Placed { number: u32, job: String },
}

/// Every array of a farm run.
#[derive(Debug, Clone)]
pub struct Placements {
    folder: Folder,
    arrays: BTreeMap<u32, Array>,
    jobs: HashMap<u32, String>,
    /// The number of the array that tasks were first in, by its first task.
    origins: BTreeMap<TaskId, u32>,
    /// The newest attempt at each task that was placed more than once.
    retried: HashMap<TaskId, u32>,
}

impl Placements {
    /// Reads what was placed so far; a torn last line is what a kill leaves, and was not handed in.
    ///
    /// # Errors
    /// Fails when the file is there and cannot be read.
    pub fn open(folder: Folder) -> Result<Self, FarmError> {
        let path = file(&folder);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(FarmError::io("read", &path, error)),
        };
        let mut placements = Self {
            folder,
            arrays: BTreeMap::new(),
            jobs: HashMap::new(),
            origins: BTreeMap::new(),
            retried: HashMap::new(),
        };
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .filter(|line| !matches!(line, Line::Placing(array) if !array.is_sound()))
            .for_each(|line| placements.note(line));
        Ok(placements)
    }

    fn note(&mut self, line: Line) {
        match line {
            Line::Placing(array) => {
                if array.attempt > 1 {
                    for task in array.tasks() {
                        let newest = self.retried.entry(task).or_default();
                        *newest = (*newest).max(array.attempt);
                    }
                }
                if array.attempt == 1 {
                    self.origins.entry(array.first).or_insert(array.number);
                }
                self.arrays.insert(array.number, array);
            }
            Line::Placed { number, job } => drop(self.jobs.insert(number, job)),
        }
    }

    fn write(&mut self, line: Line) -> Result<(), FarmError> {
        let (path, disk) = (file(&self.folder), self.folder.layout.disk());
        let mut text = serde_json::to_string(&line).unwrap_or_default();
        text.push('\n');
        let write = || -> io::Result<()> {
            disk.make_folders(&self.folder.engine())?;
            let mut file = if path.exists() {
                disk.open_append(&path)?
            } else {
                disk.create(&path)?
            };
            file.write_all(text.as_bytes())?;
            file.sync()
        };
        write().map_err(|source| FarmError::io("write", &path, source))?;
        self.note(line);
        Ok(())
    }

    /// Notes that an array is about to be handed in.
    ///
    /// # Errors
    /// Fails when that cannot be written down; it must not be handed in then.
    pub fn placing(&mut self, array: Array) -> Result<(), FarmError> {
        self.write(Line::Placing(array))
    }

    /// Notes that the engine took it.
    ///
    /// # Errors
    /// Fails when that cannot be written down.
    pub fn placed(&mut self, number: u32, job: String) -> Result<(), FarmError> {
        self.write(Line::Placed { number, job })
    }

    /// Returns every array, in the order placed.
    pub fn arrays(&self) -> impl ExactSizeIterator<Item = &Array> {
        self.arrays.values()
    }

    /// Returns the array of this number.
    #[must_use]
    pub fn array(&self, number: u32) -> Option<&Array> {
        self.arrays.get(&number)
    }

    /// Returns the engine's name of the array of this number.
    #[must_use]
    pub fn job(&self, number: u32) -> Option<&str> {
        self.jobs.get(&number).map(String::as_str)
    }

    /// Returns the number of the next array.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.arrays.keys().next_back().map_or(0, |last| last + 1)
    }

    /// Returns the newest attempt at a task that was placed; 0 when none was.
    #[must_use]
    pub fn attempt(&self, task: TaskId) -> u32 {
        self.retried
            .get(&task)
            .copied()
            .unwrap_or_else(|| self.origin(task).map_or(0, |_| 1))
    }

    /// Returns the array that a task was first in.
    #[must_use]
    pub fn origin(&self, task: TaskId) -> Option<&Array> {
        let (first, number) = self.origins.range(..=task).next_back()?;
        self.array(*number)
            .filter(|array| array.task(task.0 - first.0).is_some())
    }
}

fn file(folder: &Folder) -> PathBuf {
    folder.engine().join("placements.jsonl")
}
