//! What every engine can do: say what it cannot express, show what it would be given, take arrays, tell what it knows of
//! them, and drop them.

use super::manifest_header::TaskGroup;
use super::queue_snapshot::{QueueSnapshot, TaskRange};
use super::submission_log::SubmissionLog;
use super::task_array::TaskArray;
use super::task_manifest::FarmError;
use super::task_map::TaskId;
use crate::producers::FailureClass;
use std::collections::HashMap;

/// A scheduler, or something like one.
pub trait Scheduler {
    /// Returns the engine's name.
    fn name(&self) -> &'static str;

    /// Returns whether it goes on when this process has ended.
    fn survives_client(&self) -> bool;

    /// Returns what it cannot express of what these tasks ask for, one sentence each.
    fn validate_capabilities(&self, groups: &[TaskGroup]) -> Vec<String>;

    /// Returns the most tasks of one array.
    ///
    /// # Errors
    /// Fails when the engine does not answer.
    fn array_limit(&self) -> Result<u32, FarmError>;

    /// Asks it whether it would take this array, without giving it. That it cannot be asked is no refusal.
    ///
    /// # Errors
    /// Fails when it would not, saying why.
    fn dry_run(&self, array: &TaskArray) -> Result<(), FarmError>;

    /// Returns what it would be given for this array, for people to read. Nothing is sent.
    fn preview_submission(&self, array: &TaskArray) -> String;

    /// Gives it an array; `placements` knows by what names it took those that must be done before. A failure that may pass
    /// is [`SubmitOutcome::Deferred`].
    ///
    /// # Errors
    /// Fails when it refuses the array.
    fn submit(
        &mut self,
        array: &TaskArray,
        placements: &SubmissionLog,
    ) -> Result<SubmitOutcome, FarmError>;

    /// Returns what it knows of the tasks that it was given; none when it does not answer, which says nothing of them.
    ///
    /// # Errors
    /// Fails when it will never answer.
    fn poll_queue(
        &mut self,
        placements: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError>;

    /// Returns what the engine printed of the end of these tasks, which ended without a result; tasks of which it printed
    /// nothing are left out.
    fn exit_reports(
        &self,
        _ended: &[(TaskId, TaskRange)],
        _placements: &SubmissionLog,
    ) -> HashMap<TaskId, ExitReport> {
        HashMap::new()
    }

    /// Takes away what has not begun; what runs goes on to its end. Returns whether the next [`poll_queue`](Self::poll_queue) tells the
    /// one from the other.
    ///
    /// # Errors
    /// Fails when it does not answer, or refuses.
    fn withdraw_pending(&mut self, placements: &SubmissionLog) -> Result<bool, FarmError>;

    /// Takes all that it still has of this farm run away from it.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    fn cancel(&mut self, placements: &SubmissionLog) -> Result<(), FarmError>;
}

/// What became of an array that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// It was taken, under this name of the engine's.
    Accepted(String),
    /// The engine cannot take it now, and says why.
    Deferred(String),
}

/// What an engine printed of the end of a task that left no result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExitReport {
    /// The class that they tell, where they tell more than the state does.
    pub class: Option<FailureClass>,
    /// The lines that are about it.
    pub lines: String,
}

/// Where a task stands at an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// It waits, for this reason.
    Queued {
        /// In the engine's words.
        reason: String,
        /// Whether it waits until a person lets it go.
        held: bool,
    },
    /// It runs.
    Running,
    /// It has ended, one way or the other; its result says which.
    Ended {
        /// In the engine's words.
        state: String,
        /// What kind of failure that is, unless the result says otherwise.
        class: FailureClass,
    },
    /// It was dropped because what it needs failed.
    Dropped,
}
