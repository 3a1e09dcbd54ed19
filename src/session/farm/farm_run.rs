//! Submits a run to a farm and follows it.

use super::farm_config::unlimited_config;
use super::farm_scheduler::build_scheduler;
use super::font_check::report_farm_font;
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
use crate::session::session_notice::{SessionNotice, SubmittedTasks};
use crate::store::Journal;

/// The tasks of a farm run, and its farm, before anything is written or submitted.
pub(in crate::session) struct FarmRun<'a> {
    farm: &'a FarmProfile,
    manifest: TaskManifest,
    /// The task of each job. `None` for a job that need not run.
    by_job: Vec<Option<TaskId>>,
    /// The tasks to submit. `None` for a resumed run, whose tasks are submitted already.
    pending: Option<PendingTasks>,
}

/// Tasks that are not submitted yet.
struct PendingTasks {
    tasks: TaskMap,
    arrays: Vec<TaskArray>,
}

impl<'a> FarmRun<'a> {
    /// Returns the tasks of the resumed run, or of a new one. Nothing is written or submitted:
    /// every reason to refuse the run is found here, before it has a revision.
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
        // A changed document would expect other results than the tasks make. The user has to cancel
        // such a run, so this is an error.
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
        // Only jobs that must run become tasks; the others are reused by this process.
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
        // Before the dry run: on a store that nodes cannot see, every task would fail after waiting
        // in the queue.
        check_shared_storage(&manifest.header, plan, session.context)?;
        report_farm_font(farm, plan, session);
        let scheduler = build_scheduler(&manifest, session.context.environment, &session.clock);
        // A scheduler inside of this process ends with it, and the tasks would never run.
        if options.detach && !scheduler.spec().survives_client {
            return Err(SessionError::CannotDetach(scheduler.spec().name));
        }
        let arrays = build_arrays(plan, &tasks, scheduler.array_limit()?);
        // A dry run finds wrong partitions and accounts. One array of each kind is enough, since
        // the others differ in their index only, and there may be thousands.
        first_of_each_kind(&manifest.header.groups, &arrays)
            .try_for_each(|array| scheduler.dry_run(array))?;
        // The scheduler borrows the manifest, which moves into the result.
        drop(scheduler);
        Ok(Self {
            farm,
            manifest,
            by_job,
            pending: Some(PendingTasks { tasks, arrays }),
        })
    }

    /// Submits the pending tasks and follows the run to its end. `None` if it is left alone.
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
        context.report(&SessionNotice::TasksSubmitted(SubmittedTasks {
            farm: &self.farm.name,
            tasks: self.manifest.header.tasks,
            arrays: submitter.submitted_count(),
            folder: &self.manifest.folder.scheduler_folder(),
        }));
        if run.planned.options.detach {
            return Ok(None);
        }
        let outcome = self.follow_outcome(run, &mut submitter, journal, sinks)?;
        // A first interrupt stops following only. Tasks that have been rendering for hours on other
        // machines go on, and `--resume` collects them. A second interrupt, or a scheduler that
        // needs this process, ends them.
        if outcome.cancelled && !session.cancel.is_halting() && outlives {
            context.report(&SessionNotice::LeftOnFarm {
                farm: &self.farm.name,
            });
            return Ok(Some(outcome));
        }
        // A failed run leaves tasks in the queue whose results nobody will use.
        submitter.cancel_all()?;
        self.active_run().end_run(&session.layout)?;
        Ok(Some(outcome))
    }

    /// Writes the manifest and submits the pending tasks. If the scheduler refuses one, those
    /// before it are cancelled.
    fn submit_pending<'s>(
        &'s self,
        run: &ScheduledRun<'_>,
        scheduler: &'s mut (dyn Scheduler + 's),
    ) -> Result<ArraySubmitter<'s>, SessionError> {
        let PlannedRun { session, plan, .. } = &run.planned;
        let manifest = &self.manifest;
        // The manifest is complete before the first task is submitted: the scheduler may start it
        // at once.
        match &self.pending {
            Some(PendingTasks { tasks, .. }) => write_manifest(manifest, session, plan, tasks)?,
            // A run whose end was interrupted is marked as closed, and its tasks would refuse to
            // start.
            None => manifest.folder.remove_closed_marker()?,
        }
        let mut submitter = ArraySubmitter::new(
            scheduler,
            // The log is written before each submission, so that a process that resumes a killed
            // one knows which jobs of the queue belong to the run.
            SubmissionLog::open(manifest.folder.clone())?,
            &manifest.header.groups,
        );
        let Some(PendingTasks { arrays, .. }) = &self.pending else {
            return Ok(submitter);
        };
        // Before the first submission: if this process is killed in between, other commands must
        // know that tasks are out.
        self.active_run().write(&session.layout)?;
        match submitter.submit_arrays(arrays.iter().cloned()) {
            Ok(None) => Ok(submitter),
            // A full queue is no error. The rest is submitted while the run is followed.
            Ok(Some(reason)) => {
                session.context.report(&SessionNotice::SubmissionPaused {
                    scheduler: submitter.scheduler_spec().name,
                    reason: &reason,
                });
                Ok(submitter)
            }
            // Tasks that were accepted before the refusal would run for nothing, as the run ends
            // here.
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
        // The scheduler of the farm limits what runs at a time. Limits of this machine would only
        // keep tasks out of its queue.
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

/// Returns the first array of each kind of task. The others ask for the same resources.
pub(super) fn first_of_each_kind<'a>(
    groups: &'a [TaskGroup],
    arrays: &'a [TaskArray],
) -> impl Iterator<Item = &'a TaskArray> {
    // Groups and arrays are both sorted by their first task, so one pass over the arrays is enough.
    let mut arrays = arrays.iter();
    groups
        .iter()
        .filter_map(move |group| arrays.find(|array| group.contains(array.first)))
}
