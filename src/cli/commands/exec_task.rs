//! `production exec-task`: one attempt at one or more tasks of a farm run, on the machine that a
//! scheduler chose.
//!
//! Besides lines for people it prints those from which Open Job Description reads progress and
//! failure. Other schedulers ignore them, so every task prints them and nothing has to know which
//! scheduler started it.

use crate::base::CancelToken;
use crate::base::bounded_text::read_bounded_text;
use crate::cli::args::ExecTaskArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INTERRUPTED, JOB_FAILED, TOOL_MISSING};
use crate::cli::session_reporter::TerminalReporter;
use crate::farm::{PathMap, TaskId, TaskResult, TaskRunOutcome, TaskVerdict};
use crate::producers::{FailureClass, JobFailure};
use crate::session::{TaskSession, TaskSessionOptions};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The largest file of path mapping rules, which a session of a farm writes.
const MAX_RULES_BYTES: u64 = 16 << 20;

pub(super) fn run_exec_task(
    args: &ExecTaskArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let ranges = &args.index.0;
    // The script of the scheduler sets it to the scheduler's name and job number. It is unset when
    // a person runs a task by hand, and the result then names no job.
    let scheduler_job = settings.session.variables.get("PRODUCTION_ENGINE");
    let options = TaskSessionOptions {
        store: args.store.clone(),
        revision: args.run.clone(),
        root: args.root.clone(),
        path_map: build_path_map(args)?,
        first_task: TaskId(ranges.first().map_or(0, |(first, _)| *first)),
        scheduler_job: scheduler_job.cloned().unwrap_or_default(),
    };
    let reporter = TerminalReporter::new(settings);
    let session = TaskSession::open(&options, reporter.context())?;
    stop_on_signals(session.cancel_token());
    // A failure does not end the loop: the tasks are independent, and each leaves a result of its
    // own. The exit code is that of the last failure.
    let mut code = ExitCode::SUCCESS;
    let count: u32 = ranges.iter().map(|(first, last)| last - first + 1).sum();
    let tasks = ranges.iter().flat_map(|(first, last)| *first..=*last);
    for (index, task) in (0..count).zip(tasks.map(TaskId)) {
        let progress = TaskProgress {
            tasks_before: index as usize,
            total: count as usize,
            last_percent: AtomicUsize::new(usize::MAX),
            settings,
        };
        let performed = session.attempt_task(task, args.attempt, &|done, total| {
            progress.report_percent(done, total);
        })?;
        let task_code = print_task_run(&performed, settings);
        progress.report_percent(1, 1);
        if task_code != ExitCode::SUCCESS {
            code = task_code;
        }
        // The machine is taken away: tasks that were begun now could not end.
        if matches!(performed, TaskRunOutcome::Stopped) {
            break;
        }
    }
    Ok(code)
}

/// Prints the progress of all tasks of this command together, in whole percents.
struct TaskProgress<'a> {
    /// Tasks that ended before this one.
    tasks_before: usize,
    total: usize,
    /// The last percentage that was printed; `usize::MAX` before the first. Atomic, because the
    /// callback of an attempt has only shared access.
    last_percent: AtomicUsize,
    settings: &'a CliSettings,
}

impl TaskProgress<'_> {
    fn report_percent(&self, done: usize, total: usize) {
        // Counts of a tool are not trusted: they may be 0, larger than the total, or enormous.
        let part = done.saturating_mul(100) / total.max(1);
        let percent = (self.tasks_before * 100 + part.min(100)) / self.total.max(1);
        // A tool may report every frame or tile. The scheduler reads each line, so a percentage is
        // printed once.
        if self.last_percent.swap(percent, Ordering::Relaxed) != percent {
            self.settings
                .print_stdout(&format!("openjd_progress: {percent}"));
        }
    }
}

/// Joins the rules of `--path-map` and of `--path-map-file`.
fn build_path_map(args: &ExecTaskArgs) -> Result<PathMap, CliError> {
    let mut rules = args.path_map.clone();
    if let Some(file) = &args.path_map_file {
        let text = read_bounded_text(file, MAX_RULES_BYTES)
            .map_err(|source| CliError::io_error(format!("read {}", file.display()), source))?;
        let more = PathMap::read_rules(&text).map_err(|error| {
            CliError::Usage(format!(
                "read the path mapping rules {}: {error}",
                file.display()
            ))
        })?;
        // The rules that were typed come first, and the first one that fits is used.
        rules.extend(more);
    }
    Ok(PathMap::new(rules))
}

/// Stops the task at SIGTERM or SIGINT, and leaves no result.
fn stop_on_signals(cancel: &CancelToken) {
    let cancel = cancel.clone();
    // A scheduler sends TERM to cancel or requeue a task, and kills what is left soon after.
    // Letting the job finish, as a local run does at its first signal, would take too long.
    let _ = ctrlc::set_handler(move || cancel.request_halt());
}

fn print_task_run(performed: &TaskRunOutcome, settings: &CliSettings) -> ExitCode {
    match performed {
        TaskRunOutcome::Attempted(result) => print_task_result(result, settings),
        TaskRunOutcome::AlreadyDone(result) => {
            settings.print_stdout(&format!(
                "{}: was made before from the same inputs",
                result.job
            ));
            ExitCode::SUCCESS
        }
        // Success, and not a failure: a scheduler would only start the task again.
        TaskRunOutcome::RunClosed => {
            settings.print_stdout("the run has ended; nothing was done");
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
            // The message of `openjd_fail` ends at the end of its line.
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
