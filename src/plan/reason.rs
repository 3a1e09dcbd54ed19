//! Why each job will run, predicted from what the store holds and from what each job was last made of.

use super::World;
use super::change::{Change, changes, provenance};
use super::control::Control;
use super::graph::{Links, needs};
use super::identity::{Identity, content, inputs_of};
use crate::base::Digest;
use crate::model::{Artefact, FailureClass, Job, JobId};
use crate::store::{JobRecord, Provenance};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a job will run, or that it need not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Reason {
    /// Made before from the same inputs, and still whole in the store.
    Reused,
    /// Kept on request as it was last made.
    Pinned,
    /// Never made before under this name.
    Initial,
    /// Its latest attempt failed.
    LatestAttemptFailed {
        /// What kind of failure.
        class: FailureClass,
        /// What happened, in words that read after "failed to".
        message: String,
    },
    /// Its parameters, its provider or its set of inputs changed.
    InputsHashChanged {
        /// What changed; empty when it was made before such details were kept.
        changes: Vec<Change>,
    },
    /// A file of the project that it reads has other content.
    TouchesDirtyInput {
        /// The files.
        files: Vec<PathBuf>,
    },
    /// A job that it needs was made again since, and came out different.
    TouchesDirtyArtefact {
        /// The jobs.
        jobs: Vec<String>,
    },
    /// Made before, but the store lost an output.
    ProducesMissing {
        /// The first file that is gone or damaged.
        file: String,
    },
    /// A job that it needs will run; if that comes out as before, this one is reused after all.
    Propagated {
        /// The job that it needs.
        from: String,
    },
    /// Asked for by its own name, whatever the store has.
    ForcedBySurgicalTarget,
    /// Needs a job that is forced; if that comes out as before, this one is reused after all.
    ForcedBySurgicalDependency {
        /// The job that it needs.
        from: String,
    },
    /// Asked for with all of its shot or phase, whatever the store has.
    ForcedByUserControl,
}

impl Reason {
    /// Returns whether the job is expected to run.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        !matches!(self, Self::Reused | Self::Pinned)
    }

    /// Returns the job whose run is the reason, if that is all there is.
    #[must_use]
    pub fn from(&self) -> Option<&str> {
        match self {
            Self::Propagated { from } | Self::ForcedBySurgicalDependency { from } => Some(from),
            _ => None,
        }
    }

    const fn is_forced(&self) -> bool {
        matches!(
            self,
            Self::ForcedBySurgicalTarget
                | Self::ForcedByUserControl
                | Self::ForcedBySurgicalDependency { .. }
        )
    }
}

