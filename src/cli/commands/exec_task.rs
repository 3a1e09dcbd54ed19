//! `production exec-task`: one attempt at one task of a farm run, on whichever machine an engine chose.
//!
//! Besides a line for people it prints the lines by which Open Job Description hears of progress and failure; other engines
//! pass them over.

use super::machine_resources::MachineResources;
use crate::base::{CancelToken, SystemClock};
use crate::cli::args::ExecTaskArgs;
use crate::cli::cli_settings::{CliSettings, current_program, environment_variable};
use crate::cli::exit_codes::{CliError, INTERRUPTED, JOB_FAILED, TOOL_MISSING};
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
const MANIFEST_LAG: Duration = Duration::from_secs(60);

/// Where the kernel tells of processes.
const PROC_PATH: &str = "/proc";

pub(super) fn run_exec_task(
    args: &ExecTaskArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let (clock, cancel) = (SystemClock::default(), CancelToken::default());
    let map = build_path_map(args)?;
    let layout = StoreLayout::new(map.map_path(&args.store));
    let folder = FarmRunFolder::new(layout, &args.run);
    let engine = environment_variable("PRODUCTION_ENGINE").unwrap_or_default();
    // An engine may be faster than the file system; whoever types is not.
    let wait_limit = if engine.is_empty() {
        Duration::ZERO
    } else {
        MANIFEST_LAG
    };
    let patience = PollUntil {
        timeout: wait_limit,
        clock: &clock,
        cancel: &cancel,
    };
    // Whether it is there at all is asked patiently; what is wrong with one that is there is said at once.
    if patience
        .wait_for(|| folder.header_path().is_file().then_some(()))
        .is_none()
    {
        return Err(missing_run_error(&folder, &args.run));
    }
    let manifest = TaskManifest::open(folder)?;
    let beside = production_root(&manifest.header, &map, manifest.folder.layout.root());
    let root = args.root.as_ref().map_or(beside, |root| map.map_path(root));
    let tools = FfmpegTools::find_programs(&settings.search_path).ok();
    let first = args.index.0.first().map_or(0, |(first, _)| *first);
    let cores = manifest.read_record(TaskId(first))?.claim.cores;
    let profile = MachineResources::detect_resources(None, settings)?.profile;
    let threads = usize::try_from(cores / 1000).unwrap_or(1);
    let registry = ProducerRegistry::new(
        AdapterChoice::parse(&manifest.header.gpu),
        tools,
        cancel.clone(),
    );
    let registry = registry.with_renderers(settings.search_path.clone(), &profile, threads);
    let registry = registry.with_environment(settings.environment.clone());
    let reaper = ProcessReaper::new(
        current_program(),
        format!("{}-{}", manifest.header.token, std::process::id()),
    );
    stop_on_signals(&cancel);
    let station = TaskContext {
        manifest: &manifest,
        root: &root,
        producer: &registry,
        cancel: &cancel,
        clock: &clock,
        reaper: Some(&reaper),
        secrets: &settings.secrets,
        host: &host_name(),
        scheduler_job: &engine,
        proc_folder: Path::new(PROC_PATH),
    };
    let mut code = ExitCode::SUCCESS;
    let count: u32 = args
        .index
        .0
        .iter()
        .map(|(first, last)| last - first + 1)
        .sum();
    let tasks = args.index.0.iter().flat_map(|(first, last)| *first..=*last);
    for (index, task) in (0..count).zip(tasks.map(TaskId)) {
        let progress = TaskProgress {
            tasks_before: index as usize,
            total: count as usize,
            last_percent: AtomicUsize::new(usize::MAX),
            settings,
        };
        let performed = run_task(&station, task, args.attempt, &|done, total| {
            progress.report_percent(done, total);
        })?;
        let task_code = print_task_run(&performed, settings);
        progress.report_percent(1, 1);
        if task_code != ExitCode::SUCCESS {
            code = task_code;
        }
        if matches!(performed, TaskRunOutcome::Stopped) {
            break;
        }
    }
    Ok(code)
}

/// Says why there is no such farm run here, and which there are.
fn missing_run_error(folder: &FarmRunFolder, run: &str) -> CliError {
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
struct TaskProgress<'a> {
    /// Tasks before this one.
    tasks_before: usize,
    total: usize,
    last_percent: AtomicUsize,
    settings: &'a CliSettings,
}

impl TaskProgress<'_> {
    fn report_percent(&self, done: usize, total: usize) {
        let part = done.saturating_mul(100) / total.max(1);
        let percent = (self.tasks_before * 100 + part.min(100)) / self.total.max(1);
        if self.last_percent.swap(percent, Ordering::Relaxed) != percent {
            self.settings
                .print_stdout(&format!("openjd_progress: {percent}"));
        }
    }
}

fn build_path_map(args: &ExecTaskArgs) -> Result<PathMap, CliError> {
    let mut rules = args.path_map.clone();
    if let Some(file) = &args.path_map_file {
        let text = std::fs::read_to_string(file)
            .map_err(|source| CliError::io_error(format!("read {}", file.display()), source))?;
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
fn production_root(header: &TaskManifestHeader, map: &PathMap, store: &Path) -> PathBuf {
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

fn print_task_run(performed: &TaskRunOutcome, settings: &CliSettings) -> ExitCode {
    match performed {
        TaskRunOutcome::Attempted(result) => print_task_result(result, settings),
        TaskRunOutcome::AlreadyDone(result) => {
            settings.print_stdout(&format!(
                "{}: was made before, from the same inputs",
                result.job
            ));
            ExitCode::SUCCESS
        }
        TaskRunOutcome::RunClosed => {
            settings.print_stdout("this run is over; nothing was done");
            ExitCode::SUCCESS
        }
        TaskRunOutcome::Stopped => {
            settings.print_stderr("stopped on request; no result was written");
            ExitCode::from(INTERRUPTED)
        }
    }
}

fn print_task_result(result: &TaskResult, settings: &CliSettings) -> ExitCode {
    let TaskResult {
        job,
        attempt,
        seconds,
        host,
        ..
    } = result;
    match &result.verdict {
        TaskVerdict::Succeeded(success) => {
            let files = success.outputs.len();
            settings.print_stdout(&format!("openjd_status: {job} made"));
            settings.print_stdout(&format!(
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
            settings.print_stdout(&format!("openjd_fail: {job}: failed to {line}"));
            settings.print_stderr(&format!(
                "{job}: failed to {message} (attempt {attempt} on {host})"
            ));
            if !evidence.is_empty() {
                settings.print_stderr(evidence);
            }
            ExitCode::from(if *class == FailureClass::MissingTool {
                TOOL_MISSING
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
