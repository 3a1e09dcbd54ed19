//! Links jobs into a graph, orders it, and predicts for each job whether it will run and why.
//!
//! A pure function: the state of the store comes in as a [`RunHistory`] and callbacks. Nothing is
//! read or written.

mod change;
mod claims;
mod control;
mod duration_model;
mod graph;
mod identity;
mod reason;
#[cfg(test)]
mod sample;
mod select;
mod target;
#[cfg(test)]
mod tests;

pub use crate::model::outputs_digest;
pub use change::{JobChange, job_provenance, provenance_changes};
pub use claims::assign_claims;
pub use control::JobControl;
pub use duration_model::{DurationModel, JobForecast};
pub use graph::PlanError;
pub(crate) use graph::needed_jobs;
pub use identity::{ActionIdentity, input_digests};
pub use reason::RunReason;
pub use select::{InclusionReason, JobSelection};
pub use target::{TargetJobs, resolve_target};

use crate::base::{Digest, ListDigestBuilder, StringInterner};
use crate::model::{Artefact, Job, JobId};
use crate::store::{Provenance, RunHistory};
use std::path::Path;
use std::sync::Arc;

/// A job with its identity, the reason that it runs, and the jobs that need it.
///
/// The dispatcher reads the first fields of hundreds of thousands of jobs. `repr(C)` keeps them
/// next to each other, as in [`Job`].
#[derive(Debug, Clone)]
#[repr(C)]
pub struct PlannedJob {
    /// The predicted reason. The run decides again once the content of the inputs is known.
    pub reason: RunReason,
    /// Identity without inputs: producer, version, parameters, provider.
    pub identity: ActionIdentity,
    /// Its full identity. `None` until the content of all its inputs is known.
    pub digest: Option<Digest>,
    /// The effect of `--regen` and `--pin` on it.
    pub control: JobControl,
    /// Whether the selection includes it.
    pub wanted: bool,
    /// Why it is part of this run.
    pub included: InclusionReason,
    /// Estimated seconds from its start to the end of the longest chain behind it. The dispatcher
    /// starts the largest first.
    pub priority: f64,
    /// Jobs that need this one.
    pub dependants: Vec<JobId>,
    /// The job as `expand` made it.
    pub job: Job,
    /// The provider that would do it, with its version.
    pub provider: Arc<str>,
}

/// An acyclic graph of jobs in a valid order. It never changes.
#[derive(Debug, Clone)]
pub struct Plan {
    jobs: Vec<PlannedJob>,
    order: Vec<JobId>,
}

/// The state of the store and of the machine, as far as planning needs it.
pub struct PlanningContext<'a> {
    /// The finished and failed jobs of earlier runs.
    pub history: &'a RunHistory,
    /// Whether an artefact is still whole in the store.
    pub has_artefact: &'a dyn Fn(&Artefact) -> bool,
    /// Digest of a file of the project. `None` if the file cannot be read.
    pub file_digest: &'a dyn Fn(&Path) -> Option<Digest>,
    /// Hides secrets in the parameters of a job, as they were hidden when its provenance was
    /// recorded.
    pub redact: &'a dyn Fn(&mut serde_json::Value),
    /// The provenance that was recorded for an identity. `None` if there is none.
    pub provenance: &'a dyn Fn(Digest) -> Option<Provenance>,
    /// The provider of an action, with its version. Part of the identity of the job.
    pub provider: &'a dyn Fn(&crate::model::JobAction) -> String,
    /// The durations that priorities are computed from.
    pub durations: &'a DurationModel,
}

/// Builds the plan for `jobs`.
///
/// # Errors
/// Fails when two jobs have the same name, when an input names a job that does not exist, when jobs
/// need each other in a cycle, when the selection names something that does not exist or selects
/// nothing, and when a pinned job has no output in the store.
pub fn build_plan(
    jobs: Vec<Job>,
    selection: &JobSelection,
    context: &PlanningContext<'_>,
) -> Result<Plan, PlanError> {
    let graph = graph::build_graph(&jobs)?;
    let included = select::job_inclusions(&jobs, &graph.order, selection)?;
    let controls = control::job_controls(
        &jobs,
        &graph,
        selection,
        context.history,
        context.has_artefact,
    )?;
    let priority = duration_model::job_priorities(&jobs, &graph, context.durations);
    let providers = job_providers(&jobs, context);
    // One cache for all jobs: the chunks of a shot share their staging, and its digest is most of
    // the work of an identity.
    let mut staging_digests = identity::StagingDigests::default();
    let identities: Vec<ActionIdentity> = jobs
        .iter()
        .zip(&providers)
        .map(|(job, provider)| staging_digests.action_identity(&job.work, provider))
        .collect();
    let resolver = reason::ReasonResolver::new(&jobs, &identities, &providers, &controls, context);
    let reasons = resolver.resolve_reasons(&graph);
    let parts = identities
        .into_iter()
        .zip(included)
        .zip(controls)
        .zip(providers);
    let parts = parts.zip(reasons).zip(graph.dependants).zip(priority);
    // One pass at the end, and not a list that is filled step by step: every field of `PlannedJob`
    // is final when it is created, so no step can read a half-planned job.
    let planned = |(job, (((parts, (reason, digest)), dependants), priority))| {
        let (((identity, included), control), provider) = parts;
        let wanted = included != InclusionReason::Excluded;
        PlannedJob {
            job,
            identity,
            wanted,
            included,
            control,
            digest,
            provider,
            reason,
            dependants,
            priority,
        }
    };
    // From the last to the first, so that `drain_reversed` can pop jobs and shrink the old list
    // while the new one grows.
    let mut planned: Vec<PlannedJob> = drain_reversed(jobs).zip(parts.rev()).map(planned).collect();
    planned.reverse();
    Ok(Plan {
        jobs: planned,
        order: graph.order,
    })
}

