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
    Array, Engine, Following, Going, Group, Placements, Placer, Rules, TaskId, TaskManifest, Tasks,
    arrays, follow, match_tasks,
};
use crate::model::farm_profile::FarmProfile;
use crate::store::Journal;

/// What a run needs to be done elsewhere.
pub(in crate::cli::commands) struct Elsewhere<'a> {
    pub(in crate::cli::commands) farm: &'a FarmProfile,
    /// The farm run to go on with, in place of a new one.
    pub(in crate::cli::commands) going: Option<Going>,
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
    tasks: Tasks,
    arrays: Vec<Array>,
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
            let manifest = going.manifest(&workplace.layout)?;
            let by_job = match_tasks(&manifest, plan)?;
            return Ok(Load {
                farm,
                manifest,
                by_job,
                fresh: None,
            });
        }
        let tasks = Tasks::of(plan);
        let by_job = plan.jobs().map(|(id, _)| tasks.task(id)).collect();
        let rules = Rules::new(
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
        if args.detach && !engine.outlives() {
            return Err(CliError::Usage(format!(
                "leave the run to {}: it does tasks only while this command runs",
                engine.name()
            )));
        }
        let arrays = arrays(plan, &tasks, engine.array_limit()?);
        one_of_each_kind(&manifest.header.groups, &arrays)
            .try_for_each(|array| engine.try_out(array))?;
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
    groups: &'a [Group],
    arrays: &'a [Array],
) -> impl Iterator<Item = &'a Array> {
    let mut arrays = arrays.iter();
    groups
        .iter()
        .filter_map(move |group| arrays.find(|array| group.holds(array.first)))
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
        let outlives = engine.outlives();
        let mut placer = self.place(asked, &mut *engine)?;
        let document = args.subject.path.display();
        let farm = &self.farm.name;
        settings.say_error(&format!(
            "{} tasks in {} arrays are on the farm `{farm}`; scripts and placements are in {}",
            self.manifest.header.tasks,
            placer.placed(),
            self.manifest.folder.engine().display()
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
        placer.cancel()?;
        self.going().end(&workplace.layout)?;
        Ok(Some(outcome))
    }

    /// Writes down and hands in what is still to be sent. What was handed in is taken back when the rest is refused.
    fn place<'a>(
        &'a self,
        asked: &Asked<'_>,
        engine: &'a mut (dyn Engine + 'a),
    ) -> Result<Placer<'a>, CliError> {
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
            None => manifest.folder.reopen()?,
        }
        let mut placer = Placer::new(
            engine,
            Placements::open(manifest.folder.clone())?,
            &manifest.header.groups,
        );
        let Some(Fresh { arrays, .. }) = &self.fresh else {
            return Ok(placer);
        };
        self.going().write(&workplace.layout)?;
        match placer.place(arrays.iter().cloned()) {
            Ok(None) => Ok(placer),
            Ok(Some(why)) => {
                settings.say_error(&format!(
                    "{} takes no more tasks now: {why}",
                    placer.engine()
                ));
                Ok(placer)
            }
            Err(error) => {
                placer.cancel()?;
                self.going().end(&workplace.layout)?;
                Err(error.into())
            }
        }
    }

    fn followed(
        &self,
        asked: &Asked<'_>,
        placer: &mut Placer<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<RunOutcome, CliError> {
        let Asked {
            workplace,
            plan,
            settings,
            ..
        } = *asked;
        let following = Following {
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
        Ok(follow(
            &following,
            placer,
            &workplace.history,
            &everywhere,
            journal,
            sinks,
            &mut say,
        )?)
    }

    fn going(&self) -> Going {
        Going {
            revision: self.manifest.header.revision.clone(),
        }
    }
}
