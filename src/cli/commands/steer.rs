//! `production pause`, `resume`, `priority` and `cancel`: steer a run that another process runs.

use crate::base::Clock;
use crate::base::SystemClock;
use crate::base::json::to_pretty_json;
use crate::cli::args::{CancelArgs, PauseArgs, PriorityArgs, ResultFormat, ResumeArgs, StoreArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::session_reporter::{TerminalReporter, shown_path};
use crate::cli::session_requests::store_location;
use crate::report::RunSnapshot;
use crate::report::text_format::{format_count, format_number};
use crate::session::{
    CancelledRun, ControlReply, ControlRequest, RequestedUrgency, StoreLocation, ask_run,
    cancel_run,
};
use crate::store::store_lock::lock_holder;
use serde_json::json;
use std::process::ExitCode;
use std::time::Duration;

/// Time between two looks at a run that ends.
const END_INTERVAL: Duration = Duration::from_millis(100);

pub(super) fn run_pause(args: &PauseArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let reply = steer_run(
        &args.store,
        &ControlRequest::Pause { now: args.now },
        "pause",
    )?;
    let path = shown_path(&args.store.path);
    let effect = pause_effect(reply.run.running.len(), args.now);
    let revision = &reply.run.revision.name;
    let text = format!("{revision} is paused: {effect}. `production resume {path}` goes on");
    print_reply(&reply, args.format, &text, settings);
    Ok(ExitCode::SUCCESS)
}

/// Returns what a pause means for the jobs that run.
fn pause_effect(running: usize, now: bool) -> String {
    let jobs = format_count(running, "running job");
    match (running, now) {
        (0, _) => "nothing runs and nothing new starts".to_owned(),
        (1, true) => format!("{jobs} stands still and keeps its memory"),
        (_, true) => format!("{jobs} stand still and keep their memory"),
        (1, false) => format!("{jobs} finishes, and nothing new starts"),
        (_, false) => format!("{jobs} finish, and nothing new starts"),
    }
}

pub(super) fn run_resume(args: &ResumeArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let reply = steer_run(&args.store, &ControlRequest::Resume, "resume")?;
    let text = format!(
        "{} goes on: {} of {} remain",
        reply.run.revision.name,
        format_number(reply.run.remaining_jobs()),
        format_count(reply.run.selected_jobs(), "job")
    );
    print_reply(&reply, args.format, &text, settings);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run_priority(
    args: &PriorityArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if let Some(niceness) = args.nice {
        return set_run_niceness(args, niceness, settings);
    }
    let urgency = match (args.last, args.normal) {
        (true, _) => RequestedUrgency::Last,
        (false, true) => RequestedUrgency::Normal,
        (false, false) => RequestedUrgency::First,
    };
    let request = ControlRequest::Prioritize {
        target: args.target.clone().unwrap_or_default(),
        urgency,
    };
    let reply = steer_run(&args.store, &request, "change the order of")?;
    let place = match urgency {
        RequestedUrgency::First => "before all others",
        RequestedUrgency::Normal => "as the plan has them",
        RequestedUrgency::Last => "after all others",
    };
    let text = match reply.jobs.unwrap_or(0) {
        0 => format!(
            "no job of `{}` is left to start",
            args.target.as_deref().unwrap_or_default()
        ),
        1 => format!("1 job starts {place}"),
        jobs => format!("{} start {place}", format_count(jobs, "job")),
    };
    print_reply(&reply, args.format, &text, settings);
    Ok(ExitCode::SUCCESS)
}

fn set_run_niceness(
    args: &PriorityArgs,
    niceness: i32,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let request = ControlRequest::Nice { niceness };
    let reply = steer_run(&args.store, &request, "change the share of")?;
    let text = format!(
        "{} and the tools that it starts have niceness {niceness}",
        reply.run.revision.name
    );
    print_reply(&reply, args.format, &text, settings);
    Ok(ExitCode::SUCCESS)
}

pub(super) fn run_cancel(args: &CancelArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let location = store_location(&args.store)?;
    // A run of this machine, or one that follows a farm, ends itself: it holds the store.
    let request = ControlRequest::Cancel { now: args.now };
    if let Some(reply) = ask_run(&location.layout, &request)? {
        settings.print_stdout(&cancelled_text(&reply, args));
        // Not before the answer is printed: the end may take as long as the longest job.
        if args.wait {
            wait_for_end(&location);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let reporter = TerminalReporter::new(settings);
    let cancelled = cancel_run(&location, args.wait, reporter.context())?;
    settings.print_stdout(&match cancelled {
        // Not an error: scripts may cancel without knowing whether a run is still in progress.
        None => {
            "nothing to cancel: no run of this production goes on, here or on a farm".to_owned()
        }
        Some(CancelledRun {
            revision,
            farm,
            finished_jobs,
        }) => format!(
            "cancelled {revision}: nothing of it is left on the farm `{farm}`. \
             The next run reuses its {finished_jobs} finished jobs"
        ),
    });
    Ok(ExitCode::SUCCESS)
}

/// Returns what happens now, and what remains.
fn cancelled_text(reply: &ControlReply, args: &CancelArgs) -> String {
    let RunSnapshot {
        revision, running, ..
    } = &*reply.run;
    let path = shown_path(&args.store.path);
    let effect = match (&reply.farm, running.len()) {
        (Some(farm), _) => format!("its jobs are removed from the farm `{farm}`"),
        (None, 0) => "no job runs".to_owned(),
        (None, jobs) if args.now => format!("{} stopped", are_count(jobs)),
        (None, jobs) => format!(
            "{} finished first; `production cancel {path} --now` stops them too",
            are_count(jobs)
        ),
    };
    format!(
        "cancelling {}: {effect}. {} of {} remain, and `production run {path}` continues with them",
        revision.name,
        format_number(reply.run.remaining_jobs()),
        format_count(reply.run.selected_jobs(), "job")
    )
}

fn are_count(jobs: usize) -> String {
    let verb = if jobs == 1 { "is" } else { "are" };
    format!("{} {verb}", format_count(jobs, "running job"))
}

/// Returns when the process that holds the store has released it.
fn wait_for_end(location: &StoreLocation) {
    let now = || SystemClock::default().now();
    // The lock decides, and not an answer of the run: a run that was killed never answers.
    while lock_holder(&location.layout, now()).is_some() {
        std::thread::sleep(END_INTERVAL);
    }
}

/// Asks the run of a production to do something.
///
/// # Errors
/// Fails when no run answers, or it refuses.
fn steer_run(
    store: &StoreArgs,
    request: &ControlRequest,
    action: &str,
) -> Result<ControlReply, CliError> {
    let location = store_location(store)?;
    let reply = ask_run(&location.layout, request)?;
    let reply = reply.ok_or_else(|| CliError::Usage(unanswered_text(&location, store, action)))?;
    match &reply.refusal {
        Some(refusal) => Err(CliError::Usage(refusal.clone())),
        None => Ok(reply),
    }
}

fn unanswered_text(location: &StoreLocation, store: &StoreArgs, action: &str) -> String {
    let path = shown_path(&store.path);
    match lock_holder(&location.layout, SystemClock::default().now()) {
        // It may be on another machine, or on a file system without sockets.
        Some(holder) => format!(
            "{action} the run of {path}: {holder} holds the store and does not answer here. A run is \
             steered on its own machine, by its own user"
        ),
        None => format!(
            "{action} a run of {path}: none goes on. `production run {path}` starts one, or \
             continues one that was interrupted"
        ),
    }
}

fn print_reply(reply: &ControlReply, format: ResultFormat, text: &str, settings: &CliSettings) {
    settings.print_stdout(&match format {
        ResultFormat::Text | ResultFormat::Short => text.to_owned(),
        ResultFormat::Json => to_pretty_json(&json!({
            "revision": reply.run.revision.name,
            "state": reply.run.state,
            "frozen": reply.run.frozen,
            "jobs": reply.jobs,
            "running_jobs": reply.run.running,
            "remaining": reply.run.remaining_jobs(),
        })),
    });
}
