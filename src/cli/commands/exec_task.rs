//! `production exec-task`: one attempt at one task of a farm run, on whichever machine an engine chose.
//!
//! Besides a line for people it prints the lines by which Open Job Description hears of progress and failure; other engines
//! pass them over.

use super::machine::Means;
use crate::base::{CancelToken, SystemClock};
use crate::cli::args::ExecTask;
use crate::cli::exit::{CliError, INTERRUPTED, JOB_FAILED, MISSING};
use crate::cli::settings::{Settings, environment, this_program};
use crate::farm::{
    FarmError, FarmRunFolder, PathMap, PollUntil, TaskContext, TaskId, TaskManifest,
    TaskManifestHeader, TaskResult, TaskRunOutcome, TaskVerdict, run_task,
};
use crate::gpu::AdapterChoice;
use crate::media::FfmpegTools;
use crate::process::{ProcessReaper, host_name};
use crate::producers::{FailureClass, JobFailure, ProducerRegistry};
use crate::store::StoreLayout;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How long the manifest is waited for; how long for the rest is written in it.
const LAG: Duration = Duration::from_secs(60);

/// Where the kernel tells of processes.
const PROCESSES: &str = "/proc";

pub(super) fn run(args: &ExecTask, settings: &Settings) -> Result<ExitCode, CliError> {
    let (clock, cancel) = (SystemClock::default(), CancelToken::default());
    let map = path_map(args)?;
    let layout = StoreLayout::new(map.map_path(&args.store));
    let folder = FarmRunFolder::new(layout, &args.run);
    let engine = environment("PRODUCTION_ENGINE").unwrap_or_default();
    // An engine may be faster than the file system; whoever types is not.
    let most = if engine.is_empty() {
        Duration::ZERO
    } else {
        LAG
    };
    let patience = PollUntil {
        timeout: most,
        clock: &clock,
        cancel: &cancel,
    };
    // Whether it is there at all is asked patiently; what is wrong with one that is there is said at once.
    if patience
        .wait_for(|| folder.header_path().is_file().then_some(()))
        .is_none()
    {
        return Err(absent(&folder, &args.run));
    }
    let manifest = TaskManifest::open(folder)?;
    let beside = root(&manifest.header, &map, manifest.folder.layout.root());
    let root = args.root.as_ref().map_or(beside, |root| map.map_path(root));
    let tools = FfmpegTools::find_programs(&settings.search_path).ok();
    let first = args.index.0.first().map_or(0, |(first, _)| *first);
    let cores = manifest.read_record(TaskId(first))?.claim.cores;
    let profile = Means::look(None, settings)?.profile;
    let threads = usize::try_from(cores / 1000).unwrap_or(1);
    let crew = ProducerRegistry::new(
        AdapterChoice::parse(&manifest.header.gpu),
        tools,
        cancel.clone(),
    );
    let crew = crew.with_renderers(settings.search_path.clone(), &profile, threads);
    let crew = crew.with_environment(settings.environment.clone());
    let keeper = ProcessReaper::new(
        this_program(),
        format!("{}-{}", manifest.header.token, std::process::id()),
    );
    stop_on_signals(&cancel);
    let station = TaskContext {
        manifest: &manifest,
        root: &root,
        producer: &crew,
        cancel: &cancel,
        clock: &clock,
        reaper: Some(&keeper),
        secrets: &settings.secrets,
        host: &host_name(),
        scheduler_job: &engine,
        proc_folder: Path::new(PROCESSES),
    };
    let mut code = ExitCode::SUCCESS;
    let count: u32 = args
        .index
        .0
        .iter()
        .map(|(first, last)| last - first + 1)
        .sum();
    let tasks = args.index.0.iter().flat_map(|(first, last)| *first..=*last);
    for (at, task) in (0..count).zip(tasks.map(TaskId)) {
        let progress = Progress {
            before: at as usize,
            of: count as usize,
            told: AtomicUsize::new(usize::MAX),
            settings,
        };
        let performed = run_task(&station, task, args.attempt, &|done, of| {
            progress.tell(done, of)
        })?;
        let one = say(&performed, settings);
        progress.tell(1, 1);
        if one != ExitCode::SUCCESS {
            code = one;
        }
        if matches!(performed, TaskRunOutcome::Stopped) {
            break;
        }
    }
    Ok(code)
}

