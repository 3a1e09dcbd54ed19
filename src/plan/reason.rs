//! Why each job will run, predicted from what the store holds.

use super::World;
use super::graph::needs;
use super::identity::{Identity, content, inputs_of};
use crate::base::Digest;
use crate::model::{Job, JobId};
use serde::Serialize;

/// Why a job will run, or that it need not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Made before from the same inputs, and still whole in the store.
    Reused,
    /// Never made before.
    Initial,
    /// Its parameters, its provider or the content of an input changed.
    InputsChanged,
    /// Made before, but the store lost an output.
    ProducesMissing,
    /// A job that it needs will run; if that comes out as before, this one is reused after all.
    Propagated {
        /// The job that it needs.
        from: String,
    },
}

impl Reason {
    /// Returns whether the job is expected to run.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        *self != Self::Reused
    }
}

pub(super) fn reasons(
    jobs: &[Job],
    order: &[JobId],
    identities: &[Identity],
    world: &World<'_>,
) -> Vec<Reason> {
    let mut contents: Vec<Option<Digest>> = vec![None; jobs.len()];
    let mut reasons = vec![Reason::Initial; jobs.len()];
    for id in order {
        let (job, at) = (&jobs[id.index()], id.index());
        let digest = inputs_of(job, |need| contents[need.index()], world.file)
            .map(|inputs| identities[at].with_inputs(inputs));
        reasons[at] = match digest {
            Some(digest) => settled(job, digest, world, &mut contents[at]),
            None => unsettled(job, jobs, &contents),
        };
    }
    reasons
}

fn settled(job: &Job, digest: Digest, world: &World<'_>, contents: &mut Option<Digest>) -> Reason {
    let last = world.history.last.get(&job.name);
    match world.history.records.get(&digest) {
        Some(record) if record.outputs.iter().all(|output| (world.holds)(output)) => {
            *contents = Some(content(&record.outputs));
            Reason::Reused
        }
        Some(_) => Reason::ProducesMissing,
        None if last.is_some() => Reason::InputsChanged,
        None => Reason::Initial,
    }
}

fn unsettled(job: &Job, jobs: &[Job], contents: &[Option<Digest>]) -> Reason {
    let from = needs(job).into_iter().find(|need| contents[need.index()].is_none());
    Reason::Propagated { from: from.map_or_else(String::new, |need| jobs[need.index()].name.clone()) }
}
