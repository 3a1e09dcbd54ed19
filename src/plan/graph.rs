//! The graph: who waits for whom, and an order that respects it. The only user of petgraph.

use super::id;
use crate::model::{Feed, Job, JobId};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;

/// Why jobs do not make a plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Two jobs would write under one name.
    #[error("plan: two jobs are called `{0}`")]
    TwoWriters(String),
    /// An input names a job that is not there.
    #[error("plan: `{0}` needs a job that is not in the plan")]
    NoSuchJob(String),
    /// Jobs wait for each other in a circle.
    #[error("plan: `{0}` waits for itself")]
    Cycle(String),
}

/// Dependants of each job, and a valid order.
pub(super) struct Links {
    pub(super) dependants: Vec<Vec<JobId>>,
    pub(super) order: Vec<JobId>,
}

pub(super) fn link(jobs: &[Job]) -> Result<Links, PlanError> {
    unique_names(jobs)?;
    let mut graph = DiGraph::<(), ()>::with_capacity(jobs.len(), jobs.len() * 2);
    for _ in jobs {
        graph.add_node(());
    }
    let mut dependants = vec![Vec::new(); jobs.len()];
    for (at, job) in jobs.iter().enumerate() {
        for need in needs(job) {
            let waiting =
                dependants.get_mut(need.index()).ok_or_else(|| PlanError::NoSuchJob(job.name.clone()))?;
            waiting.push(id(at));
            graph.add_edge(NodeIndex::new(need.index()), NodeIndex::new(at), ());
        }
    }
    let order = petgraph::algo::toposort(&graph, None);
    let order = order.map_err(|cycle| PlanError::Cycle(jobs[cycle.node_id().index()].name.clone()))?;
    Ok(Links { dependants, order: order.into_iter().map(|node| id(node.index())).collect() })
}

/// Returns the jobs that `job` needs, each once.
pub(crate) fn needs(job: &Job) -> Vec<JobId> {
    let mut needs: Vec<JobId> = job
        .inputs
        .iter()
        .filter_map(|input| match input.from {
            Feed::Job(need) => Some(need),
            Feed::File(_) => None,
        })
        .collect();
    needs.sort_unstable();
    needs.dedup();
    needs
}

fn unique_names(jobs: &[Job]) -> Result<(), PlanError> {
    let mut seen = HashMap::with_capacity(jobs.len());
    for (at, job) in jobs.iter().enumerate() {
        if seen.insert(job.name.as_str(), at).is_some() {
            return Err(PlanError::TwoWriters(job.name.clone()));
        }
    }
    Ok(())
}
