//! From jobs to a plan: links them into a graph, orders it, and says of each job whether it will run and why.
//!
//! Pure: what is in the store comes in as a [`History`] and a question; nothing is read or written.

mod claims;
mod graph;
mod identity;
mod pace;
mod reason;
mod select;

pub use claims::settle;
pub use graph::PlanError;
pub(crate) use graph::needs;
pub use identity::{Identity, content, inputs_of};
pub use pace::Pace;
pub use reason::Reason;
pub use select::Selection;

use crate::base::Digest;
use crate::model::{Artefact, Job, JobId};
use crate::store::History;
use std::path::Path;

/// A job in its place: what identifies it, why it runs, who waits for it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The job.
    pub job: Job,
    /// Identity without inputs: producer, version, parameters, provider.
    pub identity: Identity,
    /// Whether this run is asked to make it.
    pub wanted: bool,
    /// Why it will run, or that it need not.
    pub reason: Reason,
    /// Jobs that need this one.
    pub dependants: Vec<JobId>,
    /// Seconds from its start to the end of the longest chain behind it, by estimate: longer goes first.
    pub priority: f64,
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
    pub history: &'a History,
    /// Whether an artefact is still whole in the store.
    pub holds: &'a dyn Fn(&Artefact) -> bool,
    /// Digest of a file of the project.
    pub file: &'a dyn Fn(&Path) -> Option<Digest>,
    /// Who would do a piece of work, with version: part of its identity.
    pub provider: &'a dyn Fn(&crate::model::Work) -> String,
    /// How fast this machine is.
    pub pace: &'a Pace,
}

/// Makes the plan for `jobs`.
///
/// # Errors
/// Fails when two jobs bear one name, an input names a job that does not exist, or jobs wait for each other in a circle.
pub fn plan(jobs: Vec<Job>, selection: &Selection, world: &World<'_>) -> Result<Plan, PlanError> {
    let graph = graph::link(&jobs)?;
    let wanted = select::wanted(&jobs, &graph.order, selection);
    let priority = pace::priorities(&jobs, &graph, world.pace);
    let identities: Vec<Identity> =
        jobs.iter().map(|job| Identity::of(&job.work, &(world.provider)(&job.work))).collect();
    let reasons = reason::reasons(&jobs, &graph.order, &identities, world);
    let parts = jobs.into_iter().zip(identities).zip(wanted).zip(reasons).zip(graph.dependants).zip(priority);
    let planned = |(((((job, identity), wanted), reason), dependants), priority)| Planned {
        job,
        identity,
        wanted,
        reason,
        dependants,
        priority,
    };
    Ok(Plan { jobs: parts.map(planned).collect(), order: graph.order })
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
    pub fn jobs(&self) -> impl ExactSizeIterator<Item = (JobId, &Planned)> {
        self.jobs.iter().enumerate().map(|(at, planned)| (id(at), planned))
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