/// Says why there is no such farm run here, and which there are.
fn absent(folder: &FarmRunFolder, run: &str) -> CliError {
    let store = folder.layout.root();
    if !store.is_dir() {
        return CliError::Usage(format!(
            "find the store {} on {}: there is no such folder. Tasks need the store of the machine that sent them, on a file \
             system that both see; where its path is another here, `--path-map FROM=TO` leads to it",
            store.display(),
            host_name()
        ));
    }
    let known = FarmRunFolder::farm_revisions(&folder.layout);
    let known = match known.as_slice() {
        [] => "none of this store was, yet: `production run FILE --farm NAME` sends one".to_owned(),
        known => format!("those of this store that were: {}", known.join(", ")),
    };
    CliError::Usage(format!(
        "find the tasks of {run}: it was never on a farm ({known})"
    ))
}

/// Tells how far all tasks together are, in whole percents.
struct Progress<'a> {
    /// Tasks before this one.
    before: usize,
    of: usize,
    told: AtomicUsize,
    settings: &'a Settings,
}

impl Progress<'_> {
    fn tell(&self, done: usize, of: usize) {
        let part = done.saturating_mul(100) / of.max(1);
        let percent = (self.before * 100 + part.min(100)) / self.of.max(1);
        if self.told.swap(percent, Ordering::Relaxed) != percent {
            self.settings.say(&format!("openjd_progress: {percent}"));
        }
    }
}

fn path_map(args: &ExecTask) -> Result<PathMap, CliError> {
    let mut rules = args.path_map.clone();
    if let Some(file) = &args.path_map_file {
        let text = std::fs::read_to_string(file)
            .map_err(|source| CliError::io(format!("read {}", file.display()), source))?;
        let more = PathMap::read_rules(&text).map_err(|error| {
            CliError::Usage(format!(
                "read the path mapping rules {}: {error}",
                file.display()
            ))
        })?;
        rules.extend(more);
    }
    Ok(PathMap::new(rules))
}

/// Returns the production's folder here: where the rules lead, or else as far from the store as it was there.
fn root(header: &TaskManifestHeader, map: &PathMap, store: &Path) -> PathBuf {
    let mapped = map.map_path(&header.root);
    let beside = header.store.strip_prefix(&header.root).ok();
    let beside = beside.and_then(|below| store.ancestors().nth(below.components().count()));
    match beside {
        Some(beside) if !mapped.is_dir() => beside.to_owned(),
        _ => mapped,
    }
}

/// An engine that takes a task back sends TERM: the tool is asked to end, and there is no result.
fn stop_on_signals(cancel: &CancelToken) {
    let cancel = cancel.clone();
    let _ = ctrlc::set_handler(move || cancel.request_halt());
}

fn say(performed: &TaskRunOutcome, settings: &Settings) -> ExitCode {
    match performed {
        TaskRunOutcome::Attempted(result) => said(result, settings),
        TaskRunOutcome::AlreadyDone(result) => {
            settings.say(&format!(
                "{}: was made before, from the same inputs",
                result.job
            ));
            ExitCode::SUCCESS
        }
        TaskRunOutcome::RunClosed => {
            settings.say("this run is over; nothing was done");
            ExitCode::SUCCESS
        }
        TaskRunOutcome::Stopped => {
            settings.say_error("stopped on request; no result was written");
            ExitCode::from(INTERRUPTED)
        }
    }
}

fn said(result: &TaskResult, settings: &Settings) -> ExitCode {
    let TaskResult {
        job,
        attempt,
        seconds,
        host,
        ..
    } = result;
    match &result.verdict {
        TaskVerdict::Succeeded(made) => {
            let files = made.outputs.len();
            settings.say(&format!("openjd_status: {job} made"));
            settings.say(&format!(
                "{job}: {files} files in {seconds:.1} s, attempt {attempt} on {host}"
            ));
            ExitCode::SUCCESS
        }
        TaskVerdict::Failed(failure) | TaskVerdict::Unready(failure) => {
            let JobFailure {
                class,
                message,
                evidence,
                ..
            } = failure;
            let line = message.replace('\n', " ");
            settings.say(&format!("openjd_fail: {job}: failed to {line}"));
            settings.say_error(&format!(
                "{job}: failed to {message} (attempt {attempt} on {host})"
            ));
            if !evidence.is_empty() {
                settings.say_error(evidence);
            }
            ExitCode::from(if *class == FailureClass::MissingTool {
                MISSING
            } else {
                JOB_FAILED
            })
        }
    }
}

impl From<FarmError> for CliError {
    fn from(error: FarmError) -> Self {
        match error {
            FarmError::Store(error) => Self::Store(error),
            FarmError::Usage(message) => Self::Usage(message),
            FarmError::Missing(message) => Self::Missing(message),
            FarmError::Damaged { .. } => Self::Damaged(error.to_string()),
        }
    }
}
