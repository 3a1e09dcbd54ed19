//! The graph: who waits for whom, and an order that respects it. The only user of petgraph.

use super::job_id;
use crate::model::{InputSource, Job, JobId};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;

/// Why jobs do not make a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two jobs would write under one name.
    #[error("plan: two jobs are called `{0}`")]
    DuplicateJobName(String),
    /// An input names a job that is not there.
    #[error("plan: `{0}` needs a job that is not in the plan")]
    NoSuchJob(String),
    /// Jobs wait for each other in a circle.
    #[error("plan: `{0}` waits for itself")]
    Cycle(String),
    /// A shot was asked for that is not there.
    #[error("find shot `{shot}`; {hint}")]
    NoSuchShot {
        /// As it was typed.
        shot: String,
        /// What might be meant.
        hint: String,
    },
    /// A word names no job, shot or phase.
    #[error("find `{word}`: no job, shot or phase is called so; {hint}")]
    NoSuchTarget {
        /// As it was typed.
        word: String,
        /// What might be meant.
        hint: String,
    },
    /// A word names a shot and a phase.
    #[error(
        "tell what `{0}` means: a shot and a phase are called so; write `shot:{0}` or `phase:{0}`"
    )]
    Ambiguous(String),
    /// The selection is empty.
    #[error("find a job {what}: there is none here; phases with jobs are {phases}")]
    NothingSelected {
        /// What was asked for.
        what: String,
        /// Phases that have jobs.
        phases: String,
    },
    /// One job was to be made again and kept.
    #[error("plan `{0}`: --regen makes it again and --pin keeps it; leave one of them out")]
    RegenAndPin(String),
    /// A pin names a job that has no output to keep.
    #[error("pin `{job}`: it was never made; {hint}")]
    NeverMade {
        /// The job.
        job: String,
        /// Why, or what to do.
        hint: String,
    },
    /// What is to be kept has another length than what is needed.
    #[error(
        "pin `{job}`: it was made with {made} frames or files and is to have {now}; a pin keeps what was made"
    )]
    PinDoesNotFit {
        /// The job.
        job: String,
        /// Units that were made.
        made: usize,
        /// Units that are asked for.
        now: usize,
    },
    /// What is to be kept is gone.
    #[error(
        "pin `{job}`: `{file}` is no longer in the store, whole; run without the pin to make it again"
    )]
    PinLost {
        /// The job.
        job: String,
        /// Its file.
        file: String,
    },
}

/// Dependants of each job, and a valid order.
pub(super) struct JobGraph {
    pub(super) dependants: Vec<Vec<JobId>>,
    pub(super) order: Vec<JobId>,
}

pub(super) fn build_graph(jobs: &[Job]) -> Result<JobGraph, PlanError> {
    check_unique_names(jobs)?;
    let mut graph = DiGraph::<(), ()>::with_capacity(jobs.len(), jobs.len() * 2);
    for _ in jobs {
        graph.add_node(());
    }
    let mut dependants = vec![Vec::new(); jobs.len()];
    for (index, job) in jobs.iter().enumerate() {
        for need in needed_jobs(job) {
            let waiting = dependants
                .get_mut(need.index())
                .ok_or_else(|| PlanError::NoSuchJob(job.name.to_string()))?;
            waiting.push(job_id(index));
            graph.add_edge(NodeIndex::new(need.index()), NodeIndex::new(index), ());
        }
    }
    let order = petgraph::algo::toposort(&graph, None);
    let order =
        order.map_err(|cycle| PlanError::Cycle(jobs[cycle.node_id().index()].name.to_string()))?;
    Ok(JobGraph {
        dependants,
        order: order.into_iter().map(|node| job_id(node.index())).collect(),
    })
}

/// Returns the jobs that `job` needs, each once.
pub(crate) fn needed_jobs(job: &Job) -> Vec<JobId> {
    let mut needs: Vec<JobId> = job
        .inputs
        .iter()
        .filter_map(|input| match input.from {
            InputSource::Job(need) => Some(need),
            InputSource::File(_) => None,
        })
        .collect();
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn check_unique_names(jobs: &[Job]) -> Result<(), PlanError> {
    let mut seen = HashMap::with_capacity(jobs.len());
    for (index, job) in jobs.iter().enumerate() {
        if seen.insert(job.name.as_str(), index).is_some() {
            return Err(PlanError::DuplicateJobName(job.name.to_string()));
        }
    }
    Ok(())
}
