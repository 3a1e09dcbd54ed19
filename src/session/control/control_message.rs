//! What another process may ask a run, and what the run replies. Each is one line of JSON.

use crate::execute::JobUrgency;
use crate::report::RunSnapshot;
use serde::{Deserialize, Serialize};

/// A request to a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum ControlRequest {
    /// Say how it goes.
    Status,
    /// Start no new job.
    Pause {
        /// Whether running jobs stand still too.
        now: bool,
    },
    /// Go on after a pause.
    Resume,
    /// Stop as after an interrupt.
    Cancel {
        /// Whether running jobs are stopped too.
        now: bool,
    },
    /// Start some jobs before or after the others.
    Prioritize {
        /// A job, the beginning of job names, a shot or a phase.
        target: String,
        /// Their new place.
        urgency: RequestedUrgency,
    },
    /// Take another share of the machine.
    Nice {
        /// From -20, the most, to 19, the least.
        niceness: i32,
    },
}

/// The place of jobs among the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestedUrgency {
    /// Before all others.
    First,
    /// As the plan has them.
    Normal,
    /// After all others.
    Last,
}

impl From<RequestedUrgency> for JobUrgency {
    fn from(requested: RequestedUrgency) -> Self {
        match requested {
            RequestedUrgency::First => Self::First,
            RequestedUrgency::Normal => Self::Normal,
            RequestedUrgency::Last => Self::Last,
        }
    }
}

/// The reply of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ControlReply {
    /// Why the request was not followed, as a fragment that reads after "failed to".
    pub refusal: Option<String>,
    /// Jobs that a new order concerns.
    pub jobs: Option<usize>,
    /// The farm that does the work. `None`: this machine does.
    pub farm: Option<String>,
    /// The run, after the request was followed.
    pub run: Box<RunSnapshot>,
}
