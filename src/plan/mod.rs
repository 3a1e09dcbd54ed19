//! From jobs to a plan: links them into a graph, orders it, and says of each job whether it will run and why.
//!
//! Pure: what is in the store comes in as a [`RunHistory`] and a question; nothing is read or written.

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

pub use change::{JobChange, job_provenance, provenance_changes};
pub use claims::assign_claims;
pub use control::JobControl;
pub use duration_model::DurationModel;
pub use graph::PlanError;
pub(crate) use graph::needed_jobs;
pub use identity::{ActionIdentity, input_digests, outputs_digest};
pub use reason::RunReason;
pub use select::{InclusionReason, JobSelection};
pub use target::{TargetJobs, resolve_target};

use crate::base::{Digest, ListDigestBuilder, StringInterner};
use crate::model::{Artefact, Job, JobId};
use crate::store::{Provenance, RunHistory};
use std::path::Path;
use std::sync::Arc;

/// A job in its place: what identifies it, why it runs, who waits for it.
///
/// As in [`Job`], what is asked for together lies together.
#[derive(Debug, Clone)]
#[repr(C)]
pub struct PlannedJob {
    /// Why it will run, or that it need not.
    pub reason: RunReason,
    /// Identity without inputs: producer, version, parameters, provider.
    pub identity: ActionIdentity,
    /// Its full identity, when the content of all its inputs is known already.
    pub digest: Option<Digest>,
    /// What was decided about it on the command line.
    pub control: JobControl,
    /// Whether this run is asked to make it.
    pub wanted: bool,
    /// Why it is part of this run.
    pub included: InclusionReason,
    /// Seconds from its start to the end of the longest chain behind it, by estimate: longer goes first.
    pub priority: f64,
    /// Jobs that need this one.
    pub dependants: Vec<JobId>,
    /// The job.
    pub job: Job,
    /// Who would do it, with version.
    pub provider: Arc<str>,
}

/// An immutable plan: an acyclic graph of jobs in a valid order.
#[derive(Debug, Clone)]
pub struct Plan {
    jobs: Vec<PlannedJob>,
    order: Vec<JobId>,
}

/// What planning needs to know of the world.
pub struct PlanningContext<'a> {
    /// What earlier runs left.
    pub history: &'a RunHistory,
    /// Whether an artefact is still whole in the store.
    pub has_artefact: &'a dyn Fn(&Artefact) -> bool,
    /// Digest of a file of the project.
    pub file_digest: &'a dyn Fn(&Path) -> Option<Digest>,
    /// What the job with an identity was made of.
    pub provenance: &'a dyn Fn(Digest) -> Option<Provenance>,
    /// Who would do a piece of work, with version: part of its identity.
    pub provider: &'a dyn Fn(&crate::model::JobAction) -> String,
    /// How fast this machine is.
    pub durations: &'a DurationModel,
}

/// Makes the plan for `jobs`.
///
/// # Errors
/// Fails when two jobs bear one name, an input names a job that does not exist, or jobs wait for each other in a circle;
/// when the selection names what is not there or selects nothing; and when a pin has nothing to keep.
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
    let mut planned: Vec<PlannedJob> = drain_reversed(jobs).zip(parts.rev()).map(planned).collect();
    planned.reverse();
    Ok(Plan {
        jobs: planned,
        order: graph.order,
    })
}

/// Returns the jobs from the last to the first, and gives memory back on the way: a million jobs are never there twice.
fn drain_reversed(mut jobs: Vec<Job>) -> impl ExactSizeIterator<Item = Job> {
    const STEP: usize = 1 << 16;
    (0..jobs.len()).map(move |_| {
        let job = jobs.pop().expect("it is asked for as many as there are");
        if jobs.len().is_multiple_of(STEP) {
            jobs.shrink_to_fit();
        }
        job
    })
}

/// Returns who would do each job. A few names serve all of them.
fn job_providers(jobs: &[Job], context: &PlanningContext<'_>) -> Vec<Arc<str>> {
    let mut names = StringInterner::default();
    jobs.iter()
        .map(|job| names.intern(&(context.provider)(&job.work)))
        .collect()
}

impl Plan {
    /// Returns the job with this id.
    ///
    /// # Panics
    /// Panics on an id of another plan.
    #[must_use]
    pub fn job(&self, id: JobId) -> &PlannedJob {
        &self.jobs[id.index()]
    }

    /// Returns all jobs in an order in which each comes after what it needs.
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

    /// Returns the `--regen` and `--pin` that touch no job of the run, each with its option.
    #[must_use]
    pub fn idle_controls<'a>(&self, selection: &'a JobSelection) -> Vec<(&'static str, &'a str)> {
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

    /// Returns what a run comes to in which each job has the identity that `of` gives: nothing when one has none.
    #[must_use]
    pub fn run_digest(&self, job_digest: impl Fn(JobId) -> Option<Digest>) -> Option<Digest> {
        let mut list = ListDigestBuilder::default();
        for (id, planned) in self.jobs() {
            list.add_part(planned.job.name.as_str());
            list.add_part(job_digest(id)?.as_bytes());
        }
        Some(list.digest())
    }

    /// Returns whether every job of the production is asked for.
    #[must_use]
    pub fn is_fully_selected(&self) -> bool {
        self.jobs.iter().all(|planned| planned.wanted)
    }
}

/// Returns the id of the job at `index`.
pub(crate) fn job_id(index: usize) -> JobId {
    JobId(u32::try_from(index).unwrap_or(u32::MAX))
}
