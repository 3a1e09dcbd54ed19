//! From jobs to a plan: links them into a graph, orders it, and says of each job whether it will run and why.
//!
//! Pure: what is in the store comes in as a [`RunHistory`] and a question; nothing is read or written.

mod change;
mod claims;
mod control;
mod graph;
mod identity;
mod pace;
mod reason;
#[cfg(test)]
mod sample;
mod select;
mod target;
#[cfg(test)]
mod tests;

pub use change::{Change, changes, provenance};
pub use claims::settle;
pub use control::Control;
pub use graph::PlanError;
pub(crate) use graph::needs;
pub use identity::{Identity, content, inputs_of};
pub use pace::Pace;
pub use reason::Reason;
pub use select::{Included, Selection};
pub use target::{Target, target};

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
pub struct Planned {
    /// Why it will run, or that it need not.
    pub reason: Reason,
    /// Identity without inputs: producer, version, parameters, provider.
    pub identity: Identity,
    /// Its full identity, when the content of all its inputs is known already.
    pub digest: Option<Digest>,
    /// What was decided about it on the command line.
    pub control: Control,
    /// Whether this run is asked to make it.
    pub wanted: bool,
    /// Why it is part of this run.
    pub included: Included,
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
    jobs: Vec<Planned>,
    order: Vec<JobId>,
}

/// What planning needs to know of the world.
pub struct World<'a> {
    /// What earlier runs left.
    pub history: &'a RunHistory,
    /// Whether an artefact is still whole in the store.
    pub holds: &'a dyn Fn(&Artefact) -> bool,
    /// Digest of a file of the project.
    pub file: &'a dyn Fn(&Path) -> Option<Digest>,
    /// What the job with an identity was made of.
    pub provenance: &'a dyn Fn(Digest) -> Option<Provenance>,
    /// Who would do a piece of work, with version: part of its identity.
    pub provider: &'a dyn Fn(&crate::model::JobAction) -> String,
    /// How fast this machine is.
    pub pace: &'a Pace,
}

/// Makes the plan for `jobs`.
///
/// # Errors
/// Fails when two jobs bear one name, an input names a job that does not exist, or jobs wait for each other in a circle;
/// when the selection names what is not there or selects nothing; and when a pin has nothing to keep.
pub fn plan(jobs: Vec<Job>, selection: &Selection, world: &World<'_>) -> Result<Plan, PlanError> {
    let graph = graph::link(&jobs)?;
    let included = select::included(&jobs, &graph.order, selection)?;
    let controls = control::controls(&jobs, &graph, selection, world.history, world.holds)?;
    let priority = pace::priorities(&jobs, &graph, world.pace);
    let providers = providers(&jobs, world);
    let mut scenes = identity::Scenes::default();
    let identities: Vec<Identity> = jobs
        .iter()
        .zip(&providers)
        .map(|(job, provider)| scenes.identity(&job.work, provider))
        .collect();
    let inquiry = reason::Inquiry::new(&jobs, &identities, &providers, &controls, world);
    let answers = inquiry.answer(&graph);
    let parts = identities
        .into_iter()
        .zip(included)
        .zip(controls)
        .zip(providers);
    let parts = parts.zip(answers).zip(graph.dependants).zip(priority);
    let planned = |(job, (((parts, (reason, digest)), dependants), priority))| {
        let (((identity, included), control), provider) = parts;
        let wanted = included != Included::No;
        Planned {
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
    let mut planned: Vec<Planned> = drained(jobs).zip(parts.rev()).map(planned).collect();
    planned.reverse();
    Ok(Plan {
        jobs: planned,
        order: graph.order,
    })
}

/// Returns the jobs from the last to the first, and gives memory back on the way: a million jobs are never there twice.
fn drained(mut jobs: Vec<Job>) -> impl ExactSizeIterator<Item = Job> {
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
fn providers(jobs: &[Job], world: &World<'_>) -> Vec<Arc<str>> {
    let mut names = StringInterner::default();
    jobs.iter()
        .map(|job| names.intern(&(world.provider)(&job.work)))
        .collect()
}

impl Plan {
    /// Returns the job with this id.
    ///
    /// # Panics
    /// Panics on an id of another plan.
    #[must_use]
    pub fn job(&self, id: JobId) -> &Planned {
        &self.jobs[id.index()]
    }

    /// Returns all jobs in an order in which each comes after what it needs.
    pub fn in_order(&self) -> impl DoubleEndedIterator<Item = (JobId, &Planned)> {
        self.order.iter().map(|id| (*id, self.job(*id)))
    }

    /// Returns all jobs in document order.
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = (JobId, &Planned)> + Clone {
        self.jobs
            .iter()
            .enumerate()
            .map(|(at, planned)| (id(at), planned))
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
    pub fn idle_controls<'a>(&self, selection: &'a Selection) -> Vec<(&'static str, &'a str)> {
        let idle = |word: &str| {
            let found = target(self.jobs.iter().map(|planned| &planned.job), word);
            found.is_ok_and(|found| found.jobs.iter().all(|id| !self.job(*id).wanted))
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
    pub fn whole(&self, of: impl Fn(JobId) -> Option<Digest>) -> Option<Digest> {
        let mut list = ListDigestBuilder::default();
        for (id, planned) in self.jobs() {
            list.add_part(&planned.job.name);
            list.add_part(of(id)?.as_bytes());
        }
        Some(list.digest())
    }

    /// Returns whether every job of the production is asked for.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.jobs.iter().all(|planned| planned.wanted)
    }
}

/// Returns the id of the job at `index`.
pub(crate) fn id(index: usize) -> JobId {
    JobId(u32::try_from(index).unwrap_or(u32::MAX))
}
