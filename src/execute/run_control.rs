//! What steers a run from outside while it is in progress: pauses, and the order of its jobs.
//!
//! Callers on other threads set a level or leave a request. Only the dispatcher acts, between two
//! events, so that one thread alone changes state.

use crate::base::{PauseLevel, PauseSwitch};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

/// How urgent a job is beside the others. More urgent jobs start first; priority only orders jobs
/// of one urgency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum JobUrgency {
    /// Before all others.
    First,
    /// By its priority.
    #[default]
    Normal,
    /// After all others.
    Last,
}

/// A request to change the order of jobs.
pub(super) struct UrgencyRequest {
    /// A job, the beginning of job names, a shot or a phase.
    pub(super) target: String,
    pub(super) urgency: JobUrgency,
    /// Receives the number of jobs that have not started, or why there is none.
    pub(super) reply: Sender<Result<usize, String>>,
}

/// Steers one run.
#[derive(Default)]
pub struct RunControl {
    pause: PauseSwitch,
    requests: Mutex<Vec<UrgencyRequest>>,
    has_requests: AtomicBool,
    /// Whether the last job has ended.
    is_over: AtomicBool,
}

impl RunControl {
    /// Returns the control of a run that pauses with `pause`.
    #[must_use]
    pub fn new(pause: PauseSwitch) -> Self {
        Self {
            pause,
            ..Self::default()
        }
    }

    /// Returns the switch that pauses the run.
    #[must_use]
    pub const fn pause(&self) -> &PauseSwitch {
        &self.pause
    }

    /// Returns whether no job is left to steer.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    /// Notes that no job is left, and lets the clock go on.
    pub(super) fn end(&self) {
        // First: a caller that pauses the run from now on can see that it is over.
        self.is_over.store(true, Ordering::SeqCst);
        // Nothing of a paused run may stand still for ever after its end.
        self.pause.set_level(PauseLevel::Running);
        self.pause.set_clock_stopped(false);
    }

    /// Asks for another order of the jobs that `target` names. The dispatcher answers with the
    /// number of jobs that have not started, or with why there is none.
    pub fn request_urgency(
        &self,
        target: String,
        urgency: JobUrgency,
    ) -> Receiver<Result<usize, String>> {
        let (reply, answer) = channel();
        let request = UrgencyRequest {
            target,
            urgency,
            reply,
        };
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        // After the request is in the list, because a reader of the flag takes the list at once.
        self.has_requests.store(true, Ordering::SeqCst);
        answer
    }

    /// Returns the requests that nobody has taken yet.
    pub(super) fn take_requests(&self) -> Vec<UrgencyRequest> {
        // The flag first: the dispatcher asks after every event, and a lock for each would cost
        // more than the rest of a short job.
        if !self.has_requests.swap(false, Ordering::SeqCst) {
            return Vec::new();
        }
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *requests)
    }
}
