//! A run before it starts: planned with the store locked, then given a revision, a configuration
//! and a forecast.

use super::event_sinks::RunOutputs;
use super::farm::{farm_slots_config, resumable_run};
use super::forecast::{forecast_run, measure_before_run};
use super::path_values::PathValues;
use super::production_session::{ProductionSession, SessionSetup};
use super::program_access::ProgramUse;
use super::run_facts::RunSummary;
use super::run_hooks::{EndedHooks, require_hooks};
use super::run_options::RunOptions;
use super::saved_plan::{report_idle_controls, require_followed};
use super::session_context::SessionContext;
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use super::store_access::StoreAccess;
use super::up_to_date::up_to_date_summary;
use crate::base::{CancelToken, Clock};
use crate::execute::{ExecutorConfig, RetryPolicy, RunEstimate};
use crate::farm::ActiveRun;
use crate::plan::Plan;
use crate::project::{OpenedProduction, RunHooks};
use crate::report::{JobIndex, LiveRun, MultiSink, SharedRun};
use crate::store::StoreLock;
use std::sync::{Arc, Mutex};

/// A planned run. The store stays locked until it, or the stage made from it, is dropped.
pub struct PlannedRun<'a> {
    pub(super) session: ProductionSession<'a>,
    pub(super) options: &'a RunOptions,
    pub(super) plan: Plan,
    /// The farm run that is resumed. `None` starts a new run.
    pub(super) active_run: Option<ActiveRun>,
    /// The hooks of the user.
    user_hooks: RunHooks,
    lock: StoreLock,
}

/// A run that has a revision, a configuration and a forecast, and can start.
pub struct ScheduledRun<'a> {
    pub(super) planned: PlannedRun<'a>,
    pub(super) revision: String,
    pub(super) started_at: jiff::Timestamp,
    pub(super) config: ExecutorConfig,
    pub(super) expected: RunEstimate,
}

impl<'a> PlannedRun<'a> {
    /// Locks the store and plans the run.
    ///
    /// # Errors
    /// Fails when the production has mistakes, a profile cannot be used, the store is held or
    /// damaged, a run is on a farm that `options` do not resume, a tool is missing, the
    /// selection names no job, or the plan to follow no longer holds.
    pub fn plan(
        opened: &'a OpenedProduction,
        options: &'a RunOptions,
        context: SessionContext<'a>,
    ) -> Result<Self, SessionError> {
        let setup = SessionSetup::new(opened, &options.session, context)?;
        // Before anything runs: a mistake in a hook would else be found at night, by nobody.
        let user_hooks = require_hooks(&setup.checked.root, context)?;
        let access = StoreAccess {
            command: "run",
            wait: options.wait_for_store,
        };
        // Locked before the journals are read: a plan from a history that another run still changes
        // could make its jobs a second time.
        let lock = setup.location.lock(access, context)?;
        // Before the jobs are expanded, since a run that is already on a farm refuses this one
        // anyway, and expanding may take a second.
        let active_run = resumable_run(&setup.location.layout, options)?;
        let (session, jobs) = setup.open(ProgramUse::Run)?;
        // All tools are checked at once and before planning. A missing renderer must not stop the
        // run in its second hour.
        session.require_tools(&jobs)?;
        // Saved here and not at the end, so that an interrupted run does not hash gigabytes of
        // inputs again.
        session.snapshot.save_inputs(&session.layout)?;
        report_resume(&session, options);
        let plan = session.plan_with_claims(jobs, &options.selection)?;
        require_followed(options.follow.as_ref(), &plan, &session)?;
        session.require_encoders(&plan)?;
        session.require_voices(&plan)?;
        report_idle_controls(&plan, &options.selection, context);
        Ok(Self {
            session,
            options,
            plan,
            active_run,
            user_hooks,
            lock,
        })
    }

    /// Returns the summary of the published revision, if this run would only publish it again.
    #[must_use]
    pub fn up_to_date_summary(&self) -> Option<RunSummary> {
        // Results of a farm are not in a journal until they are collected, so nothing counts as up
        // to date while a farm run is active.
        if self.active_run.is_some() {
            return None;
        }
        up_to_date_summary(&self.plan, &self.session)
    }

