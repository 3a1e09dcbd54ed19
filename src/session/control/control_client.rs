//! The side that asks: a process that looks at the run of a store, or steers it.

use super::control_message::{ControlReply, ControlRequest};
use crate::base::json::to_json_string;
use crate::report::{RunSnapshot, RunState};
use crate::session::session_error::SessionError;
use crate::store::{Revision, StoreLayout, read_revision_summaries};

/// Asks the run of this store. `None`: no run answers here. There is none, it is on another
/// machine, or the file system of the store has no sockets.
///
/// # Errors
/// Fails if a run answers with something that this program does not know.
pub fn ask_run(
    layout: &StoreLayout,
    request: &ControlRequest,
) -> Result<Option<ControlReply>, SessionError> {
    let Some(line) = exchange_lines(layout, &to_json_string(request)) else {
        return Ok(None);
    };
    // An answer means that a run holds the store. Without this error the caller would take it for a
    // store without a run.
    serde_json::from_str(&line).map(Some).map_err(|error| {
        SessionError::io_error(
            "understand the run: another version of this program runs it",
            error.into(),
        )
    })
}

#[cfg(unix)]
fn exchange_lines(layout: &StoreLayout, request: &str) -> Option<String> {
    use super::control_socket::{connect, read_line, write_line};
    let stream = connect(layout).ok()?;
    write_line(&stream, request).ok()?;
    // A run that ends in this moment closes the connection without a word.
    read_line(&stream).ok().filter(|line| !line.is_empty())
}

#[cfg(not(unix))]
fn exchange_lines(_: &StoreLayout, _: &str) -> Option<String> {
    None
}

/// Returns the last run of a store, live if it is in progress, and every revision without the
/// identities of its jobs.
///
/// # Errors
/// Fails if a journal cannot be read, or a run of another version answers.
pub fn last_run_snapshot(
    layout: &StoreLayout,
) -> Result<(RunSnapshot, Vec<Revision>), SessionError> {
    let revisions = read_revision_summaries(layout)?;
    let last = Revision::find_by_name(&revisions, "latest").cloned();
    // The lock decides whether a run is in progress: the journal of a killed run has no end either.
    if !layout.disk().is_locked(&layout.lock_path()) {
        return Ok((RunSnapshot::from_revision(last), revisions));
    }
    let snapshot = match ask_run(layout, &ControlRequest::Status)? {
        Some(reply) => *reply.run,
        None => unanswered_snapshot(last),
    };
    Ok((snapshot, revisions))
}

/// Returns what the journal says of a run that holds the store and does not answer.
fn unanswered_snapshot(last: Option<Revision>) -> RunSnapshot {
    let is_over = last.as_ref().is_none_or(|last| last.status.is_some());
    let mut snapshot = RunSnapshot::from_revision(last);
    // Another command holds the store, or a run that has not begun its journal.
    if !is_over {
        snapshot.state = RunState::Running;
    }
    snapshot
}
