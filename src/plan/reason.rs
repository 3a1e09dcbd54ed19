//! Predicts why each job will run, from the records of the store and from the provenance of each
//! job. The dispatcher of `execute` decides when the inputs are known.

use super::PlanningContext;
use super::change::{JobChange, job_provenance, provenance_changes};
use super::control::JobControl;
use super::graph::{JobGraph, needed_jobs};
use super::identity::{ActionIdentity, input_digests};
use super::outputs_digest;
use crate::base::Digest;
use crate::model::{Artefact, FailureClass, Job, JobId};
use crate::store::{JobRecord, Provenance};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Why a job will run, or that it need not run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum RunReason {
    /// Made before from the same inputs, and all outputs are intact in the store.
    Reused,
    /// `--pin` keeps the last result.
    Pinned,
    /// Never made before under this name.
    Initial,
    /// Its latest attempt failed.
    LatestAttemptFailed {
        /// The class of the failure.
        class: FailureClass,
        /// What happened, in words that read after "failed to".
        message: String,
    },
    /// Its parameters, its provider or its set of inputs changed.
    InputsHashChanged {
        /// The changes. Empty if there is no provenance for the earlier result.
        changes: Vec<JobChange>,
    },
    /// A file of the project that it reads has other content.
    TouchesDirtyInput {
        /// Paths relative to the production, each with other content.
        files: Vec<PathBuf>,
    },
    /// A job that it needs was made again since, and came out different.
    TouchesDirtyArtefact {
        /// Names of the jobs with other outputs.
        jobs: Vec<String>,
    },
    /// Made before, but an output is missing from the store or damaged.
    ProducesMissing {
        /// The first such output.
        file: String,
    },
    /// A job that it needs will run. If the outputs stay the same, this job is reused.
    Propagated {
        /// Name of the first such job.
        from: String,
    },
    /// `--regen` names the job.
    ForcedBySurgicalTarget,
    /// It needs a job that is forced. If the outputs stay the same, this job is reused.
    ForcedBySurgicalDependency {
        /// Name of the first such job.
        from: String,
    },
    /// `--regen` names its shot or phase.
    ForcedByUserControl,
}

impl RunReason {
    /// Returns whether the job is expected to run.
    #[must_use]
    pub const fn is_dirty(&self) -> bool {
        !matches!(self, Self::Reused | Self::Pinned)
    }

    /// Returns the job whose run is the only reason.
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

/// Resolves reasons job by job, in the order of the graph.
pub(super) struct ReasonResolver<'a> {
    pub(super) jobs: &'a [Job],
    pub(super) identities: &'a [ActionIdentity],
    pub(super) providers: &'a [Arc<str>],
    pub(super) controls: &'a [JobControl],
    pub(super) context: &'a PlanningContext<'a>,
    /// Digest of the outputs of each job. `None` if the job will run, or if no job needs it.
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
        let contents = vec![None; jobs.len()];
        let reasons = vec![RunReason::Initial; jobs.len()];
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

    /// Returns the reason of every job, and its identity where it is known.
    pub(super) fn resolve_reasons(mut self, graph: &JobGraph) -> Vec<(RunReason, Option<Digest>)> {
        let mut identities = vec![None; self.jobs.len()];
        // In this order the outputs of every needed job are known, or known to be open, before a
        // job is looked at.
        for id in &graph.order {
            let index = id.index();
            identities[index] = input_digests(
                &self.jobs[index],
                |need| self.contents[need.index()],
                self.context.file_digest,
            )
            // An identity needs the content of all inputs. If one of them will be made again, its
            // content is a guess, so the identity stays unknown and `execute` decides later.
            .map(|inputs| self.identities[index].with_inputs(inputs));
            let (reason, outputs) = self.job_reason(*id, identities[index]);
            self.reasons[index] = reason;
            // No job reads the outputs of a job without dependants, so hashing them would be for
            // nothing.
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
            // A pinned job hands on its old outputs, so the jobs that need it are planned against
            // these.
            JobControl::Pin(pinned_digest) => {
                return (
                    RunReason::Pinned,
                    records.get(&pinned_digest).map(|record| record.outputs),
                );
            }
            // The outputs of a forced job are unknown, even if the store has some for this
            // identity: a forced job may come out different, which is why it was forced.
            JobControl::ForceJob => return (RunReason::ForcedBySurgicalTarget, None),
            JobControl::ForceGroup => return (RunReason::ForcedByUserControl, None),
            JobControl::Unset => {}
        }
        // The record is looked up by identity and not by name, so a renamed shot, or one that is
        // changed and then changed back, is reused.
        match identity.and_then(|identity| self.context.history.reusable_record(&identity)) {
            Some(record) => self.reuse_reason(record),
            None => (self.rebuild_reason(id, identity.is_some()), None),
        }
    }

