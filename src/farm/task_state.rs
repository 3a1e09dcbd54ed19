//! The states of a task at a scheduler, to which every scheduler's own states are mapped.

use crate::producers::FailureClass;

/// The state of a task at a scheduler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// The task waits in the queue.
    Queued {
        /// The reason in the scheduler's words.
        reason: String,
        /// Whether the task waits until a person releases it.
        held: bool,
    },
    /// The task runs.
    Running,
    /// The task has ended. Its result says whether it succeeded.
    Ended {
        /// The state in the scheduler's words.
        state: String,
        /// The failure class that applies if the task left no result.
        class: FailureClass,
    },
    /// The scheduler dropped the task because a task on which it depends failed.
    Dropped,
}
