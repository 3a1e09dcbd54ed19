//! What commands do on farms: find the profile, send the tasks of a run, follow them, say where they stand, take them back.

use super::foretell::expected;
use super::library;
use super::revisions::locate;
use super::run::{Asked, take};
use super::workplace::Workplace;
use crate::base::nearest::did_you_mean;
use crate::base::{Clock, Digest, SystemClock};
use crate::cli::args::{Cancel as CancelArgs, Run};
use crate::cli::exit::CliError;
use crate::cli::settings::{Settings, this_program};
use crate::event::{Event, RunStatus, Sink, VERSION};
use crate::execute::{Adapter, Capacity, Outcome, Settings as Pool};
use crate::farm::openjd::{Exported, OpenJd};
use crate::farm::slurm::Slurm;
use crate::farm::{
    Array, Clerk, Engine, Folder, Following, Going, Group, Header, PathMap, Placements, Placer, Rule, Rules,
    Size, Standing, TaskId, TaskManifest, Tasks, VERSION as FORM, arrays, follow, match_tasks, unrecorded,
};
use crate::model::farm::{Engine as Kind, Farm};
use crate::plan::Plan;
use crate::process::Keeper;
use crate::project::Opened;
use crate::report::{diagnostic, summary};
use crate::store::{History, Journal, Layout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Most tasks of an array where the engine cannot be asked: what Slurm has by itself.
const DEFAULT_LIMIT: u32 = 1001;

/// Returns the farm of this name, as a production in `folder` knows it. Mistakes in its profile are shown.
pub(super) fn find(name: &str, folder: &Path, settings: &Settings) -> Result<Farm, CliError> {
    let mut shelves = library::read_on_site(folder, settings);
    let farms = &shelves.library.farms;
    let (Some(draft), Some(card)) = (farms.get(name), farms.cards().find(|card| card.name.value == name))
    else {
        let hint = did_you_mean(name, farms.names());
        let hint = hint.unwrap_or_else(|| "`production library farms` names them all".to_owned());
        return Err(CliError::Usage(format!("find the farm `{name}`; {hint}")));
    };
    let farm = crate::farm::farm(name, draft, card.name.origin);
    let farm = farm.map_err(|finding| shelves.found.push(*finding)).ok();
    match farm.filter(|_| !shelves.found.has_errors()) {
        Some(farm) => Ok(farm),
        None => {
            let found = shelves.found.sorted();
            settings.say_error(&diagnostic::render(&found, &shelves.sources, settings.style()));
            Err(CliError::Usage(format!("use the farm `{name}`: its profile has the mistakes above")))
        }
    }
}

/// Fails while a farm run of the store is going, unless it is to be resumed; returns that.
pub(super) fn going(layout: &Layout, args: &Run) -> Result<Option<Going>, CliError> {
    let Some(going) = Going::read(layout)? else { return Ok(None) };
    let header = going.manifest(layout)?.header;
    let (revision, farm) = (&going.revision, &header.farm.name);
    match &args.farm {
        Some(name) if args.resume && name == farm => Ok(Some(going)),
        _ => Err(CliError::Usage(format!(
            "begin another run: {revision} is on the farm `{farm}`. `--farm {farm} --resume` goes on with it, `production \
             cancel` takes it back"
        ))),
    }
}

/// Fails while a farm run of the store is going.
pub(super) fn idle(layout: &Layout) -> Result<(), CliError> {
    match Going::read(layout)? {
        None => Ok(()),
        Some(Going { revision }) => Err(CliError::Usage(format!(
            "begin another run: {revision} is on a farm; take its results in with `production run --farm NAME --resume`, or \
             take it back with `production cancel`"
        ))),
    }
}

/// What a run needs to be done elsewhere.
pub(super) struct Elsewhere<'a> {
    pub(super) farm: &'a Farm,
    /// The farm run to go on with, in place of a new one.
    pub(super) going: Option<Going>,
}

