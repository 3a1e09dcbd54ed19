//! Which jobs a run is asked for: all, some shots, or everything up to a phase.

use super::graph::needs;
use crate::model::{Job, JobId, Phase};

/// What a run is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these shots, and what they need.
    pub shots: Vec<String>,
    /// Only jobs of this phase, and what they need.
    pub phase: Option<Phase>,
}

impl Selection {
    fn asks_for(&self, job: &Job) -> bool {
        let shot = self.shots.is_empty() || job.shot.as_ref().is_some_and(|shot| self.shots.contains(shot));
        shot && self.phase.is_none_or(|phase| job.phase == phase)
    }
}

pub(super) fn wanted(jobs: &[Job], order: &[JobId], selection: &Selection) -> Vec<bool> {
    let mut wanted: Vec<bool> = jobs.iter().map(|job| selection.asks_for(job)).collect();
    for id in order.iter().rev().filter(|id| jobs.len() > id.index()) {
        if wanted[id.index()] {
            for need in needs(&jobs[id.index()]) {
                wanted[need.index()] = true;
            }
        }
    }
    wanted
}