    fn reuse_reason(&self, record: JobRecord) -> (RunReason, Option<Arc<[Artefact]>>) {
        // A record alone is not enough. The store may have lost a blob to a clean-up or to a bad
        // disk, and a run that relies on it would fail in the job that reads it.
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

    /// Returns why a job runs that has no record under its identity. `is_settled` is whether the
    /// content of all its inputs is known.
    fn rebuild_reason(&self, id: JobId, is_settled: bool) -> RunReason {
        let job = &self.jobs[id.index()];
        let history = self.context.history;
        // A failure comes first: it has an error to read, and that explains more than a changed
        // parameter.
        if let Some(failure) = history.latest_failures.get(job.name.as_str()) {
            let class = failure.class;
            let message = failure.message.clone();
            return RunReason::LatestAttemptFailed { class, message };
        }
        let Some(last) = history.records.last_identity(job.name.as_str()) else {
            return RunReason::Initial;
        };
        // Provenance is read here only, since most jobs are reused and never need it. It is in
        // files of its own for that reason.
        let changes = (self.context.provenance)(last)
            .map(|was| provenance_changes(&was, &self.current_provenance(id)));
        // While inputs are open, no change yet means only that this job has none of its own. Then
        // the job that it needs is the reason.
        match changes.filter(|changes| is_settled || !changes.is_empty()) {
            Some(changes) => change_reason(changes),
            None if is_settled => RunReason::InputsHashChanged {
                changes: Vec::new(),
            },
            None => self.upstream_reason(job),
        }
    }

    fn current_provenance(&self, id: JobId) -> Provenance {
        let mut provenance = job_provenance(
            &self.jobs[id.index()],
            &self.providers[id.index()],
            |need: JobId| self.jobs[need.index()].name.to_string(),
            |need: JobId| self.contents[need.index()],
            self.context.file_digest,
        );
        // The record has no secrets. A value with one would look changed, and be printed.
        (self.context.redact)(&mut provenance.parameters);
        provenance
    }

    fn upstream_reason(&self, job: &Job) -> RunReason {
        let open: Vec<JobId> = needed_jobs(job)
            .into_iter()
            .filter(|need| self.contents[need.index()].is_none())
            .collect();
        // One job is enough to follow the chain to its cause. A grade has one, but an export needs
        // every chunk of a shot.
        let from = open
            .first()
            .map_or_else(String::new, |need| self.jobs[need.index()].name.to_string());
        // If every open job is forced, the cause is an option of the command line and not a change
        // of the document. A mixture is reported as the change.
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

/// Returns the reason for these changes. A change of the job itself wins over changed content.
fn change_reason(changes: Vec<JobChange>) -> RunReason {
    // A user who changed a lens and a model wants to see both. The reasons for content have no
    // place for parameters, so a mixture is reported as a change of the job.
    if changes.is_empty() || !changes.iter().all(JobChange::is_content) {
        return RunReason::InputsHashChanged { changes };
    }
    let files: Vec<PathBuf> = changes
        .iter()
        .filter_map(|change| change.changed_file().map(PathBuf::from))
        .collect();
    // A changed file explains more than a changed job: the job changed for a reason of its own,
    // which its own entry in the plan shows.
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
