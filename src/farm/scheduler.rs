//! What every scheduler can do: say what it cannot express, show what it would be given, accept arrays, list what it knows of
//! them, and drop them.

use super::queue_snapshot::{QueueSnapshot, TaskRange};
use super::scheduler_spec::SchedulerSpec;
use super::submission_log::SubmissionLog;
use super::task_array::TaskArray;
use super::task_manifest::FarmError;
use super::task_map::{TaskGroup, TaskId};
use crate::producers::FailureClass;
use std::collections::HashMap;

/// A scheduler, or something like one.
pub trait Scheduler {
    /// Returns the facts about schedulers of this kind.
    fn spec(&self) -> &'static SchedulerSpec;

    /// Returns what it cannot express of what these tasks ask for, one sentence each.
    fn validate_capabilities(&self, groups: &[TaskGroup]) -> Vec<String>;

    /// Returns the most tasks of one array.
    ///
    /// # Errors
    /// Fails when the scheduler does not answer.
    fn array_limit(&self) -> Result<u32, FarmError>;

    /// Asks it whether it would accept this array, without submitting it. That it cannot be asked is no refusal.
    ///
    /// # Errors
    /// Fails when it would not, saying why.
    fn dry_run(&self, array: &TaskArray) -> Result<(), FarmError>;

    /// Returns what would be submitted for this array, for people to read. Nothing is submitted.
    fn preview_submission(&self, array: &TaskArray) -> String;

    /// Submits an array; `submissions` has the scheduler's names of the arrays that must be done before. A failure that may
    /// pass is [`SubmitOutcome::Deferred`].
    ///
    /// # Errors
    /// Fails when it refuses the array.
    fn submit(
        &mut self,
        array: &TaskArray,
        submissions: &SubmissionLog,
    ) -> Result<SubmitOutcome, FarmError>;

    /// Returns what it knows of the tasks that were submitted; `None` when it does not answer, which says nothing of them.
    ///
    /// # Errors
    /// Fails when it will never answer.
    fn poll_queue(
        &mut self,
        submissions: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError>;

    /// Returns what the scheduler printed of the end of these tasks, which ended without a result; tasks of which it
    /// printed nothing are left out.
    fn exit_reports(
        &self,
        _ended: &[(TaskId, TaskRange)],
        _submissions: &SubmissionLog,
    ) -> HashMap<TaskId, ExitReport> {
        HashMap::new()
    }

    /// Withdraws what has not begun; what runs goes on to its end. Returns whether the next
    /// [`poll_queue`](Self::poll_queue) tells the one from the other.
    ///
    /// # Errors
    /// Fails when it does not answer, or refuses.
    fn withdraw_pending(&mut self, submissions: &SubmissionLog) -> Result<bool, FarmError>;

    /// Cancels all that it still has of this farm run.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    fn cancel(&mut self, submissions: &SubmissionLog) -> Result<(), FarmError>;
}

/// The outcome of submitting an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// It was accepted, as the scheduler's job of this name.
    Accepted(String),
    /// The scheduler cannot accept it now, and says why.
    Deferred(String),
}

/// What a scheduler printed of the end of a task that left no result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExitReport {
    /// The failure class that the lines name, where they say more than the state does.
    pub class: Option<FailureClass>,
    /// The lines that are about it.
    pub lines: String,
}