/// Returns how a farm runs jobs: without limits of this machine, as many at a time as the engine lets run.
pub(super) fn pool(plan: &Plan, pool: Pool) -> Pool {
    let tokens = plan.jobs().flat_map(|(_, planned)| planned.job.claim.tokens.keys().cloned());
    let capacity = Capacity {
        cores: u32::MAX,
        memory: u32::MAX,
        gpus: vec![Adapter { name: "farm".to_owned(), slots: u32::MAX, memory: u32::MAX }],
        tokens: tokens.map(|token| (token, u32::MAX)).collect(),
    };
    Pool {
        parallel: usize::MAX,
        capacity,
        limits: crate::execute::Limits::default(),
        processes: None,
        ..pool
    }
}

/// Returns the pool that a farm's estimate rests on: its slots, with nothing else in the way.
pub(super) fn slots(plan: &Plan, farm: &Farm, local: &Pool) -> Pool {
    Pool { parallel: usize::try_from(farm.slots).unwrap_or(usize::MAX), ..pool(plan, local.clone()) }
}

/// The tasks of a farm run, and what is known of the farm before anything is written or sent.
pub(super) struct Load<'a> {
    farm: &'a Farm,
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
    pub(super) fn load(self, asked: &Asked<'_>) -> Result<Load<'a>, CliError> {
        let Asked { args, opened, workplace, plan, revision, pool, settings } = *asked;
        let farm = self.farm;
        if let Some(going) = &self.going {
            let manifest = going.manifest(&workplace.layout)?;
            let by_job = match_tasks(&manifest, plan)?;
            return Ok(Load { farm, manifest, by_job, fresh: None });
        }
        let tasks = Tasks::of(plan);
        let by_job = plan.jobs().map(|(id, _)| tasks.task(id)).collect();
        let rules = Rules::new(pool.limits, pool.retries, args.grace, farm.lag, farm.mixed_hosts);
        let sent = Sent { farm, gpu: &args.machine.gpu, revision, rules, exported: false };
        let manifest = described(&sent, opened, workplace, &tasks);
        let engine = engine(&manifest, settings, &workplace.clock)?;
        if args.detach && !engine.outlives() {
            return Err(CliError::Usage(format!(
                "leave the run to {}: it does tasks only while this command runs",
                engine.name()
            )));
        }
        let arrays = arrays(plan, &tasks, engine.array_limit()?);
        one_of_each_kind(&manifest.header.groups, &arrays).try_for_each(|array| engine.try_out(array))?;
        drop(engine);
        Ok(Load { farm, manifest, by_job, fresh: Some(Fresh { tasks, arrays }) })
    }
}

/// Returns the first array of each kind of task: the others ask for the same.
fn one_of_each_kind<'a>(groups: &'a [Group], arrays: &'a [Array]) -> impl Iterator<Item = &'a Array> {
    let mut arrays = arrays.iter();
    groups.iter().filter_map(move |group| arrays.find(|array| group.holds(array.first)))
}

impl Load<'_> {
    /// Sends what was not sent yet and, unless the run is to be left alone, follows it to its end.
    pub(super) fn run(
        self,
        asked: &Asked<'_>,
        journal: &mut Journal,
        sinks: &mut [&mut dyn Sink],
    ) -> Result<Option<Outcome>, CliError> {
        let Asked { args, workplace, settings, .. } = *asked;
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
        let Asked { opened, workplace, plan, settings, .. } = *asked;
        let manifest = &self.manifest;
        match &self.fresh {
            Some(Fresh { tasks, .. }) => write(manifest, opened, workplace, plan, tasks)?,
            None => manifest.folder.reopen()?,
        }
        let mut placer =
            Placer::new(engine, Placements::open(manifest.folder.clone())?, &manifest.header.groups);
        let Some(Fresh { arrays, .. }) = &self.fresh else { return Ok(placer) };
        self.going().write(&workplace.layout)?;
        match placer.place(arrays.iter().cloned()) {
            Ok(None) => Ok(placer),
            Ok(Some(why)) => {
                settings.say_error(&format!("{} takes no more tasks now: {why}", placer.engine()));
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
        sinks: &mut [&mut dyn Sink],
    ) -> Result<Outcome, CliError> {
        let Asked { workplace, plan, settings, .. } = *asked;
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
        Ok(follow(&following, placer, &workplace.history, &everywhere, journal, sinks, &mut say)?)
    }

    fn going(&self) -> Going {
        Going { revision: self.manifest.header.revision.clone() }
    }
}

/// What the manifest of a new farm run says besides its tasks.
pub(super) struct Sent<'a> {
    pub(super) farm: &'a Farm,
    pub(super) gpu: &'a str,
    pub(super) revision: &'a str,
    pub(super) rules: Rules,
    /// Whether it is written out for someone else to submit.
    pub(super) exported: bool,
}

