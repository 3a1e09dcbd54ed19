//! Plans a run without a lock and without running anything.

use super::farm::{FarmRunPreview, farm_slots_config, preview_farm_run};
use super::followed_plan::FollowedPlan;
use super::forecast::forecast_run;
use super::production_session::ProductionSession;
use super::saved_plan::{
    plan_facts, report_idle_controls, require_followed, save_plan, write_plan,
};
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::up_to_date::is_up_to_date;
use crate::execute::RunEstimate;
use crate::plan::{JobSelection, Plan};
use crate::project::OpenedProduction;
use crate::report::PlanFacts;
use crate::store::StoreError;
use std::path::{Path, PathBuf};

/// The options of a preview.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// Where and with what the work would be done.
    pub session: SessionOptions,
    /// The selected jobs, with `--regen` and `--pin`.
    pub selection: JobSelection,
    /// The plan that this one must be. `None`: the plan of the current state.
    pub follow: Option<FollowedPlan>,
    /// Whether to show what would be submitted to the scheduler of the farm.
    pub show_submissions: bool,
}

/// A plan with its forecast and the size of its farm run.
pub struct PlanPreview<'a> {
    session: ProductionSession<'a>,
    plan: Plan,
    options: &'a PlanOptions,
    /// How long the run would take.
    pub expected: RunEstimate,
    /// What the run would submit. `None` without a farm.
    pub farm_run: Option<FarmRunPreview>,
}

impl<'a> PlanPreview<'a> {
    /// Plans a run against the store as it is.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, the store is damaged, or
    /// the selection names no job, or the plan to follow no longer holds.
    pub fn build(
        opened: &'a OpenedProduction,
        options: &'a PlanOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        // Without a lock, so that a plan can be looked at while a run is going. Its history may be
        // a second old, which a preview can bear.
        let (session, jobs) = ProductionSession::open(opened, &options.session, context)?;
        let plan = session.plan_with_claims(jobs, &options.selection)?;
        require_followed(options.follow.as_ref(), &plan, &session)?;
        report_idle_controls(&plan, &options.selection, context);
        let config = session.executor_config();
        let slots = session
            .farm
            .as_ref()
            .map(|farm| farm_slots_config(&plan, farm, &config));
        // One forecast serves the plan and the size of the farm run: for millions of tasks a second
        // simulation would double the time of the command.
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

    /// Returns the facts that are printed and saved.
    #[must_use]
    pub fn facts(&self) -> PlanFacts<'_> {
        let facts = plan_facts(
            &self.session,
            &self.plan,
            &self.options.selection,
            &self.expected,
        );
        PlanFacts {
            up_to_date: is_up_to_date(&self.plan, &self.session),
            ..facts
        }
    }

    /// Writes the plan into the store, and returns its file.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn save(&self, facts: &PlanFacts<'_>) -> Result<PathBuf, StoreError> {
        save_plan(&self.session.layout, facts)
    }

    /// Writes the plan to a file of the user.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    pub fn write(&self, facts: &PlanFacts<'_>, path: &Path) -> Result<(), StoreError> {
        // Through the store's disk, although the file is the user's: a full disk leaves the old
        // plan instead of half of one.
        write_plan(&self.session.layout, facts, path)
    }
}
