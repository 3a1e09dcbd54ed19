//! The farm run of a store that is going: whether there is one, where it is, and how it is taken
//! back.

use super::farm_scheduler::build_scheduler;
use crate::base::{Clock, SystemClock};
use crate::event::{EVENT_FORMAT_VERSION, Event, RunStatus};
use crate::farm::{
    ActiveRun, FarmError, FarmStatus, QueueSnapshot, SubmissionLog, TaskManifest, unrecorded_events,
};
use crate::model::farm_profile::FarmProfile;
use crate::session::run_options::RunOptions;
use crate::session::session_context::{SessionContext, SessionEnvironment};
use crate::session::session_error::SessionError;
use crate::session::store_access::{StoreAccess, StoreLocation};
use crate::store::{Journal, RunHistory, StoreLayout};

/// A run that is on a farm.
#[derive(Debug)]
pub struct ActiveRunStatus {
    /// Its revision.
    pub revision: String,
    /// Its farm.
    pub farm: FarmProfile,
    /// Its tasks by state.
    pub status: FarmStatus,
}

/// A farm run that was taken back.
#[derive(Debug)]
pub struct CancelledRun {
    /// Its revision.
    pub revision: String,
    /// Its farm.
    pub farm: String,
    /// Jobs that it finished and that the next run reuses.
    pub kept_jobs: usize,
}

/// Returns the farm run of the store that `options` resume.
///
/// # Errors
/// Fails while a farm run of the store is going that they do not resume.
pub(in crate::session) fn resumable_run(
    layout: &StoreLayout,
    options: &RunOptions,
) -> Result<Option<ActiveRun>, SessionError> {
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let header = active_run.open_manifest(layout)?.header;
    let same_farm = options.session.farm.as_ref() == Some(&header.farm.name);
    if options.resume && same_farm {
        return Ok(Some(active_run));
    }
    Err(SessionError::FarmRunActive {
        revision: active_run.revision,
        farm: Some(header.farm.name),
    })
}

/// Fails while a farm run of the store is going.
pub(in crate::session) fn require_idle(layout: &StoreLayout) -> Result<(), SessionError> {
    match ActiveRun::read(layout)? {
        None => Ok(()),
        Some(ActiveRun { revision }) => Err(SessionError::FarmRunActive {
            revision,
            farm: None,
        }),
    }
}

/// Returns the farm run of a store; `None` when there is none. A scheduler that does not answer
/// leaves the state of tasks unknown, and is no error.
///
/// # Errors
/// Fails when the store cannot be read.
pub fn active_run_status(
    layout: &StoreLayout,
    environment: &SessionEnvironment,
) -> Result<Option<ActiveRunStatus>, SessionError> {
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let manifest = active_run.open_manifest(layout)?;
    let submission_log = SubmissionLog::open(manifest.folder.clone())?;
    let snapshot = poll_queue(&manifest, &submission_log, environment);
    let status = FarmStatus::from_manifest(&manifest, snapshot.ok().flatten().as_ref());
    Ok(Some(ActiveRunStatus {
        revision: active_run.revision,
        farm: manifest.header.farm,
        status,
    }))
}

fn poll_queue(
    manifest: &TaskManifest,
    submission_log: &SubmissionLog,
    environment: &SessionEnvironment,
) -> Result<Option<QueueSnapshot>, FarmError> {
    let clock = SystemClock::default();
    build_scheduler(manifest, environment, &clock).poll_queue(submission_log)
}

/// Takes the farm run of a store back, and keeps what was finished; `None` when there is none.
///
/// # Errors
/// Fails when the store is held or cannot be written, or the scheduler does not take the run back.
pub fn cancel_run(
    location: &StoreLocation,
    wait: bool,
    context: SessionContext<'_>,
) -> Result<Option<CancelledRun>, SessionError> {
    let access = StoreAccess {
        command: "cancel",
        wait,
    };
    let _lock = location.lock(access, context)?;
    let layout = &location.layout;
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let manifest = active_run.open_manifest(layout)?;
    let clock = SystemClock::default();
    let submission_log = SubmissionLog::open(manifest.folder.clone())?;
    build_scheduler(&manifest, context.environment, &clock).cancel(&submission_log)?;
    let kept_jobs = record_finished(&manifest, layout, &clock)?;
    active_run.end_run(layout)?;
    Ok(Some(CancelledRun {
        revision: active_run.revision,
        farm: manifest.header.farm.name,
        kept_jobs,
    }))
}

/// Writes a revision into the history that consists of what the farm finished and nobody took in.
fn record_finished(
    manifest: &TaskManifest,
    layout: &StoreLayout,
    clock: &dyn Clock,
) -> Result<usize, SessionError> {
    let history = RunHistory::replay_journals(layout)?;
    let events = unrecorded_events(manifest, &history)?;
    let mut journal = Journal::create(layout, &history.next_revision())?;
    let begin = Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: journal.revision().to_owned(),
        production: manifest.header.production.clone(),
        at: clock.now(),
        jobs: manifest.header.tasks as usize,
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
