//! The effect of `--regen` and `--pin` on single jobs: made again although the store has them, or
//! reused although they changed.

use super::PlanError;
use super::graph::JobGraph;
use super::select::JobSelection;
use super::target::resolve_target;
use crate::base::Digest;
use crate::model::{Artefact, Job, JobId};
use crate::store::RunHistory;

/// How `--regen` and `--pin` override the identity of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JobControl {
    /// Neither option names it. Its identity decides.
    #[default]
    Unset,
    /// `--regen` names the job.
    ForceJob,
    /// `--regen` names its shot or phase.
    ForceGroup,
    /// `--pin` names it. The outputs that were made under this identity are used.
    Pin(Digest),
}

impl JobControl {
    /// Returns whether the job is made again even if the store has its outputs.
    #[must_use]
    pub const fn is_forced(self) -> bool {
        matches!(self, Self::ForceJob | Self::ForceGroup)
    }
}

/// Returns the control of each job.
pub(super) fn job_controls(
    jobs: &[Job],
    graph: &JobGraph,
    selection: &JobSelection,
    history: &RunHistory,
    has_artefact: &dyn Fn(&Artefact) -> bool,
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
            // The more exact target wins in either order, so the reason in the plan does not depend
            // on the order of the options.
            if controls[id.index()] != JobControl::ForceJob {
                controls[id.index()] = control;
            }
        }
    }
    let resolver = PinResolver {
        jobs,
        history,
        has_artefact,
    };
    for word in &selection.pin {
        for id in resolve_target(jobs.iter(), word)?.jobs {
            // No precedence between the two options: whichever won, the user would get the opposite
            // of one of the things that they typed.
            if controls[id.index()].is_forced() {
                return Err(PlanError::RegenAndPin(jobs[id.index()].name.to_string()));
            }
            controls[id.index()] = JobControl::Pin(resolver.pinned_digest(id)?);
        }
    }
    // After all explicit targets, because a job is pinned as a source only when no option names it.
    resolver.pin_sources(graph, &mut controls);
    Ok(controls)
}

/// Looks up the last results of jobs.
struct PinResolver<'a> {
    jobs: &'a [Job],
    history: &'a RunHistory,
    has_artefact: &'a dyn Fn(&Artefact) -> bool,
}

impl PinResolver<'_> {
    /// Returns the identity under which the job was last made, if its outputs can replace the
    /// requested ones.
    fn pinned_digest(&self, id: JobId) -> Result<Digest, PlanError> {
        let job = &self.jobs[id.index()];
        // By name, since the identity has changed: that is why the job is pinned. The name is the
        // only thing that the old result and the new job have in common.
        let last = self.history.records.last_identity(job.name.as_str());
        let record = last.and_then(|last| Some((last, self.history.records.get(&last)?)));
        let Some((digest, record)) = record else {
            return Err(self.never_made_error(job));
        };
        // With another number of frames, the jobs that need it would read frames that are not
        // there, or leave out some that are. That would fail hours later in the encoder.
        if record.units != job.work.unit_count() {
            let made = record.units;
            let now = job.work.unit_count();
            return Err(PlanError::PinDoesNotFit {
                job: job.name.to_string(),
                made,
                now,
            });
        }
        // Checked while planning, and not when the job is reused: a clean-up may have removed the
        // files, and the user should know before the run starts.
        match record
            .outputs
            .iter()
            .find(|output| !(self.has_artefact)(output))
        {
            Some(missing) => Err(PlanError::PinLost {
                job: job.name.to_string(),
                file: missing.name.clone(),
            }),
            None => Ok(digest),
        }
    }

    /// Returns the error for a job without a record.
    fn never_made_error(&self, job: &Job) -> PlanError {
        // A chunk has its frames in its name. When the length of a shot changes, its chunks have
        // new names and were never made, which the user sees only if a sibling is named.
        let settled = self.history.records.last_identities().map(|(name, _)| name);
        let mut near: Vec<&str> = settled.filter(|name| job.name.is_sibling(name)).collect();
        // The history is a hash map; sorted, the message is the same on every call.
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

    /// Pins the jobs that only pinned jobs need.
    fn pin_sources(&self, graph: &JobGraph, controls: &mut [JobControl]) {
        // A pinned job does not read its inputs, so making them again would change nothing. In
        // reverse order one pass covers whole chains of such jobs.
        for id in graph.order.iter().rev() {
            let dependants = &graph.dependants[id.index()];
            // A job that nothing needs, such as a sheet, is a result of its own and not a source of
            // a pin.
            let is_source = !dependants.is_empty()
                && dependants
                    .iter()
                    .all(|next| matches!(controls[next.index()], JobControl::Pin(_)));
            if is_source && controls[id.index()] == JobControl::Unset {
                controls[id.index()] = self
                    // Without a usable result the job stays as it is: nobody named it, so it is no
                    // reason to refuse the run.
                    .pinned_digest(*id)
                    .map_or(JobControl::Unset, JobControl::Pin);
            }
        }
    }
}
