//! Explains why jobs of a production run, wait, failed or are reused.

use super::production_session::SessionSetup;
use super::program_access::ProgramUse;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use crate::base::{Clock, Digest, SystemClock};
use crate::plan::{JobSelection, Plan, provenance_changes, resolve_target};
use crate::project::OpenedProduction;
use crate::report::job_explanation::{JobExplainer, JobExplanation};
use crate::store::job_history::JobHistory;
use crate::store::provenance::ProvenanceArchive;
use crate::store::{StoreLayout, store_lock};
use std::cell::OnceCell;

/// The plan of a whole production, with the history of its jobs.
pub struct ExplainedPlan<'a> {
    opened: &'a OpenedProduction,
    plan: Plan,
    job_history: JobHistory,
    is_running: bool,
    layout: StoreLayout,
}

impl<'a> ExplainedPlan<'a> {
    /// Plans the production against the store, and reads every journal.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, or the store is damaged.
    pub fn open(
        opened: &'a OpenedProduction,
        options: &SessionOptions,
        context: SessionContext<'_>,
    ) -> Result<Self, SessionError> {
        let setup = SessionSetup::new(opened, options, context)?;
        let now = SystemClock::default().now();
        // No lock is taken: `explain` has to work while a run is going, since that is when people
        // ask what it waits for.
        let is_running = store_lock::lock_holder(&setup.location.layout, now).is_some();
        let (session, jobs) = setup.open(ProgramUse::Look)?;
        // The whole production without a selection: the options of an earlier run are not known
        // here. Claims do not matter for reasons.
        let plan = session.plan_jobs(jobs, &JobSelection::default())?;
        let job_history = JobHistory::read_journals(&session.layout)?;
        Ok(Self {
            opened,
            plan,
            job_history,
            is_running,
            layout: session.layout.clone(),
        })
    }

    /// Explains every job that `targets` name: jobs, beginnings of their names up to a slash, shots
    /// or phases.
    ///
    /// # Errors
    /// Fails when a target names no job.
    pub fn explain_targets(
        &self,
        targets: &[String],
    ) -> Result<Vec<JobExplanation<'_>>, SessionError> {
        // Read when the first job that was made twice is explained.
        let archive = OnceCell::new();
        let archive = || archive.get_or_init(|| ProvenanceArchive::read_all(&self.layout));
        let changes = |before: Digest, last: Digest| {
            let was = archive().find_provenance(before);
            let now = archive().find_provenance(last);
            was.zip(now)
                .map_or_else(Vec::new, |(was, now)| provenance_changes(&was, &now))
        };
        let explainer = JobExplainer {
            plan: &self.plan,
            chronicle: &self.job_history,
            sources: &self.opened.sources,
            is_running: self.is_running,
            changes: &changes,
        };
        let mut explanations = Vec::new();
        for target in targets {
            let jobs = self.plan.jobs().map(|(_, planned)| &planned.job);
            let target_jobs = resolve_target(jobs, target)?;
            let ids = target_jobs.jobs.into_iter();
            explanations.extend(ids.map(|id| explainer.explain_job(id)));
        }
        Ok(explanations)
    }
}
