//! What a run would do, without a lock and without running anything.

use super::farm::{FarmRunPreview, farm_slots_config, preview_farm_run};
use super::forecast::forecast_run;
use super::production_session::ProductionSession;
use super::saved_plan::{plan_facts, report_idle_controls, save_plan};
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use crate::execute::RunEstimate;
use crate::plan::{JobSelection, Plan};
use crate::project::OpenedProduction;
use crate::report::PlanFacts;
use crate::store::StoreError;
use std::path::PathBuf;

/// What is to be planned.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// Where and with what the work would be done.
    pub session: SessionOptions,
    /// Which jobs, and what was decided about single ones.
    pub selection: JobSelection,
    /// Whether to write out what the farm's scheduler would be given.
    pub show_submissions: bool,
}

/// A plan with its forecast, and what it would send to a farm.
pub struct PlanPreview<'a> {
    session: ProductionSession<'a>,
    plan: Plan,
    options: &'a PlanOptions,
    /// How long the run would take.
    pub expected: RunEstimate,
    /// What the run would send, where a farm would do the work.
    pub farm_run: Option<FarmRunPreview>,
}

impl<'a> PlanPreview<'a> {
    /// Plans a run against the store as it is.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, the store is damaged, or
    /// the selection names no job.
    pub fn build(
        opened: &'a OpenedProduction,
        options: &'a PlanOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        let (session, jobs) = ProductionSession::open(opened, &options.session, context)?;
        let plan = session.plan_with_claims(jobs, &options.selection)?;
        report_idle_controls(&plan, &options.selection, context);
        let config = session.executor_config();
        let slots = session
            .farm
            .as_ref()
            .map(|farm| farm_slots_config(&plan, farm, &config));
        let expected = forecast_run(&plan, &session, slots.as_ref().unwrap_or(&config))?;
        let farm_run = session.farm.as_ref().map(|farm| {
            let show_submissions = options.show_submissions;
            preview_farm_run(farm, &session, &plan, &config, &expected, show_submissions)
        });
        Ok(Self {
            session,
            plan,
            options,
            expected,
            farm_run,
        })
    }

    /// Returns the plan for people and machines.
    #[must_use]
    pub fn facts(&self) -> PlanFacts<'_> {
        plan_facts(
            &self.session,
            &self.plan,
            &self.options.selection,
            &self.expected,
        )
    }

    /// Writes the plan into the store, and returns its file.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn save(&self, facts: &PlanFacts<'_>) -> Result<PathBuf, StoreError> {
        save_plan(&self.session.layout, facts)
    }
}
