//! Why each job will run, predicted from what the store holds and from what each job was last made of.

use super::PlanningContext;
use super::change::{JobChange, job_provenance, provenance_changes};
use super::control::JobControl;
use super::graph::{JobGraph, needed_jobs};
use super::identity::{ActionIdentity, input_digests, outputs_digest};
use crate::base::Digest;
use crate::model::{Artefact, FailureClass, Job, JobId};
use crate::store::{JobRecord, Provenance};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a job will run, or that it need not.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum RunReason {
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
        changes: Vec<JobChange>,
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

impl RunReason {
    /// Returns whether the job is expected to run.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        !matches!(self, Self::Reused | Self::Pinned)
    }

    /// Returns the job whose run is the reason, if that is all there is.
    #[must_use]
    pub fn upstream_job(&self) -> Option<&str> {
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
pub(super) struct ReasonResolver<'a> {
    pub(super) jobs: &'a [Job],
    pub(super) identities: &'a [ActionIdentity],
    pub(super) providers: &'a [Arc<str>],
    pub(super) controls: &'a [JobControl],
    pub(super) context: &'a PlanningContext<'a>,
    /// What each job's outputs will be, as far as that is known.
    contents: Vec<Option<Digest>>,
    reasons: Vec<RunReason>,
}

impl<'a> ReasonResolver<'a> {
    pub(super) fn new(
        jobs: &'a [Job],
        identities: &'a [ActionIdentity],
        providers: &'a [Arc<str>],
        controls: &'a [JobControl],
        context: &'a PlanningContext<'a>,
    ) -> Self {
        let (contents, reasons) = (vec![None; jobs.len()], vec![RunReason::Initial; jobs.len()]);
        Self {
            jobs,
            identities,
            providers,
            controls,
            context,
            contents,
            reasons,
        }
    }

    /// Returns the reason of every job, and its identity where that is known.
    pub(super) fn resolve_reasons(mut self, graph: &JobGraph) -> Vec<(RunReason, Option<Digest>)> {
        let mut identities = vec![None; self.jobs.len()];
        for id in &graph.order {
            let index = id.index();
            identities[index] = input_digests(
                &self.jobs[index],
                |need| self.contents[need.index()],
                self.context.file_digest,
            )
            .map(|inputs| self.identities[index].with_inputs(inputs));
            let (reason, outputs) = self.job_reason(*id, identities[index]);
            self.reasons[index] = reason;
            // Nobody asks for the content of what nobody needs.
            self.contents[index] = outputs
                .filter(|_| !graph.dependants[index].is_empty())
                .map(|outputs| outputs_digest(&outputs));
        }
        self.reasons.into_iter().zip(identities).collect()
    }

    /// Returns why a job will run, and its outputs if it will not.
    fn job_reason(
        &self,
        id: JobId,
        identity: Option<Digest>,
    ) -> (RunReason, Option<Arc<[Artefact]>>) {
        let records = &self.context.history.records;
        match self.controls[id.index()] {
            JobControl::Pin(pinned_digest) => {
                return (
                    RunReason::Pinned,
                    records.get(&pinned_digest).map(|record| record.outputs),
                );
            }
            JobControl::ForceJob => return (RunReason::ForcedBySurgicalTarget, None),
            JobControl::ForceGroup => return (RunReason::ForcedByUserControl, None),
            JobControl::Unset => {}
        }
        match identity.and_then(|identity| records.get(&identity)) {
            Some(record) => self.reuse_reason(record),
            None => (self.rebuild_reason(id, identity.is_some()), None),
        }
    }

    fn reuse_reason(&self, record: JobRecord) -> (RunReason, Option<Arc<[Artefact]>>) {
        match record
            .outputs
            .iter()
            .find(|output| !(self.context.has_artefact)(output))
        {
            Some(missing) => (
                RunReason::ProducesMissing {
                    file: missing.name.clone(),
                },
                None,
            ),
            None => (RunReason::Reused, Some(record.outputs)),
        }
    }

    /// Returns why a job runs of which the store has nothing that fits.
    fn rebuild_reason(&self, id: JobId, is_settled: bool) -> RunReason {
        let (job, history) = (&self.jobs[id.index()], self.context.history);
        if let Some(failure) = history.latest_failures.get(job.name.as_str()) {
            let (class, message) = (failure.class, failure.message.clone());
            return RunReason::LatestAttemptFailed { class, message };
        }
        let Some(last) = history.records.last_identity(job.name.as_str()) else {
            return RunReason::Initial;
        };
        let changes = (self.context.provenance)(last)
            .map(|was| provenance_changes(&was, &self.current_provenance(id)));
        match changes.filter(|changes| is_settled || !changes.is_empty()) {
            Some(changes) => change_reason(changes),
            None if is_settled => RunReason::InputsHashChanged {
                changes: Vec::new(),
            },
            None => self.upstream_reason(job),
        }
    }

    fn current_provenance(&self, id: JobId) -> Provenance {
        let name = |need: JobId| self.jobs[need.index()].name.to_string();
        let output_digest = |need: JobId| self.contents[need.index()];
        job_provenance(
            &self.jobs[id.index()],
            &self.providers[id.index()],
            name,
            output_digest,
            self.context.file_digest,
        )
    }

    fn upstream_reason(&self, job: &Job) -> RunReason {
        let open: Vec<JobId> = needed_jobs(job)
            .into_iter()
            .filter(|need| self.contents[need.index()].is_none())
            .collect();
        let from = open
            .first()
            .map_or_else(String::new, |need| self.jobs[need.index()].name.to_string());
        if open
            .iter()
            .all(|need| self.reasons[need.index()].is_forced())
        {
            RunReason::ForcedBySurgicalDependency { from }
        } else {
            RunReason::Propagated { from }
        }
    }
}

/// Returns the reason that these changes are: what the job itself is counts before the content that it reads.
fn change_reason(changes: Vec<JobChange>) -> RunReason {
    if changes.is_empty() || !changes.iter().all(JobChange::is_content) {
        return RunReason::InputsHashChanged { changes };
    }
    let files: Vec<PathBuf> = changes
        .iter()
        .filter_map(|change| change.changed_file().map(PathBuf::from))
        .collect();
    if files.is_empty() {
        RunReason::TouchesDirtyArtefact {
            jobs: changes
                .iter()
                .filter_map(|change| change.changed_job().map(str::to_owned))
                .collect(),
        }
    } else {
        RunReason::TouchesDirtyInput { files }
    }
}
