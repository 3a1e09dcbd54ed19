//! Which shots of a run are complete: how many jobs of each are still to be done.

use std::collections::{BTreeSet, HashMap};

/// The open jobs of each shot, and the shots without any. Jobs that belong to no shot count for
/// none.
#[derive(Debug, Default)]
pub(super) struct ShotProgress {
    open_jobs: HashMap<String, usize>,
    completed: BTreeSet<String>,
}

impl ShotProgress {
    /// Adds a job to the count of its shot.
    pub(super) fn add_job(&mut self, shot: Option<&str>) {
        let Some(shot) = shot else { return };
        // Not `entry`, which needs a copy of the name for each job and not only for the first of a
        // shot.
        match self.open_jobs.get_mut(shot) {
            Some(open_jobs) => *open_jobs += 1,
            None => drop(self.open_jobs.insert(shot.to_owned(), 1)),
        }
    }

    /// Counts a job of a shot as done. Returns whether that completes the shot.
    pub(super) fn finish_job(&mut self, shot: Option<&str>) -> bool {
        let Some(shot) = shot else { return false };
        let Some(open_jobs) = self.open_jobs.get_mut(shot) else {
            return false;
        };
        *open_jobs -= 1;
        if *open_jobs > 0 {
            return false;
        }
        self.completed.insert(shot.to_owned());
        true
    }

    /// Counts a job of a shot as open again. A shot that was complete is so no more.
    pub(super) fn reopen_job(&mut self, shot: Option<&str>) {
        let Some(shot) = shot else { return };
        if let Some(open_jobs) = self.open_jobs.get_mut(shot) {
            *open_jobs += 1;
            self.completed.remove(shot);
        }
    }

    /// Returns the names of the complete shots.
    pub(super) const fn completed(&self) -> &BTreeSet<String> {
        &self.completed
    }
}