/// What planning finds out about each job, in order of need.
pub(super) struct Inquiry<'a> {
    pub(super) jobs: &'a [Job],
    pub(super) identities: &'a [Identity],
    pub(super) providers: &'a [Arc<str>],
    pub(super) controls: &'a [Control],
    pub(super) world: &'a World<'a>,
    /// What each job's outputs will be, as far as that is known.
    contents: Vec<Option<Digest>>,
    reasons: Vec<Reason>,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(
        jobs: &'a [Job],
        identities: &'a [Identity],
        providers: &'a [Arc<str>],
        controls: &'a [Control],
        world: &'a World<'a>,
    ) -> Self {
        let (contents, reasons) = (vec![None; jobs.len()], vec![Reason::Initial; jobs.len()]);
        Self {
            jobs,
            identities,
            providers,
            controls,
            world,
            contents,
            reasons,
        }
    }

    /// Returns the reason of every job, and its identity where that is known.
    pub(super) fn answer(mut self, links: &Links) -> Vec<(Reason, Option<Digest>)> {
        let mut identities = vec![None; self.jobs.len()];
        for id in &links.order {
            let at = id.index();
            identities[at] = inputs_of(
                &self.jobs[at],
                |need| self.contents[need.index()],
                self.world.file,
            )
            .map(|inputs| self.identities[at].with_inputs(inputs));
            let (reason, outputs) = self.look_at(*id, identities[at]);
            self.reasons[at] = reason;
            // Nobody asks for the content of what nobody needs.
            self.contents[at] = outputs
                .filter(|_| !links.dependants[at].is_empty())
                .map(|outputs| content(&outputs));
        }
        self.reasons.into_iter().zip(identities).collect()
    }

    /// Returns why a job will run, and its outputs if it will not.
    fn look_at(&self, id: JobId, identity: Option<Digest>) -> (Reason, Option<Arc<[Artefact]>>) {
        let records = &self.world.history.records;
        match self.controls[id.index()] {
            Control::Pin(kept) => {
                return (
                    Reason::Pinned,
                    records.get(&kept).map(|record| record.outputs),
                );
            }
            Control::Regen => return (Reason::ForcedBySurgicalTarget, None),
            Control::RegenWide => return (Reason::ForcedByUserControl, None),
            Control::Free => {}
        }
        match identity.and_then(|identity| records.get(&identity)) {
            Some(record) => self.recorded(record),
            None => (self.unmade(id, identity.is_some()), None),
        }
    }

    fn recorded(&self, record: JobRecord) -> (Reason, Option<Arc<[Artefact]>>) {
        match record
            .outputs
            .iter()
            .find(|output| !(self.world.holds)(output))
        {
            Some(lost) => (
                Reason::ProducesMissing {
                    file: lost.name.clone(),
                },
                None,
            ),
            None => (Reason::Reused, Some(record.outputs)),
        }
    }

    /// Returns why a job runs of which the store has nothing that fits.
    fn unmade(&self, id: JobId, is_settled: bool) -> Reason {
        let (job, history) = (&self.jobs[id.index()], self.world.history);
        if let Some(failure) = history.latest_failures.get(&job.name) {
            let (class, message) = (failure.class, failure.message.clone());
            return Reason::LatestAttemptFailed { class, message };
        }
        let Some(last) = history.records.last_identity(&job.name) else {
            return Reason::Initial;
        };
        let found = (self.world.provenance)(last).map(|was| changes(&was, &self.provenance(id)));
        match found.filter(|found| is_settled || !found.is_empty()) {
            Some(found) => changed(found),
            None if is_settled => Reason::InputsHashChanged {
                changes: Vec::new(),
            },
            None => self.propagated(job),
        }
    }

    fn provenance(&self, id: JobId) -> Provenance {
        let name = |need: JobId| self.jobs[need.index()].name.clone();
        let made = |need: JobId| self.contents[need.index()];
        provenance(
            &self.jobs[id.index()],
            &self.providers[id.index()],
            name,
            made,
            self.world.file,
        )
    }

    fn propagated(&self, job: &Job) -> Reason {
        let open: Vec<JobId> = needs(job)
            .into_iter()
            .filter(|need| self.contents[need.index()].is_none())
            .collect();
        let from = open
            .first()
            .map_or_else(String::new, |need| self.jobs[need.index()].name.clone());
        if open
            .iter()
            .all(|need| self.reasons[need.index()].is_forced())
        {
            Reason::ForcedBySurgicalDependency { from }
        } else {
            Reason::Propagated { from }
        }
    }
}

/// Returns the reason that these changes are: what the job itself is counts before the content that it reads.
fn changed(found: Vec<Change>) -> Reason {
    if found.is_empty() || !found.iter().all(Change::is_content) {
        return Reason::InputsHashChanged { changes: found };
    }
    let files: Vec<PathBuf> = found
        .iter()
        .filter_map(|change| change.file().map(PathBuf::from))
        .collect();
    if files.is_empty() {
        Reason::TouchesDirtyArtefact {
            jobs: found
                .iter()
                .filter_map(|change| change.job().map(str::to_owned))
                .collect(),
        }
    } else {
        Reason::TouchesDirtyInput { files }
    }
}
