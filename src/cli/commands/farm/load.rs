//! A run on a farm: what it would send, and sending and following it.

use super::engine::engine;
use super::ground::tread;
use super::profile::pool;
use super::sent::{Sent, described, write};
use crate::cli::commands::run::Asked;
use crate::cli::exit::CliError;
use crate::event::EventSink;
use crate::execute::RunOutcome;
use crate::farm::{
    ActiveRun, ArraySubmitter, FollowContext, Scheduler, SubmissionLog, TaskArray, TaskGroup,
    TaskId, TaskManifest, TaskMap, TaskPolicy, build_arrays, match_tasks, run_on_farm,
};
use crate::model::farm_profile::FarmProfile;
use crate::store::Journal;

/// What a run needs to be done elsewhere.
pub(in crate::cli::commands) struct Elsewhere<'a> {
    pub(in crate::cli::commands) farm: &'a FarmProfile,
    /// The farm run to go on with, in place of a new one.
    pub(in crate::cli::commands) going: Option<ActiveRun>,
}

/// The tasks of a farm run, and what is known of the farm before anything is written or sent.
pub(in crate::cli::commands) struct Load<'a> {
    farm: &'a FarmProfile,
    manifest: TaskManifest,
    /// Which task each job is.
    by_job: Vec<Option<TaskId>>,
    /// What is still to be sent.
    fresh: Option<Fresh>,
}

/// Tasks that are still to be sent.
struct Fresh {
    tasks: TaskMap,
    arrays: Vec<TaskArray>,
}

impl<'a> Elsewhere<'a> {
    /// Returns the tasks of the run that is gone on with, or else of a new one. Nothing is written or sent: whatever keeps
    /// the run from the farm is found here, before it has a number.
    pub(in crate::cli::commands) fn load(self, asked: &Asked<'_>) -> Result<Load<'a>, CliError> {
        let Asked {
            args,
            opened,
            workplace,
            plan,
            revision,
            pool,
            settings,
        } = *asked;
        let farm = self.farm;
        if let Some(going) = &self.going {
            let manifest = going.open_manifest(&workplace.layout)?;
            let by_job = match_tasks(&manifest, plan)?;
            return Ok(Load {
                farm,
                manifest,
                by_job,
                fresh: None,
            });
        }
        let tasks = TaskMap::from_plan(plan);
        let by_job = plan.jobs().map(|(id, _)| tasks.task_of_job(id)).collect();
        let rules = TaskPolicy::new(
            pool.limits,
            pool.retries,
            args.grace,
            farm.lag,
            farm.mixed_hosts,
        );
        let sent = Sent {
            farm,
            gpu: &args.machine.gpu,
            revision,
            rules,
            by: settings.sender(),
            exported: false,
        };
        let manifest = described(&sent, opened, workplace, &tasks);
        tread(&manifest.header, plan, settings)?;
        let engine = engine(&manifest, settings, &workplace.clock)?;
        if args.detach && !engine.survives_client() {
            return Err(CliError::Usage(format!(
                "leave the run to {}: it does tasks only while this command runs",
                engine.name()
            )));
        }
        let arrays = build_arrays(plan, &tasks, engine.array_limit()?);
        one_of_each_kind(&manifest.header.groups, &arrays)
            .try_for_each(|array| engine.dry_run(array))?;
        drop(engine);
        Ok(Load {
            farm,
            manifest,
            by_job,
            fresh: Some(Fresh { tasks, arrays }),
        })
    }
}

/// Returns the first array of each kind of task: the others ask for the same.
pub(super) fn one_of_each_kind<'a>(
    groups: &'a [TaskGroup],
    arrays: &'a [TaskArray],
) -> impl Iterator<Item = &'a TaskArray> {
    let mut arrays = arrays.iter();
    groups
        .iter()
        .filter_map(move |group| arrays.find(|array| group.contains(array.first)))
}

