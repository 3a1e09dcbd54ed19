//! Counts the jobs of a production that are in the store already, by phase.

use super::beat_progress::BeatJobs;
use super::production_session::ProductionSession;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use crate::model::Phase;
use crate::plan::JobSelection;
use crate::project::OpenedProduction;

/// How many jobs a run would reuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReuseCounts {
    /// Each phase that has jobs, with the number of its jobs and the number of those in the store.
    pub phases: Vec<(Phase, usize, usize)>,
    /// The jobs of each beat of an ad.
    pub beats: Vec<BeatJobs>,
}

impl ReuseCounts {
    /// Plans the production against the store. Nothing runs.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, or the store is damaged.
    pub fn count(
        opened: &OpenedProduction,
        options: &SessionOptions,
        context: SessionContext<'_>,
    ) -> Result<Self, SessionError> {
        let (session, jobs) = ProductionSession::open(opened, options, context)?;
        // Without claims: they do not decide whether a job is reused.
        let plan = session.plan_jobs(jobs, &JobSelection::default())?;
        let counted = Phase::ALL.into_iter().map(|phase| {
            let jobs = || {
                plan.jobs()
                    .filter(|(_, planned)| planned.job.phase == phase)
            };
            let reused = jobs().filter(|(_, planned)| !planned.reason.is_dirty());
            (phase, jobs().count(), reused.count())
        });
        let beats = opened.checked.as_ref().map(|checked| &checked.beats[..]);
        let jobs = plan.jobs();
        let jobs = jobs.map(|(_, planned)| (&planned.job, !planned.reason.is_dirty()));
        Ok(Self {
            beats: BeatJobs::by_beat(beats.unwrap_or_default(), jobs),
            phases: counted.filter(|(_, jobs, _)| *jobs > 0).collect(),
        })
    }

    /// Returns the number of jobs.
    #[must_use]
    pub fn job_count(&self) -> usize {
        self.phases.iter().map(|(_, jobs, _)| jobs).sum()
    }

    /// Returns the number of jobs that would be reused.
    #[must_use]
    pub fn reused_count(&self) -> usize {
        self.phases.iter().map(|(_, _, reused)| reused).sum()
    }
}
