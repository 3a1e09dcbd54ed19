//! The result of every job of a run.

use crate::base::Digest;
use crate::event::DeliveredOutput;
use crate::model::{Artefact, ExecutionMode, JobId};
use crate::plan::{Plan, PlannedJob, RunReason};
use crate::producers::JobFailure;
use crate::store::manifest::{ManifestJob, ManifestReport, StoredFile};
use crate::store::{JobRecord, Manifest, RunHistory};
use std::sync::Arc;

/// A job whose outputs are in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct JobSuccess {
    /// The identity of the job.
    pub digest: Digest,
    /// Its files, in order.
    pub outputs: Arc<[Artefact]>,
    /// The provider, with version.
    pub provider: Arc<str>,
    /// Whether the work was real or simulated.
    pub mode: ExecutionMode,
    /// How long it took.
    pub seconds: f64,
    /// Findings that did not stop it.
    pub warnings: Vec<String>,
}

impl JobSuccess {
    /// Returns the success of a job that an earlier run made.
    pub(super) fn from_record(digest: Digest, record: JobRecord) -> Self {
        let JobRecord {
            outputs,
            provider,
            mode,
            seconds,
            warnings,
            units: _,
        } = record;
        Self {
            digest,
            outputs,
            provider,
            mode,
            seconds,
            warnings,
        }
    }
}

/// The result of one job.
#[derive(Debug, Clone, PartialEq)]
pub enum JobResult {
    /// Not selected, or the run ended before it started.
    Pending,
    /// Made in this run.
    Succeeded(JobSuccess),
    /// In the store already. Its facts are those of the run that made it.
    Reused(JobSuccess),
    /// Failed, and was not tried again.
    Failed(JobFailure),
    /// Needs a job that did not succeed.
    Skipped {
        /// The job that did not succeed.
        because: JobId,
    },
    /// Stopped on request while it ran.
    Cancelled,
}

/// The result of executing a plan.
#[derive(Debug, Clone)]
pub struct RunOutcome {
    /// Indexed by job id.
    pub results: Vec<JobResult>,
    /// How long it took.
    pub seconds: f64,
    /// Whether it was stopped on request.
    pub cancelled: bool,
}

impl RunOutcome {
    /// Returns the outcome of a complete plan in which every job is reused. `None`: a job must run
    /// or is not selected.
    // Without a dispatcher, so that a run that does nothing starts no thread and opens no journal.
    #[must_use]
    pub fn from_up_to_date(plan: &Plan, history: &RunHistory, seconds: f64) -> Option<Self> {
        let mut results = Vec::with_capacity(plan.len());
        for (_, planned) in plan.jobs() {
            // One job that must run is enough: then the whole run goes through the dispatcher.
            let digest = planned
                .digest
                .filter(|_| planned.wanted && planned.reason == RunReason::Reused)?;
            results.push(JobResult::Reused(JobSuccess::from_record(
                digest,
                history.records.get(&digest)?,
            )));
        }
        Some(Self {
            results,
            seconds,
            cancelled: false,
        })
    }

    /// Returns the outputs of a job. `None`: it did not succeed.
    #[must_use]
    pub fn job_outputs(&self, id: JobId) -> Option<&[Artefact]> {
        match &self.results[id.index()] {
            JobResult::Succeeded(success) | JobResult::Reused(success) => Some(&success.outputs),
            _ => None,
        }
    }

    /// Returns identity, provider, mode, seconds and warnings of a job. `None`: it did not succeed.
    #[must_use]
    pub fn success_facts(
        &self,
        id: JobId,
    ) -> Option<(Digest, &str, ExecutionMode, f64, &[String])> {
        match &self.results[id.index()] {
            JobResult::Succeeded(success) | JobResult::Reused(success) => Some((
                success.digest,
                &success.provider,
                success.mode,
                success.seconds,
                &success.warnings,
            )),
            _ => None,
        }
    }

    /// Returns the manifest of a revision: the identity and files of every job, and what was
    /// delivered.
    // `Manifest::rebuild` must make the same from the journals alone, so nothing may be in a
    // manifest that no event has.
    #[must_use]
    pub fn build_manifest(
        &self,
        plan: &Plan,
        revision: &str,
        production: &str,
        deliverables: Vec<DeliveredOutput>,
    ) -> Manifest {
        let entry = |(id, planned): (JobId, &PlannedJob)| {
            let (digest, provider, mode, ..) = self.success_facts(id)?;
            let outputs = self
                .job_outputs(id)?
                .iter()
                .map(StoredFile::from_artefact)
                .collect();
            let phase = planned.job.phase;
            let pinned = planned.reason == RunReason::Pinned;
            let entry = ManifestJob {
                phase,
                digest,
                provider: (*provider).to_owned(),
                mode,
                pinned,
                outputs,
            };
            Some((planned.job.name.to_string(), entry))
        };
        let revision = revision.to_owned();
        let production = production.to_owned();
        Manifest {
            revision,
            production,
            deliverables,
            jobs: plan.jobs().filter_map(entry).collect(),
            report: ManifestReport::default(),
            replaced: Vec::new(),
            tier: String::new(),
            no_sound: false,
        }
    }

    /// Returns the identity of each job that was made in this run.
    pub fn made_identities(&self) -> impl Iterator<Item = Digest> {
        self.results.iter().filter_map(|result| match result {
            JobResult::Succeeded(success) => Some(success.digest),
            _ => None,
        })
    }

    /// Returns the failed jobs in document order.
    pub fn failed_jobs(&self) -> impl Iterator<Item = (JobId, &JobFailure)> {
        let numbered = self.results.iter().enumerate();
        numbered.filter_map(|(index, result)| match result {
            JobResult::Failed(failure) => Some((crate::plan::job_id(index), failure)),
            _ => None,
        })
    }

    /// Returns whether every selected job succeeded.
    #[must_use]
    pub fn is_complete(&self, plan: &Plan) -> bool {
        plan.jobs()
            .all(|(id, planned)| !planned.wanted || self.job_outputs(id).is_some())
    }

    /// Returns how many results `matches_result` accepts.
    #[must_use]
    pub fn count_results(&self, matches_result: impl Fn(&JobResult) -> bool) -> usize {
        self.results
            .iter()
            .filter(|result| matches_result(result))
            .count()
    }
}