/// Returns the manifest of these tasks; nothing is written.
pub(super) fn described(
    sent: &Sent<'_>,
    opened: &Opened,
    workplace: &Workplace,
    tasks: &Tasks,
) -> TaskManifest {
    let title = opened.checked.as_ref().map_or("", |checked| checked.meta.shown_title());
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let (root, store) = (absolute(&opened.root), absolute(workplace.layout.root()));
    let made = workplace.clock.now();
    let mark = format!("{} {} {made} {}", store.display(), sent.revision, std::process::id());
    let header = Header {
        version: FORM,
        token: Digest::of(mark.as_bytes()).hex()[..12].to_owned(),
        revision: sent.revision.to_owned(),
        production: title.to_owned(),
        program: format!("production {}", env!("CARGO_PKG_VERSION")),
        made,
        root,
        store: store.clone(),
        farm: sent.farm.clone(),
        exported: sent.exported,
        gpu: sent.gpu.to_owned(),
        rules: sent.rules,
        tasks: u32::try_from(tasks.len()).unwrap_or(u32::MAX),
        groups: tasks.groups().to_vec(),
    };
    // Engines are told whole paths, wherever this command was typed.
    TaskManifest { header, folder: Folder::new(Layout::new(store), sent.revision) }
}

/// Writes the task manifest of a plan.
pub(super) fn write(
    manifest: &TaskManifest,
    opened: &Opened,
    workplace: &Workplace,
    plan: &Plan,
    tasks: &Tasks,
) -> Result<(), CliError> {
    let clerk = Clerk {
        plan,
        tasks,
        history: &workplace.history,
        snapshot: &workplace.snapshot,
        place: &|origin| opened.sources.place(origin),
    };
    Ok(manifest.write(&clerk)?)
}

/// Returns the engine of a farm run.
pub(super) fn engine<'a>(
    manifest: &'a TaskManifest,
    settings: &Settings,
    clock: &'a dyn Clock,
) -> Result<Box<dyn Engine + 'a>, CliError> {
    let TaskManifest { header, folder } = manifest;
    if header.exported {
        return Ok(Box::new(Exported));
    }
    let farm = &header.farm;
    let (program, store) = there(header);
    match farm.engine {
        Kind::Slurm => {
            Ok(Box::new(Slurm::new((farm, header, folder), (program, store), &settings.search_path, clock)))
        }
        Kind::Openjd => {
            let keeper = Keeper::new(this_program(), header.token.clone());
            let from = (farm, header, folder);
            Ok(Box::new(OpenJd::new(from, (program, store), &settings.search_path, Some(keeper))))
        }
    }
}

/// Returns this program, and the store, as the farm's machines know them.
pub(super) fn there(header: &Header) -> (PathBuf, PathBuf) {
    let farm = &header.farm;
    let map = PathMap::new(farm.path_map.iter().map(|(from, to)| Rule::new(from, to)).collect());
    (farm.program.as_ref().map_or_else(here, PathBuf::from), map.apply(&header.store))
}

/// Returns this program as other machines may find it: its own path, and not the kernel's name for it.
fn here() -> PathBuf {
    let program = this_program();
    program.canonicalize().unwrap_or(program)
}

