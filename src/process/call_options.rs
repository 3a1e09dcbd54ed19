//! How a caller watches and stops a child process: observer, cancel token, reaper, grace period.

use super::{ProcessExit, ProcessReaper};
use crate::base::{CancelToken, PauseSwitch};
use std::time::Duration;

/// Time between TERM and KILL when the caller sets none.
const DEFAULT_GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Receives the events of a child process. The feeding thread and the reading thread both call it.
// Every method has an empty default, so that an observer implements only what it needs.
pub trait ProcessObserver: Sync {
    /// The process has started. The first word is the program, the others are its arguments.
    fn on_start(&self, _words: &[String]) {}
    /// The process read input or wrote output. The silence timeout starts again with each call.
    fn on_activity(&self) {}
    /// The process printed a line. The text has no line end, and control characters are escaped.
    fn on_line(&self, _line: &str) {}
    /// The process and everything in its group have ended. `_stopped`: the call was cancelled.
    fn on_exit(&self, _ending: &ProcessExit, _stopped: bool) {}
    /// Returns the length of the longest secret that [`ProcessObserver::redact_line`] hides, in
    /// bytes.
    fn longest_secret(&self) -> usize {
        0
    }
    /// Hides the secrets in a line that is too long to be passed on whole. Called before it is
    /// cut: no later step could recognise the two halves of a secret.
    fn redact_line(&self, _line: &mut Vec<u8>) {}
}

/// Ignores every event.
pub struct NoopObserver;

impl ProcessObserver for NoopObserver {}

/// Options of one call. `Copy`, because a call passes them to its threads.
#[derive(Clone, Copy)]
pub struct CallOptions<'a> {
    /// Polled every 10 ms. Once it halts, the process group gets TERM.
    pub cancel: &'a CancelToken,
    /// Receives the events of the call.
    pub observer: &'a dyn ProcessObserver,
    /// Kills the process group if this process dies. `None`: on Linux, a parent-death signal does
    /// it.
    pub reaper: Option<&'a ProcessReaper>,
    /// Time between TERM and KILL.
    pub grace_period: Duration,
    /// Time after which the process group gets KILL. `None` is no limit.
    pub time_limit: Option<Duration>,
    /// Stops the process group (STOP) while it is frozen. `None`: nobody pauses the call.
    pub pause: Option<&'a PauseSwitch>,
}

impl<'a> CallOptions<'a> {
    /// Returns options without observer and reaper, with a grace period of 5 s.
    #[must_use]
    pub const fn new(cancel: &'a CancelToken) -> Self {
        Self {
            cancel,
            observer: &NoopObserver,
            reaper: None,
            grace_period: DEFAULT_GRACE_PERIOD,
            time_limit: None,
            pause: None,
        }
    }
}
