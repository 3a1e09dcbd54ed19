//! The jobs of a run whose result was taken back, because a file of it is damaged in the store.

use crate::model::{Artefact, JobId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How often one job may find a damaged input in a run.
// A disk that damages everything written to it must end the run, and not keep it busy for ever.
const MAX_FINDS: u32 = 3;

/// Results that were taken back in this run.
#[derive(Debug, Default)]
pub(super) struct TakenBackResults {
    /// What each had made before, until it is made again.
    outputs_before: BTreeMap<JobId, Arc<[Artefact]>>,
    /// Those that must run although the store has a result.
    must_run: BTreeSet<JobId>,
    /// How often each job found a damaged input.
    finds: BTreeMap<JobId, u32>,
}

impl TakenBackResults {
    /// Returns whether nothing was ever taken back.
    pub(super) fn is_empty(&self) -> bool {
        self.finds.is_empty()
    }

    /// Counts a damaged input of this job. Returns whether it may wait for another one.
    pub(super) fn allow_another(&mut self, id: JobId) -> bool {
        let finds = self.finds.entry(id).or_default();
        *finds += 1;
        *finds <= MAX_FINDS
    }

    /// Adds a job that had made `outputs`.
    pub(super) fn add(&mut self, id: JobId, outputs: Arc<[Artefact]>, must_run: bool) {
        self.outputs_before.insert(id, outputs);
        if must_run {
            self.must_run.insert(id);
        }
    }

    /// Returns whether the job runs although the store has a result.
    pub(super) fn must_run(&self, id: JobId) -> bool {
        self.must_run.contains(&id)
    }

    /// Removes a job that was made again. Returns what it had made before.
    pub(super) fn finish(&mut self, id: JobId) -> Option<Arc<[Artefact]>> {
        self.must_run.remove(&id);
        self.outputs_before.remove(&id)
    }
}