impl Load<'_> {
    /// Sends what was not sent yet and, unless the run is to be left alone, follows it to its end.
    pub(in crate::cli::commands) fn run(
        self,
        asked: &Asked<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<Option<RunOutcome>, CliError> {
        let Asked {
            args,
            workplace,
            settings,
            ..
        } = *asked;
        let mut engine = engine(&self.manifest, settings, &workplace.clock)?;
        let outlives = engine.survives_client();
        let mut placer = self.place(asked, &mut *engine)?;
        let document = args.subject.path.display();
        let farm = &self.farm.name;
        settings.say_error(&format!(
            "{} tasks in {} arrays are on the farm `{farm}`; scripts and placements are in {}",
            self.manifest.header.tasks,
            placer.submitted_count(),
            self.manifest.folder.scheduler_folder().display()
        ));
        if args.detach {
            settings.say(&format!(
                "{} goes on without this process\n\n  look     production status {document}\n  \
                 follow   production run {document} --farm {farm} --resume\n  take it back   production cancel {document}",
                asked.revision
            ));
            return Ok(None);
        }
        let outcome = self.followed(asked, &mut placer, journal, sinks)?;
        if outcome.cancelled && !workplace.cancel.is_halting() && outlives {
            settings.say_error(&format!(
                "the farm goes on with it: `production run {document} --farm {farm} --resume` comes back, `production cancel \
                 {document}` takes it back"
            ));
            return Ok(Some(outcome));
        }
        // A run that failed leaves tasks in the queue that nobody waits for.
        placer.cancel_all()?;
        self.going().end_run(&workplace.layout)?;
        Ok(Some(outcome))
    }

    /// Writes down and hands in what is still to be sent. What was handed in is taken back when the rest is refused.
    fn place<'a>(
        &'a self,
        asked: &Asked<'_>,
        engine: &'a mut (dyn Scheduler + 'a),
    ) -> Result<ArraySubmitter<'a>, CliError> {
        let Asked {
            opened,
            workplace,
            plan,
            settings,
            ..
        } = *asked;
        let manifest = &self.manifest;
        match &self.fresh {
            Some(Fresh { tasks, .. }) => write(manifest, opened, workplace, plan, tasks)?,
            None => manifest.folder.remove_closed_marker()?,
        }
        let mut placer = ArraySubmitter::new(
            engine,
            SubmissionLog::open(manifest.folder.clone())?,
            &manifest.header.groups,
        );
        let Some(Fresh { arrays, .. }) = &self.fresh else {
            return Ok(placer);
        };
        self.going().write(&workplace.layout)?;
        match placer.submit_arrays(arrays.iter().cloned()) {
            Ok(None) => Ok(placer),
            Ok(Some(why)) => {
                settings.say_error(&format!(
                    "{} takes no more tasks now: {why}",
                    placer.scheduler_name()
                ));
                Ok(placer)
            }
            Err(error) => {
                placer.cancel_all()?;
                self.going().end_run(&workplace.layout)?;
                Err(error.into())
            }
        }
    }

    fn followed(
        &self,
        asked: &Asked<'_>,
        placer: &mut ArraySubmitter<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<RunOutcome, CliError> {
        let Asked {
            workplace,
            plan,
            settings,
            ..
        } = *asked;
        let following = FollowContext {
            plan,
            manifest: &self.manifest,
            tasks: &self.by_job,
            poll: self.farm.poll,
            blobs: &workplace.blobs,
            snapshot: &workplace.snapshot,
            cancel: &workplace.cancel,
            clock: &workplace.clock,
        };
        let mut say = |text: &str| settings.say_error(text);
        let everywhere = pool(plan, asked.pool.clone());
        Ok(run_on_farm(
            &following,
            placer,
            &workplace.history,
            &everywhere,
            journal,
            sinks,
            &mut say,
        )?)
    }

    fn going(&self) -> ActiveRun {
        ActiveRun {
            revision: self.manifest.header.revision.clone(),
        }
    }
}
