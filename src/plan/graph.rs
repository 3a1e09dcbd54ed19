//! Builds the graph of jobs and an order that respects it. Only this file uses petgraph.

use super::job_id;
use crate::model::{InputSource, Job, JobId};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two jobs have the same name.
    #[error("plan: two jobs are called `{0}`")]
    DuplicateJobName(String),
    /// An input names a job that does not exist.
    #[error("plan: `{0}` needs a job that is not in the plan")]
    NoSuchJob(String),
    /// Jobs need each other in a cycle. One of them is named.
    #[error("plan: `{0}` waits for itself")]
    Cycle(String),
    /// `--only` names a shot that does not exist.
    #[error("find shot `{shot}`; {hint}")]
    NoSuchShot {
        /// The name as it was typed.
        shot: String,
        /// The nearest name, as a question.
        hint: String,
    },
    /// `--up-to` names neither a phase nor an output.
    #[error("find phase or output `{output}`; {hint}")]
    NoSuchOutput {
        /// The name as it was typed.
        output: String,
        /// The nearest name, as a question.
        hint: String,
    },
    /// A target names no job, shot or phase.
    #[error("find `{word}`: no job, shot or phase has this name; {hint}")]
    NoSuchTarget {
        /// The target as it was typed.
        word: String,
        /// The nearest name, or how to list all of them.
        hint: String,
    },
    /// A target is the name of a shot and of a phase.
    #[error("resolve `{0}`: a shot and a phase have this name; write `shot:{0}` or `phase:{0}`")]
    Ambiguous(String),
    /// The selection is empty.
    #[error("find a job {what}: there is none here; phases with jobs are {phases}")]
    NothingSelected {
        /// The selection in words.
        what: String,
        /// The phases that have jobs, separated by commas.
        phases: String,
    },
    /// Both `--regen` and `--pin` name the job.
    #[error("plan `{0}`: --regen makes it again and --pin keeps it; leave one of them out")]
    RegenAndPin(String),
    /// `--pin` names a job that was never made.
    #[error("pin `{job}`: it was never made; {hint}")]
    NeverMade {
        /// The job.
        job: String,
        /// The cause, or what to do instead.
        hint: String,
    },
    /// The last result of a pinned job has another number of frames or files.
    #[error(
        "pin `{job}`: it was made with {made} frames or files and must have {now}; a pin keeps what was made"
    )]
    PinDoesNotFit {
        /// The job.
        job: String,
        /// Frames or files of the last result.
        made: usize,
        /// Frames or files that the job needs now.
        now: usize,
    },
    /// The store lost an output of a pinned job.
    #[error(
        "pin `{job}`: `{file}` is no longer in the store or is damaged; run without the pin to make it again"
    )]
    PinLost {
        /// The job.
        job: String,
        /// The missing or damaged output.
        file: String,
    },
}

/// The jobs that need each job, and an order in which each job comes after those that it needs.
pub(super) struct JobGraph {
    pub(super) dependants: Vec<Vec<JobId>>,
    pub(super) order: Vec<JobId>,
}

pub(super) fn build_graph(jobs: &[Job]) -> Result<JobGraph, PlanError> {
    check_unique_names(jobs)?;
    // The nodes carry nothing: their index is the id of the job. Edges are guessed at two a job,
    // which saves most of the growth of a list of millions.
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
    // petgraph sorts and finds cycles. A sort of our own would be a second implementation of a
    // known algorithm; only its result leaves this file.
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
    // A job may take several inputs from one job. Each edge must exist once, because the dispatcher
    // counts the needed jobs that are still open.
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn check_unique_names(jobs: &[Job]) -> Result<(), PlanError> {
    // Journals, logs and provenance name jobs by their names, so two jobs of one name would share
    // their history.
    let mut seen = HashMap::with_capacity(jobs.len());
    for (index, job) in jobs.iter().enumerate() {
        if seen.insert(job.name.as_str(), index).is_some() {
            return Err(PlanError::DuplicateJobName(job.name.to_string()));
        }
    }
    Ok(())
}
