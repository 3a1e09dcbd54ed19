//! The interface to a scheduler: report what it cannot express, preview a submission, accept
//! arrays, list their state, and cancel them.

use super::queue_snapshot::{QueueSnapshot, TaskRange};
use super::scheduler_spec::SchedulerSpec;
use super::submission_log::SubmissionLog;
use super::task_array::TaskArray;
use super::task_manifest::FarmError;
use super::task_map::{TaskGroup, TaskId};
use crate::producers::FailureClass;
use std::collections::HashMap;

/// A program that places tasks on machines, or one that stands in for it: a local runner, a bundle.
pub trait Scheduler {
    /// Returns the facts about schedulers of this kind.
    fn spec(&self) -> &'static SchedulerSpec;

    /// Returns the requests of these tasks that the scheduler cannot express, one sentence each.
    fn validate_capabilities(&self, groups: &[TaskGroup]) -> Vec<String>;

    /// Returns the maximum number of tasks in one array.
    ///
    /// # Errors
    /// Fails if the scheduler does not answer.
    fn array_limit(&self) -> Result<u32, FarmError>;

    /// Asks the scheduler whether it would accept this array, without submitting it. A scheduler
    /// without such a question counts as accepting.
    ///
    /// # Errors
    /// Fails with the reason if the scheduler would refuse the array.
    fn dry_run(&self, array: &TaskArray) -> Result<(), FarmError>;

    /// Returns the script or template of this array, for people to read. Nothing is submitted.
    fn preview_submission(&self, array: &TaskArray) -> String;

    /// Submits an array. `submissions` has the scheduler's job names of the arrays that it depends
    /// on. A transient failure is [`SubmitOutcome::Deferred`].
    ///
    /// # Errors
    /// Fails if the scheduler refuses the array.
    fn submit(
        &mut self,
        array: &TaskArray,
        submissions: &SubmissionLog,
    ) -> Result<SubmitOutcome, FarmError>;

    /// Returns the state of the submitted tasks. `None` means that the scheduler did not answer,
    /// from which nothing follows about the tasks.
    ///
    /// # Errors
    /// Fails if the scheduler will never answer.
    fn poll_queue(
        &mut self,
        submissions: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError>;

    /// Returns the scheduler's messages about the end of these tasks, which left no result. Tasks
    /// without a message are left out.
    fn exit_reports(
        &self,
        _ended: &[(TaskId, TaskRange)],
        _submissions: &SubmissionLog,
    ) -> HashMap<TaskId, ExitReport> {
        // Only a scheduler with daemons of its own prints anything beside the task's output, so the
        // others need not implement this.
        HashMap::new()
    }

    /// Withdraws the tasks that have not started; running tasks continue. Returns whether the next
    /// [`poll_queue`](Self::poll_queue) distinguishes withdrawn from running tasks.
    ///
    /// # Errors
    /// Fails if the scheduler does not answer, or refuses.
    fn withdraw_pending(&mut self, submissions: &SubmissionLog) -> Result<bool, FarmError>;

    /// Cancels every task of this farm run that the scheduler still has.
    ///
    /// # Errors
    /// Fails if tasks are left in the queue afterwards.
    fn cancel(&mut self, submissions: &SubmissionLog) -> Result<(), FarmError>;
}

/// The outcome of submitting an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitOutcome {
    /// The scheduler accepted the array. The value is its name of the job.
    Accepted(String),
    /// The scheduler cannot accept the array now. The value is its reason.
    Deferred(String),
}

/// The scheduler's messages about the end of a task that left no result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExitReport {
    /// The failure class that the lines show. `None` if they say no more than the task's state.
    pub class: Option<FailureClass>,
    /// The line that says most, for the message of the failure.
    pub reason: Option<String>,
    /// The lines about the task, or the last lines of its array.
    pub lines: String,
}