    /// Gives the run its revision and its forecast. Nothing is written.
    ///
    /// # Errors
    /// Fails when a job claims more than the machine has.
    pub fn schedule(mut self) -> Result<ScheduledRun<'a>, SessionError> {
        let revision = self.session.history.next_revision();
        let started_at = self.session.clock.now();
        let mut config = run_config(self.options, &self.session, &revision);
        let expected = match &self.session.farm {
            Some(farm) => {
                // The forecast of a farm counts its slots. Cores and memory of this machine say
                // nothing about it.
                let slots = farm_slots_config(&self.plan, farm, &config);
                forecast_run(&self.plan, &self.session, &slots)?
            }
            None => {
                config = measure_before_run(&self.plan, &mut self.session, config)?;
                forecast_run(&self.plan, &self.session, &config)?
            }
        };
        Ok(ScheduledRun {
            planned: self,
            revision,
            started_at,
            config,
            expected,
        })
    }

    /// Ends the session and leaks the plan, for processes that end here. Freeing hundreds of
    /// thousands of jobs would take as long as planning them.
    pub fn leak_plan(self) {
        let Self {
            session,
            plan,
            lock,
            ..
        } = self;
        std::mem::forget(plan);
        // The lock and the session are still dropped, since they hold files and processes and not
        // only memory.
        drop(lock);
        drop(session);
    }
}

impl<'a> ScheduledRun<'a> {
    /// Returns the token that stops the run: once to let running jobs finish, twice to stop them.
    #[must_use]
    pub const fn cancel_token(&self) -> &CancelToken {
        &self.planned.session.cancel
    }

    /// Returns what the paths of its deliverables have for revision and date.
    pub(super) fn path_values(&self) -> PathValues {
        PathValues::for_run(&self.revision, self.started_at)
    }

    /// Ends the session, releases the store and leaks the plan, as [`PlannedRun::leak_plan`] does.
    /// Returns the hooks of the run, which may use the store now.
    pub fn into_hooks(mut self) -> EndedHooks<'a> {
        let hooks = EndedHooks {
            root: self.planned.session.checked.root.clone(),
            user: std::mem::take(&mut self.planned.user_hooks),
            folder: std::mem::take(&mut self.planned.session.folder_hooks),
            cancel: self.cancel_token().clone(),
            context: self.planned.session.context,
        };
        self.planned.leak_plan();
        hooks
    }

    /// Returns the sinks of the run, and what others may look at while it is in progress.
    pub(super) fn build_sinks(&self, outputs: RunOutputs) -> (MultiSink<'_>, SharedRun) {
        let session = &self.planned.session;
        let job_index = JobIndex::from_plan(
            &self.planned.plan,
            &session.opened.sources,
            &session.duration_model,
            self.expected.makespan.1,
        )
        .with_store(session.layout.root());
        let job_index = Arc::new(job_index);
        let live = LiveRun::new(Arc::clone(&job_index), &self.revision);
        let live = Arc::new(Mutex::new(live));
        let sinks = outputs.build_sinks(job_index, Arc::clone(&live), session);
        (sinks, live)
    }
}

fn report_resume(session: &ProductionSession<'_>, options: &RunOptions) {
    if session.history.was_interrupted() {
        // Reported whether or not `--resume` was given, because finished work is reused in any case
        // and the user may wonder why so little runs.
        session.context.report(&SessionNotice::ContinuesRun {
            finished_jobs: session.history.records.len(),
        });
    } else if options.resume {
        // A notice and no error: a script may pass `--resume` on every run.
        session.context.report(&SessionNotice::NothingToResume);
    }
}

fn run_config(
    options: &RunOptions,
    session: &ProductionSession<'_>,
    revision: &str,
) -> ExecutorConfig {
    // The seed spreads the waits between attempts. It comes from the name of the revision, so waits
    // differ from run to run and those of one run can be reproduced.
    let seed = revision.bytes().fold(0_u64, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    ExecutorConfig {
        max_failures: options.max_failures,
        retries: RetryPolicy {
            max_retries: options.max_retries,
            max_licence_wait: options.max_licence_wait,
            seed: Some(seed),
        },
        limits: options.limits,
        ..session.executor_config()
    }
}
