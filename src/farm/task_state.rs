//! The state of a task at a scheduler, in the few words that every scheduler's own states are mapped to.

use crate::producers::FailureClass;

/// The state of a task at a scheduler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// It waits, for this reason.
    Queued {
        /// In the scheduler's words.
        reason: String,
        /// Whether it waits until a person releases it.
        held: bool,
    },
    /// It runs.
    Running,
    /// It has ended, one way or the other; its result says which.
    Ended {
        /// In the scheduler's words.
        state: String,
        /// What kind of failure that is, unless the result says otherwise.
        class: FailureClass,
    },
    /// It was dropped because what it needs failed.
    Dropped,
}
