//! The log of submissions, written before each submission is made. A process that follows a killed
//! one learns from it which jobs of the scheduler are ours, and which tasks they run.

use super::run_folder::FarmRunFolder;
use super::task_array::TaskArray;
use super::task_manifest::FarmError;
use super::task_map::TaskId;
use crate::base::json::to_json_string;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::PathBuf;

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum SubmissionLogEntry {
    /// An array is about to be submitted.
    #[serde(rename = "placing")]
    Submitting(TaskArray),
    /// The scheduler accepted the array under this name.
    #[serde(rename = "placed")]
    Submitted { number: u32, job: String },
}

/// The arrays of a farm run that were submitted, or were about to be.
#[derive(Debug, Clone)]
pub struct SubmissionLog {
    folder: FarmRunFolder,
    arrays: BTreeMap<u32, TaskArray>,
    scheduler_jobs: HashMap<u32, String>,
    /// The number of the array with first attempts, by its first task.
    first_arrays: BTreeMap<TaskId, u32>,
    /// The newest attempt at each task with more than one. The others follow from `first_arrays`,
    /// so a million tasks need no entry each.
    newest_attempts: HashMap<TaskId, u32>,
}

impl SubmissionLog {
    /// Reads the log of a farm run. A missing file is an empty log.
    ///
    /// # Errors
    /// Fails if the file exists and cannot be read.
    pub fn open(folder: FarmRunFolder) -> Result<Self, FarmError> {
        let path = submission_log_path(&folder);
        // A run that never submitted has no log, which is no error. Any other error is one: without
        // the log, running tasks would be submitted again.
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(FarmError::io("read", &path, error)),
        };
        let mut log = Self {
            folder,
            arrays: BTreeMap::new(),
            scheduler_jobs: HashMap::new(),
            first_arrays: BTreeMap::new(),
            newest_attempts: HashMap::new(),
        };
        // A kill can tear the last line. The submission is made only after its line was synced, so
        // what such a line names was never submitted, and the line is skipped.
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            // An array with overflowing numbers would panic later, far from the damaged file.
            .filter(
                |line| !matches!(line, SubmissionLogEntry::Submitting(array) if !array.is_sound()),
            )
            .for_each(|line| log.apply_entry(line));
        Ok(log)
    }

    fn apply_entry(&mut self, entry: SubmissionLogEntry) {
        match entry {
            SubmissionLogEntry::Submitting(array) => {
                if array.attempt > 1 {
                    for task in array.task_ids() {
                        // Only of retries, which are few. A first attempt is known from its array.
                        let newest = self.newest_attempts.entry(task).or_default();
                        // Entries of two processes may be in another order than their attempts.
                        *newest = (*newest).max(array.attempt);
                    }
                }
                if array.attempt == 1 {
                    // The first entry wins: elements of retries are numbered by that array.
                    self.first_arrays.entry(array.first).or_insert(array.number);
                }
                self.arrays.insert(array.number, array);
            }
            SubmissionLogEntry::Submitted { number, job } => {
                drop(self.scheduler_jobs.insert(number, job));
            }
        }
    }

    fn append_entry(&mut self, entry: SubmissionLogEntry) -> Result<(), FarmError> {
        let path = submission_log_path(&self.folder);
        let disk = self.folder.layout.disk();
        let mut text = to_json_string(&entry);
        text.push('\n');
        let write = || -> io::Result<()> {
            disk.make_folders(&self.folder.scheduler_folder())?;
            let mut file = if path.exists() {
                disk.open_append(&path)?
            } else {
                disk.create(&path)?
            };
            file.write_all(text.as_bytes())?;
            // Synced, because the submission follows at once. After a power cut, a job that the log
            // does not have would run without being recognised.
            file.sync()
        };
        write().map_err(|source| FarmError::io("write", &path, source))?;
        // Memory changes only after the disk did, so the two cannot disagree after an error.
        self.apply_entry(entry);
        Ok(())
    }

    /// Records that an array is about to be submitted.
    ///
    /// # Errors
    /// Fails if the log cannot be written. The array must not be submitted then.
    pub fn record_submitting(&mut self, array: TaskArray) -> Result<(), FarmError> {
        // Before the submission: a job at the scheduler without an entry could not be found again.
        self.append_entry(SubmissionLogEntry::Submitting(array))
    }

    /// Records that the scheduler accepted an array, and its name of the job.
    ///
    /// # Errors
    /// Fails if the log cannot be written.
    pub fn record_submitted(&mut self, number: u32, job: String) -> Result<(), FarmError> {
        // An entry without this one may or may not be at the scheduler.
        self.append_entry(SubmissionLogEntry::Submitted { number, job })
    }

    /// Returns every array, in the order of submission.
    pub fn arrays(&self) -> impl ExactSizeIterator<Item = &TaskArray> {
        self.arrays.values()
    }

    /// Returns the array with this number.
    #[must_use]
    pub fn array(&self, number: u32) -> Option<&TaskArray> {
        self.arrays.get(&number)
    }

    /// Returns the scheduler's job of an array. `None` if it was not accepted yet, as far as is
    /// known.
    #[must_use]
    pub fn scheduler_job(&self, number: u32) -> Option<&str> {
        self.scheduler_jobs.get(&number).map(String::as_str)
    }

    /// Returns the first number that no array has.
    #[must_use]
    pub fn next_number(&self) -> u32 {
        self.arrays.keys().next_back().map_or(0, |last| last + 1)
    }

    /// Returns the newest attempt at a task that was submitted; 0 if none was.
    #[must_use]
    pub fn newest_attempt(&self, task: TaskId) -> u32 {
        self.newest_attempts
            .get(&task)
            .copied()
            .unwrap_or_else(|| self.first_array(task).map_or(0, |_| 1))
    }

    /// Returns the array with the first attempt at a task.
    #[must_use]
    pub fn first_array(&self, task: TaskId) -> Option<&TaskArray> {
        let (first, number) = self.first_arrays.range(..=task).next_back()?;
        self.array(*number)
            .filter(|array| array.task_of_element(task.0 - first.0).is_some())
    }
}

fn submission_log_path(folder: &FarmRunFolder) -> PathBuf {
    folder.scheduler_folder().join("placements.jsonl")
}