/// Returns the jobs from the last to the first, and frees their memory on the way.
fn drain_reversed(mut jobs: Vec<Job>) -> impl ExactSizeIterator<Item = Job> {
    // With a million jobs, the old list and the new one would otherwise both be in memory at their
    // full length. The list shrinks in steps because each shrink may copy what is left.
    const STEP: usize = 1 << 16;
    (0..jobs.len()).map(move |_| {
        let job = jobs.pop().expect("the range has as many items as the list");
        if jobs.len().is_multiple_of(STEP) {
            jobs.shrink_to_fit();
        }
        job
    })
}

/// Returns the provider of each job.
fn job_providers(jobs: &[Job], context: &PlanningContext<'_>) -> Vec<Arc<str>> {
    // There are a few providers and up to millions of jobs, so the names are shared.
    let mut names = StringInterner::default();
    jobs.iter()
        // For every job, and not once for each kind, because the provider depends on the engine in
        // the parameters of the action.
        .map(|job| names.intern(&(context.provider)(&job.work)))
        .collect()
}

impl Plan {
    /// Returns a job by its id.
    ///
    /// # Panics
    /// Panics on an id of another plan.
    #[must_use]
    pub fn job(&self, id: JobId) -> &PlannedJob {
        &self.jobs[id.index()]
    }

    /// Returns all jobs in an order in which each comes after the jobs that it needs.
    pub fn in_order(&self) -> impl DoubleEndedIterator<Item = (JobId, &PlannedJob)> {
        self.order.iter().map(|id| (*id, self.job(*id)))
    }

    /// Returns all jobs in document order.
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = (JobId, &PlannedJob)> + Clone {
        self.jobs
            .iter()
            .enumerate()
            .map(|(index, planned)| (job_id(index), planned))
    }

    /// Returns how many jobs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.jobs.len()
    }

    /// Returns whether there are no jobs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Returns the targets of `--regen` and `--pin` that change no job of the run, each with its
    /// option.
    #[must_use]
    pub fn idle_controls<'a>(&self, selection: &'a JobSelection) -> Vec<(&'static str, &'a str)> {
        // A warning and no error: with `--only`, a target may be outside of this run on purpose. A
        // target that exists nowhere was refused when the controls were resolved.
        let idle = |word: &str| {
            let target = resolve_target(self.jobs.iter().map(|planned| &planned.job), word);
            target.is_ok_and(|target| target.jobs.iter().all(|id| !self.job(*id).wanted))
        };
        let regen = selection
            .regen
            .iter()
            .map(|word| ("--regen", word.as_str()));
        let pin = selection.pin.iter().map(|word| ("--pin", word.as_str()));
        regen.chain(pin).filter(|(_, word)| idle(word)).collect()
    }

    /// Returns the digest of all jobs by name and identity. `None` when `job_digest` returns `None`
    /// for one of them.
    #[must_use]
    pub fn run_digest(&self, job_digest: impl Fn(JobId) -> Option<Digest>) -> Option<Digest> {
        let mut list = ListDigestBuilder::default();
        for (id, planned) in self.jobs() {
            // Names are part of this digest, although they are not part of an identity: the
            // manifest lists jobs by name, so a renamed shot must be published again.
            list.add_part(planned.job.name.as_str());
            list.add_part(job_digest(id)?.as_bytes());
        }
        Some(list.digest())
    }

    /// Returns whether the selection includes every job of the production.
    #[must_use]
    pub fn is_fully_selected(&self) -> bool {
        self.jobs.iter().all(|planned| planned.wanted)
    }
}

pub(crate) fn job_id(index: usize) -> JobId {
    // `expand` limits the number of jobs to five million, so the index always fits.
    JobId(u32::try_from(index).unwrap_or(u32::MAX))
}
