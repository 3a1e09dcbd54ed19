//! A run on a farm: what it would send, and sending and following it.

use super::farm_config::unlimited_config;
use super::farm_scheduler::build_scheduler;
use super::manifest_spec::{ManifestSpec, build_manifest, write_manifest};
use super::shared_storage_check::check_shared_storage;
use crate::cli::commands::run::RunCommandContext;
use crate::cli::exit_codes::CliError;
use crate::event::EventSink;
use crate::execute::RunOutcome;
use crate::farm::{
    ActiveRun, ArraySubmitter, FollowContext, Scheduler, SubmissionLog, TaskArray, TaskGroup,
    TaskId, TaskManifest, TaskMap, TaskPolicy, build_arrays, match_tasks, run_on_farm,
};
use crate::model::farm_profile::FarmProfile;
use crate::store::Journal;

/// What a run needs to be done elsewhere.
pub(in crate::cli::commands) struct FarmTarget<'a> {
    pub(in crate::cli::commands) farm: &'a FarmProfile,
    /// The farm run to go on with, in place of a new one.
    pub(in crate::cli::commands) active_run: Option<ActiveRun>,
}

/// The tasks of a farm run, and what is known of the farm before anything is written or sent.
pub(in crate::cli::commands) struct FarmRun<'a> {
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

impl<'a> FarmTarget<'a> {
    /// Returns the tasks of the run that is gone on with, or else of a new one. Nothing is written or sent: whatever keeps
    /// the run from the farm is found here, before it has a number.
    pub(in crate::cli::commands) fn prepare_run(
        self,
        context: &RunCommandContext<'_>,
    ) -> Result<FarmRun<'a>, CliError> {
        let RunCommandContext {
            args,
            opened,
            session,
            plan,
            revision,
            config,
            settings,
        } = *context;
        let farm = self.farm;
        if let Some(active_run) = &self.active_run {
            let manifest = active_run.open_manifest(&session.layout)?;
            let by_job = match_tasks(&manifest, plan)?;
            return Ok(FarmRun {
                farm,
                manifest,
                by_job,
                pending: None,
            });
        }
        let tasks = TaskMap::from_plan(plan);
        let by_job = plan.jobs().map(|(id, _)| tasks.task_of_job(id)).collect();
        let rules = TaskPolicy::new(
            config.limits,
            config.retries,
            args.grace,
            farm.lag,
            farm.mixed_hosts,
        );
        let spec = ManifestSpec {
            farm,
            gpu: &args.machine.gpu,
            revision,
            rules,
            sender: settings.user_at_host(),
            exported: false,
        };
        let manifest = build_manifest(&spec, opened, session, &tasks);
        check_shared_storage(&manifest.header, plan, settings)?;
        let engine = build_scheduler(&manifest, settings, &session.clock)?;
        if args.detach && !engine.spec().survives_client {
            return Err(CliError::Usage(format!(
                "leave the run to {}: it does tasks only while this command runs",
                engine.spec().name
            )));
        }
        let arrays = build_arrays(plan, &tasks, engine.array_limit()?);
        first_of_each_kind(&manifest.header.groups, &arrays)
            .try_for_each(|array| engine.dry_run(array))?;
        drop(engine);
        Ok(FarmRun {
            farm,
            manifest,
            by_job,
            pending: Some(PendingTasks { tasks, arrays }),
        })
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

impl FarmRun<'_> {
    /// Sends what was not sent yet and, unless the run is to be left alone, follows it to its end.
    pub(in crate::cli::commands) fn submit_and_follow(
        self,
        context: &RunCommandContext<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<Option<RunOutcome>, CliError> {
        let RunCommandContext {
            args,
            session,
            settings,
            ..
        } = *context;
        let mut engine = build_scheduler(&self.manifest, settings, &session.clock)?;
        let outlives = engine.spec().survives_client;
        let mut submitter = self.submit_pending(context, &mut *engine)?;
        let document = args.subject.path.display();
        let farm = &self.farm.name;
        settings.print_stderr(&format!(
            "{} tasks in {} arrays are on the farm `{farm}`; scripts and placements are in {}",
            self.manifest.header.tasks,
            submitter.submitted_count(),
            self.manifest.folder.scheduler_folder().display()
        ));
        if args.detach {
            settings.print_stdout(&format!(
                "{} goes on without this process\n\n  look     production status {document}\n  \
                 follow   production run {document} --farm {farm} --resume\n  take it back   production cancel {document}",
                context.revision
            ));
            return Ok(None);
        }
        let outcome = self.follow_outcome(context, &mut submitter, journal, sinks)?;
        if outcome.cancelled && !session.cancel.is_halting() && outlives {
            settings.print_stderr(&format!(
                "the farm goes on with it: `production run {document} --farm {farm} --resume` comes back, `production cancel \
                 {document}` takes it back"
            ));
            return Ok(Some(outcome));
        }
        // A run that failed leaves tasks in the queue that nobody waits for.
        submitter.cancel_all()?;
        self.active_run().end_run(&session.layout)?;
        Ok(Some(outcome))
    }

    /// Writes down and hands in what is still to be sent. What was handed in is taken back when the rest is refused.
    fn submit_pending<'a>(
        &'a self,
        context: &RunCommandContext<'_>,
        engine: &'a mut (dyn Scheduler + 'a),
    ) -> Result<ArraySubmitter<'a>, CliError> {
        let RunCommandContext {
            opened,
            session,
            plan,
            settings,
            ..
        } = *context;
        let manifest = &self.manifest;
        match &self.pending {
            Some(PendingTasks { tasks, .. }) => {
                write_manifest(manifest, opened, session, plan, tasks)?;
            }
            None => manifest.folder.remove_closed_marker()?,
        }
        let mut submitter = ArraySubmitter::new(
            engine,
            SubmissionLog::open(manifest.folder.clone())?,
            &manifest.header.groups,
        );
        let Some(PendingTasks { arrays, .. }) = &self.pending else {
            return Ok(submitter);
        };
        self.active_run().write(&session.layout)?;
        match submitter.submit_arrays(arrays.iter().cloned()) {
            Ok(None) => Ok(submitter),
            Ok(Some(why)) => {
                settings.print_stderr(&format!(
                    "{} takes no more tasks now: {why}",
                    submitter.scheduler_spec().name
                ));
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
        context: &RunCommandContext<'_>,
        submitter: &mut ArraySubmitter<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<RunOutcome, CliError> {
        let RunCommandContext {
            session,
            plan,
            settings,
            ..
        } = *context;
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
        let mut say = |text: &str| settings.print_stderr(text);
        let config = unlimited_config(plan, context.config.clone());
        Ok(run_on_farm(
            &follow_context,
            submitter,
            &session.history,
            &config,
            journal,
            sinks,
            &mut say,
        )?)
    }

    fn active_run(&self) -> ActiveRun {
        ActiveRun {
            revision: self.manifest.header.revision.clone(),
        }
    }
}
