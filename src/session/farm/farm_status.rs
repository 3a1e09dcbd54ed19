//! The farm run of a store that is going: that there is one, where it stands, how it is taken back.

use super::farm_scheduler::build_scheduler;
use crate::base::{Clock, SystemClock};
use crate::cli::args::{CancelArgs, RunArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::run::lock_store;
use crate::cli::commands::store_revisions::locate_store;
use crate::cli::exit_codes::CliError;
use crate::event::{EVENT_FORMAT_VERSION, Event, RunStatus};
use crate::farm::{ActiveRun, FarmStatus, SubmissionLog, TaskManifest, unrecorded_events};
use crate::report::summary;
use crate::store::{Journal, RunHistory, StoreLayout};
use std::process::ExitCode;

/// Fails while a farm run of the store is going, unless it is to be resumed; returns that.
pub(in crate::cli::commands) fn resumable_run(
    layout: &StoreLayout,
    args: &RunArgs,
) -> Result<Option<ActiveRun>, CliError> {
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let header = active_run.open_manifest(layout)?.header;
    let (revision, farm) = (&active_run.revision, &header.farm.name);
    match &args.farm {
        Some(name) if args.resume && name == farm => Ok(Some(active_run)),
        _ => Err(CliError::Usage(format!(
            "begin another run: {revision} is on the farm `{farm}`. `--farm {farm} --resume` goes on with it, `production \
             cancel` takes it back"
        ))),
    }
}

/// Fails while a farm run of the store is going.
pub(in crate::cli::commands) fn require_idle(layout: &StoreLayout) -> Result<(), CliError> {
    match ActiveRun::read(layout)? {
        None => Ok(()),
        Some(ActiveRun { revision }) => Err(CliError::Usage(format!(
            "begin another run: {revision} is on a farm; take its results in with `production run --farm NAME --resume`, or \
             take it back with `production cancel`"
        ))),
    }
}

/// Returns where the farm run of a store stands, in text and for machines; none when none is going.
pub(in crate::cli::commands) fn active_run_status(
    layout: &StoreLayout,
    settings: &CliSettings,
) -> Result<Option<(String, serde_json::Value)>, CliError> {
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let manifest = active_run.open_manifest(layout)?;
    let submission_log = SubmissionLog::open(manifest.folder.clone())?;
    let clock = SystemClock::default();
    let snapshot = build_scheduler(&manifest, settings, &clock)
        .and_then(|mut engine| Ok(engine.poll_queue(&submission_log)?));
    let status = FarmStatus::from_manifest(&manifest, snapshot.ok().flatten().as_ref());
    let header = &manifest.header;
    let json = serde_json::json!({
        "revision": active_run.revision, "farm": header.farm.name, "engine": header.farm.engine, "standing": status,
    });
    Ok(Some((
        summary::farm_summary::farm_status_text(&active_run.revision, &header.farm, &status),
        json,
    )))
}

/// `production cancel`: takes a farm run back, and keeps what was finished.
pub(in crate::cli::commands) fn run_cancel(
    args: &CancelArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let (root, layout) = locate_store(&args.store)?;
    let _lock = lock_store(&layout, &root, "cancel", args.wait, settings)?;
    let Some(active_run) = ActiveRun::read(&layout)? else {
        settings.print_stdout("nothing to cancel: no run of this production is on a farm");
        return Ok(ExitCode::SUCCESS);
    };
    let manifest = active_run.open_manifest(&layout)?;
    let (clock, submission_log) = (
        SystemClock::default(),
        SubmissionLog::open(manifest.folder.clone())?,
    );
    build_scheduler(&manifest, settings, &clock)?.cancel(&submission_log)?;
    let kept_jobs = record_finished(&manifest, &layout, &clock)?;
    active_run.end_run(&layout)?;
    let (revision, farm) = (&active_run.revision, &manifest.header.farm.name);
    settings.print_stdout(&format!(
        "{revision} was taken back: nothing of it is left on the farm `{farm}`. {kept_jobs} finished jobs were kept for the next run"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a revision into the history that consists of what the farm finished and nobody took in.
fn record_finished(
    manifest: &TaskManifest,
    layout: &StoreLayout,
    clock: &dyn Clock,
) -> Result<usize, CliError> {
    let history = RunHistory::replay_journals(layout)?;
    let events = unrecorded_events(manifest, &history)?;
    let mut journal = Journal::create(layout, &history.next_revision())?;
    let jobs = manifest.header.tasks as usize;
    let begin = Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: journal.revision().to_owned(),
        production: manifest.header.production.clone(),
        at: clock.now(),
        jobs,
    };
    journal.append(&begin)?;
    events.iter().try_for_each(|event| journal.append(event))?;
    journal.append(&Event::RunEnded {
        status: RunStatus::Cancelled,
        at: clock.now(),
        seconds: 0.0,
    })?;
    journal.close()?;
    Ok(events.len())
}
