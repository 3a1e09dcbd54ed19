//! A run on a farm: what it would send, and sending and following it.

use super::farm_config::unlimited_config;
use super::farm_scheduler::build_scheduler;
use super::manifest_spec::{ManifestSpec, build_manifest, write_manifest};
use super::shared_storage_check::check_shared_storage;
use crate::event::EventSink;
use crate::execute::RunOutcome;
use crate::farm::{
    ActiveRun, ArraySubmitter, FollowContext, Scheduler, SubmissionLog, TaskArray, TaskGroup,
    TaskId, TaskManifest, TaskMap, TaskPolicy, build_arrays, match_tasks, run_on_farm,
};
use crate::model::farm_profile::FarmProfile;
use crate::session::planned_run::{PlannedRun, ScheduledRun};
use crate::session::session_error::SessionError;
use crate::session::session_notice::SessionNotice;
use crate::store::Journal;

/// The tasks of a farm run, and what is known of the farm before anything is written or sent.
pub(in crate::session) struct FarmRun<'a> {
    farm: &'a FarmProfile,
    manifest: TaskManifest,
    /// Which task each job is.
    by_job: Vec<Option<TaskId>>,
    /// What is still to be sent.
    pending: Option<PendingTasks>,
}

/// Tasks that are still to be sent.
struct PendingTasks {
    tasks: TaskMap,
    arrays: Vec<TaskArray>,
}

impl<'a> FarmRun<'a> {
    /// Returns the tasks of the run that is gone on with, or else of a new one. Nothing is written
    /// or sent: whatever keeps the run from the farm is found here, before it has a number.
    pub(in crate::session) fn prepare(
        run: &ScheduledRun<'_>,
        farm: &'a FarmProfile,
    ) -> Result<Self, SessionError> {
        let PlannedRun {
            session,
            plan,
            active_run,
            ..
        } = &run.planned;
        let Some(active_run) = active_run else {
            return Self::prepare_new(run, farm);
        };
        let manifest = active_run.open_manifest(&session.layout)?;
        let by_job = match_tasks(&manifest, plan)?;
        Ok(Self {
            farm,
            manifest,
            by_job,
            pending: None,
        })
    }

    fn prepare_new(run: &ScheduledRun<'_>, farm: &'a FarmProfile) -> Result<Self, SessionError> {
        let PlannedRun {
            session,
            plan,
            options,
            ..
        } = &run.planned;
        let tasks = TaskMap::from_plan(plan);
        let by_job = plan.jobs().map(|(id, _)| tasks.task_of_job(id)).collect();
        let spec = ManifestSpec {
            farm,
            revision: &run.revision,
            rules: TaskPolicy::new(
                run.config.limits,
                run.config.retries,
                options.grace_period,
                farm.lag,
                farm.mixed_hosts,
            ),
            exported: false,
        };
        let manifest = build_manifest(&spec, session, &tasks);
        check_shared_storage(&manifest.header, plan, session.context)?;
        let scheduler = build_scheduler(&manifest, session.context.environment, &session.clock);
        if options.detach && !scheduler.spec().survives_client {
            return Err(SessionError::CannotDetach(scheduler.spec().name));
        }
        let arrays = build_arrays(plan, &tasks, scheduler.array_limit()?);
        first_of_each_kind(&manifest.header.groups, &arrays)
            .try_for_each(|array| scheduler.dry_run(array))?;
        drop(scheduler);
        Ok(Self {
            farm,
            manifest,
            by_job,
            pending: Some(PendingTasks { tasks, arrays }),
        })
    }

    /// Sends what was not sent yet and, unless the run is to be left alone, follows it to its end.
    pub(in crate::session) fn submit_and_follow(
        self,
        run: &ScheduledRun<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<Option<RunOutcome>, SessionError> {
        let session = &run.planned.session;
        let context = session.context;
        let mut scheduler = build_scheduler(&self.manifest, context.environment, &session.clock);
        let outlives = scheduler.spec().survives_client;
        let mut submitter = self.submit_pending(run, &mut *scheduler)?;
        context.report(&SessionNotice::TasksSubmitted {
            farm: &self.farm.name,
            tasks: self.manifest.header.tasks,
            arrays: submitter.submitted_count(),
            folder: &self.manifest.folder.scheduler_folder(),
        });
        if run.planned.options.detach {
            return Ok(None);
        }
        let outcome = self.follow_outcome(run, &mut submitter, journal, sinks)?;
        if outcome.cancelled && !session.cancel.is_halting() && outlives {
            context.report(&SessionNotice::LeftOnFarm {
                farm: &self.farm.name,
            });
            return Ok(Some(outcome));
        }
        // A run that failed leaves tasks in the queue that nobody waits for.
        submitter.cancel_all()?;
        self.active_run().end_run(&session.layout)?;
        Ok(Some(outcome))
    }

    /// Writes down and hands in what is still to be sent. What was handed in is taken back when the
    /// rest is refused.
    fn submit_pending<'s>(
        &'s self,
        run: &ScheduledRun<'_>,
        scheduler: &'s mut (dyn Scheduler + 's),
    ) -> Result<ArraySubmitter<'s>, SessionError> {
        let PlannedRun { session, plan, .. } = &run.planned;
        let manifest = &self.manifest;
        match &self.pending {
            Some(PendingTasks { tasks, .. }) => write_manifest(manifest, session, plan, tasks)?,
            None => manifest.folder.remove_closed_marker()?,
        }
        let mut submitter = ArraySubmitter::new(
            scheduler,
            SubmissionLog::open(manifest.folder.clone())?,
            &manifest.header.groups,
        );
        let Some(PendingTasks { arrays, .. }) = &self.pending else {
            return Ok(submitter);
        };
        self.active_run().write(&session.layout)?;
        match submitter.submit_arrays(arrays.iter().cloned()) {
            Ok(None) => Ok(submitter),
            Ok(Some(reason)) => {
                session.context.report(&SessionNotice::SubmissionPaused {
                    scheduler: submitter.scheduler_spec().name,
                    reason: &reason,
                });
                Ok(submitter)
            }
            Err(error) => {
                submitter.cancel_all()?;
                self.active_run().end_run(&session.layout)?;
                Err(error.into())
            }
        }
    }

    fn follow_outcome(
        &self,
        run: &ScheduledRun<'_>,
        submitter: &mut ArraySubmitter<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<RunOutcome, SessionError> {
        let PlannedRun { session, plan, .. } = &run.planned;
        let follow_context = FollowContext {
            plan,
            manifest: &self.manifest,
            tasks: &self.by_job,
            poll: self.farm.poll,
            blobs: &session.blobs,
            snapshot: &session.snapshot,
            cancel: &session.cancel,
            clock: &session.clock,
        };
        let mut report_message =
            |text: &str| session.context.report(&SessionNotice::FarmMessage(text));
        let config = unlimited_config(plan, run.config.clone());
        Ok(run_on_farm(
            &follow_context,
            submitter,
            &session.history,
            &config,
            journal,
            sinks,
            &mut report_message,
        )?)
    }

    fn active_run(&self) -> ActiveRun {
        ActiveRun {
            revision: self.manifest.header.revision.clone(),
        }
    }
}

/// Returns the first array of each kind of task: the others ask for the same.
pub(super) fn first_of_each_kind<'a>(
    groups: &'a [TaskGroup],
    arrays: &'a [TaskArray],
) -> impl Iterator<Item = &'a TaskArray> {
    let mut arrays = arrays.iter();
    groups
        .iter()
        .filter_map(move |group| arrays.find(|array| group.contains(array.first)))
}
