//! What a person decided about single jobs: made again although the store has them, or kept although they changed.

use super::PlanError;
use super::graph::JobGraph;
use super::select::JobSelection;
use super::target::resolve_target;
use crate::base::Digest;
use crate::model::{Artefact, Job, JobId};
use crate::store::RunHistory;

/// What was decided about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JobControl {
    /// Nothing: its identity decides.
    #[default]
    Unset,
    /// It is made again; it was named itself.
    ForceJob,
    /// It is made again, with all of its shot or phase.
    ForceGroup,
    /// What was last made under this identity is used.
    Pin(Digest),
}

impl JobControl {
    /// Returns whether the job is made again whatever the store has.
    #[must_use]
    pub const fn is_forced(self) -> bool {
        matches!(self, Self::ForceJob | Self::ForceGroup)
    }
}

/// Returns what was decided about each job.
pub(super) fn job_controls(
    jobs: &[Job],
    graph: &JobGraph,
    selection: &JobSelection,
    history: &RunHistory,
    holds: &dyn Fn(&Artefact) -> bool,
) -> Result<Vec<JobControl>, PlanError> {
    let mut controls = vec![JobControl::Unset; jobs.len()];
    for word in &selection.regen {
        let target = resolve_target(jobs.iter(), word)?;
        let control = if target.by_name {
            JobControl::ForceJob
        } else {
            JobControl::ForceGroup
        };
        for id in target.jobs {
            if controls[id.index()] != JobControl::ForceJob {
                controls[id.index()] = control;
            }
        }
    }
    let resolver = PinResolver {
        jobs,
        history,
        holds,
    };
    for word in &selection.pin {
        for id in resolve_target(jobs.iter(), word)?.jobs {
            if controls[id.index()].is_forced() {
                return Err(PlanError::RegenAndPin(jobs[id.index()].name.to_string()));
            }
            controls[id.index()] = JobControl::Pin(resolver.pinned_digest(id)?);
        }
    }
    resolver.pin_sources(graph, &mut controls);
    Ok(controls)
}

/// Finds what jobs last made.
struct PinResolver<'a> {
    jobs: &'a [Job],
    history: &'a RunHistory,
    holds: &'a dyn Fn(&Artefact) -> bool,
}

impl PinResolver<'_> {
    /// Returns the identity under which the job was last made, if that can stand in for what is asked for now.
    fn pinned_digest(&self, id: JobId) -> Result<Digest, PlanError> {
        let job = &self.jobs[id.index()];
        let last = self.history.records.last_identity(job.name.as_str());
        let record = last.and_then(|last| Some((last, self.history.records.get(&last)?)));
        let Some((digest, record)) = record else {
            return Err(self.never_made_error(job));
        };
        if record.units != job.work.unit_count() {
            let (made, now) = (record.units, job.work.unit_count());
            return Err(PlanError::PinDoesNotFit {
                job: job.name.to_string(),
                made,
                now,
            });
        }
        match record.outputs.iter().find(|output| !(self.holds)(output)) {
            Some(missing) => Err(PlanError::PinLost {
                job: job.name.to_string(),
                file: missing.name.clone(),
            }),
            None => Ok(digest),
        }
    }

    /// A chunk bears its frames in its name, so a shot whose length changed has chunks that were never made.
    fn never_made_error(&self, job: &Job) -> PlanError {
        let settled = self.history.records.last_identities().map(|(name, _)| name);
        let mut near: Vec<&str> = settled.filter(|name| job.name.is_sibling(name)).collect();
        near.sort_unstable();
        let hint = match near.first() {
            Some(sibling) if job.shot.is_some() => {
                format!("`{sibling}` was, so the shot has other frames now; a pin cannot fill them")
            }
            _ => "there is nothing to keep; run it without the pin first".to_owned(),
        };
        PlanError::NeverMade {
            job: job.name.to_string(),
            hint,
        }
    }

    /// Keeps what only pinned jobs need, too: to make it would change nothing.
    fn pin_sources(&self, graph: &JobGraph, controls: &mut [JobControl]) {
        for id in graph.order.iter().rev() {
            let behind = &graph.dependants[id.index()];
            let is_source = !behind.is_empty()
                && behind
                    .iter()
                    .all(|next| matches!(controls[next.index()], JobControl::Pin(_)));
            if is_source && controls[id.index()] == JobControl::Unset {
                controls[id.index()] = self
                    .pinned_digest(*id)
                    .map_or(JobControl::Unset, JobControl::Pin);
            }
        }
    }
}