/// Returns where the farm run of a store stands, in text and for machines; none when none is going.
pub(super) fn standing(
    layout: &Layout,
    settings: &Settings,
) -> Result<Option<(String, serde_json::Value)>, CliError> {
    let Some(going) = Going::read(layout)? else { return Ok(None) };
    let manifest = going.manifest(layout)?;
    let placements = Placements::open(manifest.folder.clone())?;
    let clock = SystemClock::default();
    let seen = engine(&manifest, settings, &clock).and_then(|mut engine| Ok(engine.poll(&placements)?));
    let standing = Standing::of(&manifest, seen.ok().flatten().as_ref());
    let header = &manifest.header;
    let json = serde_json::json!({
        "revision": going.revision, "farm": header.farm.name, "engine": header.farm.engine, "standing": standing,
    });
    Ok(Some((summary::farm::standing(&going.revision, &header.farm, &standing), json)))
}

/// `production cancel`: takes a farm run back, and keeps what was finished.
pub(super) fn cancel(args: &CancelArgs, settings: &Settings) -> Result<ExitCode, CliError> {
    let (root, layout) = locate(&args.store)?;
    let _lock = take(&layout, &root, "cancel", args.wait, settings)?;
    let Some(going) = Going::read(&layout)? else {
        settings.say("nothing to cancel: no run of this production is on a farm");
        return Ok(ExitCode::SUCCESS);
    };
    let manifest = going.manifest(&layout)?;
    let (clock, placements) = (SystemClock::default(), Placements::open(manifest.folder.clone())?);
    engine(&manifest, settings, &clock)?.cancel(&placements)?;
    let kept = record(&manifest, &layout, &clock)?;
    going.end(&layout)?;
    let (revision, farm) = (&going.revision, &manifest.header.farm.name);
    settings.say(&format!(
        "{revision} was taken back: nothing of it is left on the farm `{farm}`. {kept} finished jobs were kept for the next run"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a revision into the history that consists of what the farm finished and nobody took in.
fn record(manifest: &TaskManifest, layout: &Layout, clock: &dyn Clock) -> Result<usize, CliError> {
    let history = History::replay(layout)?;
    let events = unrecorded(manifest, &history)?;
    let mut journal = Journal::create(layout, &history.next_revision())?;
    let jobs = manifest.header.tasks as usize;
    let begin = Event::RunStarted {
        version: VERSION,
        revision: journal.revision().to_owned(),
        production: manifest.header.production.clone(),
        at: clock.now(),
        jobs,
    };
    journal.append(&begin)?;
    events.iter().try_for_each(|event| journal.append(event))?;
    journal.append(&Event::RunEnded { status: RunStatus::Cancelled, at: clock.now(), seconds: 0.0 })?;
    journal.close()?;
    Ok(events.len())
}

/// What a run on a farm would send, in text and for machines. Nothing is sent or written.
pub(super) fn sized(
    farm: &Farm,
    opened: &Opened,
    workplace: &Workplace,
    plan: &Plan,
    local: &Pool,
    (gpu, explain): (&str, bool),
    settings: &Settings,
) -> Result<(String, serde_json::Value), CliError> {
    let tasks = Tasks::of(plan);
    let rules = Rules::new(local.limits, local.retries, Duration::from_secs(5), farm.lag, farm.mixed_hosts);
    let revision = workplace.history.next_revision();
    let sent = Sent { farm, gpu, revision: &revision, rules, exported: false };
    let manifest = described(&sent, opened, workplace, &tasks);
    let engine = engine(&manifest, settings, &workplace.clock)?;
    let limit = engine.array_limit();
    let unasked = limit.as_ref().err().map(ToString::to_string);
    let arrays = arrays(plan, &tasks, limit.unwrap_or(DEFAULT_LIMIT));
    let expected = expected(plan, workplace, &slots(plan, farm, local))?;
    let size = Size::of(&*engine, &manifest.header, &arrays, expected.makespan);
    let mut text = summary::farm::size(farm, &size, unasked.as_deref());
    if explain {
        for array in &arrays {
            text += &format!("\n── array {} ──\n{}", array.number, engine.plan(array));
        }
    }
    Ok((
        text,
        serde_json::json!({ "farm": farm.name, "engine": farm.engine, "unasked": unasked, "size": size }),
    ))
}
