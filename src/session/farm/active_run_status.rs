//! The active farm run of a store: whether there is one, its state, and its cancellation.

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

/// An active farm run.
#[derive(Debug)]
pub struct ActiveRunStatus {
    /// Its revision.
    pub revision: String,
    /// Its farm.
    pub farm: FarmProfile,
    /// Its tasks by state.
    pub status: FarmStatus,
}

/// A cancelled farm run.
#[derive(Debug)]
pub struct CancelledRun {
    /// Its revision.
    pub revision: String,
    /// Its farm.
    pub farm: String,
    /// Jobs that it finished. The next run reuses them.
    pub finished_jobs: usize,
}

/// Returns the farm run that `options` resume. `None` if the store has no active farm run.
///
/// # Errors
/// Fails when a farm run is active that `options` do not resume.
pub(in crate::session) fn resumable_run(
    layout: &StoreLayout,
    options: &RunOptions,
) -> Result<Option<ActiveRun>, SessionError> {
    let Some(active_run) = ActiveRun::read(layout)? else {
        return Ok(None);
    };
    let header = active_run.open_manifest(layout)?.header;
    let same_farm = options.session.farm.as_ref() == Some(&header.farm.name);
    // Both are required. Without `--resume` a second run would submit the same jobs again, and
    // another `--farm` would follow tasks that were never sent to it.
    if options.resume && same_farm {
        return Ok(Some(active_run));
    }
    Err(SessionError::FarmRunActive {
        revision: active_run.revision,
        farm: Some(header.farm.name),
    })
}

/// Fails when a farm run of the store is active.
pub(in crate::session) fn require_idle(layout: &StoreLayout) -> Result<(), SessionError> {
    match ActiveRun::read(layout)? {
        None => Ok(()),
        Some(ActiveRun { revision }) => Err(SessionError::FarmRunActive {
            revision,
            farm: None,
        }),
    }
}

/// Returns the active farm run of a store. `None` if there is none. If the scheduler does not
/// answer, the state of tasks in its queue is unknown, which is no error.
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
    // Results in the store are the truth, and the queue only adds what has no result yet. So a
    // scheduler that is down does not hide the progress.
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

/// Cancels the farm run of a store and records what it finished. `None` if there is none.
///
/// # Errors
/// Fails when the store is locked or cannot be written, or when the scheduler does not cancel the
/// run.
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
    // First the queue, then the records, so that a task that finishes in between is recorded. The
    // note of the active run is removed last: a cancellation that fails can be tried again.
    build_scheduler(&manifest, context.environment, &clock).cancel(&submission_log)?;
    let finished_jobs = record_finished(&manifest, layout, &clock)?;
    active_run.end_run(layout)?;
    Ok(Some(CancelledRun {
        revision: active_run.revision,
        farm: manifest.header.farm.name,
        finished_jobs,
    }))
}

/// Writes a revision with the results that the farm finished and no run has collected.
fn record_finished(
    manifest: &TaskManifest,
    layout: &StoreLayout,
    clock: &dyn Clock,
) -> Result<usize, SessionError> {
    let history = RunHistory::replay_journals(layout)?;
    let events = unrecorded_events(manifest, &history)?;
    // A revision of its own, and not an addition to that of the submission: a journal has one
    // writer, and that one has ended.
    let mut journal = Journal::create(layout, &history.next_revision())?;
    let begin = Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: journal.revision().to_owned(),
        production: manifest.header.production.clone(),
        at: clock.now(),
        jobs: manifest.header.tasks as usize,
        programs: Vec::new(),
        totals: None,
        tier: String::new(),
        tier_override: false,
        no_sound: false,
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
