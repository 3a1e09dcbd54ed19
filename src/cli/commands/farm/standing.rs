//! The farm run of a store that is going: that there is one, where it stands, how it is taken back.

use super::engine::engine;
use crate::base::{Clock, SystemClock};
use crate::cli::args::{Cancel as CancelArgs, Run};
use crate::cli::commands::revisions::locate;
use crate::cli::commands::run::take;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::event::{EVENT_FORMAT_VERSION, Event, RunStatus};
use crate::farm::{ActiveRun, FarmStatus, SubmissionLog, TaskManifest, unrecorded_events};
use crate::report::summary;
use crate::store::{Journal, RunHistory, StoreLayout};
use std::process::ExitCode;

/// Fails while a farm run of the store is going, unless it is to be resumed; returns that.
pub(in crate::cli::commands) fn going(
    layout: &StoreLayout,
    args: &Run,
) -> Result<Option<ActiveRun>, CliError> {
    let Some(going) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let header = going.open_manifest(layout)?.header;
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
pub(in crate::cli::commands) fn idle(layout: &StoreLayout) -> Result<(), CliError> {
    match ActiveRun::read(layout)? {
        None => Ok(()),
        Some(ActiveRun { revision }) => Err(CliError::Usage(format!(
            "begin another run: {revision} is on a farm; take its results in with `production run --farm NAME --resume`, or \
             take it back with `production cancel`"
        ))),
    }
}

/// Returns where the farm run of a store stands, in text and for machines; none when none is going.
pub(in crate::cli::commands) fn standing(
    layout: &StoreLayout,
    settings: &Settings,
) -> Result<Option<(String, serde_json::Value)>, CliError> {
    let Some(going) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let manifest = going.open_manifest(layout)?;
    let placements = SubmissionLog::open(manifest.folder.clone())?;
    let clock = SystemClock::default();
    let seen = engine(&manifest, settings, &clock)
        .and_then(|mut engine| Ok(engine.poll_queue(&placements)?));
    let standing = FarmStatus::from_manifest(&manifest, seen.ok().flatten().as_ref());
    let header = &manifest.header;
    let json = serde_json::json!({
        "revision": going.revision, "farm": header.farm.name, "engine": header.farm.engine, "standing": standing,
    });
    Ok(Some((
        summary::farm_summary::farm_status_text(&going.revision, &header.farm, &standing),
        json,
    )))
}

/// `production cancel`: takes a farm run back, and keeps what was finished.
pub(in crate::cli::commands) fn cancel(
    args: &CancelArgs,
    settings: &Settings,
) -> Result<ExitCode, CliError> {
    let (root, layout) = locate(&args.store)?;
    let _lock = take(&layout, &root, "cancel", args.wait, settings)?;
    let Some(going) = ActiveRun::read(&layout)? else {
        settings.say("nothing to cancel: no run of this production is on a farm");
        return Ok(ExitCode::SUCCESS);
    };
    let manifest = going.open_manifest(&layout)?;
    let (clock, placements) = (
        SystemClock::default(),
        SubmissionLog::open(manifest.folder.clone())?,
    );
    engine(&manifest, settings, &clock)?.cancel(&placements)?;
    let kept = record(&manifest, &layout, &clock)?;
    going.end_run(&layout)?;
    let (revision, farm) = (&going.revision, &manifest.header.farm.name);
    settings.say(&format!(
        "{revision} was taken back: nothing of it is left on the farm `{farm}`. {kept} finished jobs were kept for the next run"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a revision into the history that consists of what the farm finished and nobody took in.
fn record(
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
