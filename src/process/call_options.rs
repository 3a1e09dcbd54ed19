//! What a call is watched with while it runs.

use super::{ProcessExit, ProcessReaper};
use crate::base::CancelToken;
use std::time::Duration;

/// How long a process has between the request to end and being killed, where nothing else is said.
const DEFAULT_GRACE_PERIOD: Duration = Duration::from_secs(5);

/// Someone who hears what a call does. Told from several threads at once.
pub trait ProcessObserver: Sync {
    /// A process was started; the first word is the program.
    fn on_start(&self, _words: &[String]) {}
    /// It gave or took something: the sign that it lives.
    fn on_activity(&self) {}
    /// It printed a line, given without its end and with everything unprintable escaped.
    fn on_line(&self, _line: &str) {}
    /// It ended, with all that it started.
    fn on_exit(&self, _ending: &ProcessExit, _stopped: bool) {}
}

/// Hears nothing.
pub struct NoopObserver;

impl ProcessObserver for NoopObserver {}

/// What a call is watched with.
#[derive(Clone, Copy)]
pub struct CallOptions<'a> {
    /// Asked many times a second whether to stop.
    pub cancel: &'a CancelToken,
    /// Told what happens.
    pub observer: &'a dyn ProcessObserver,
    /// Ends the process when we are killed ourselves; none where that does not matter.
    pub reaper: Option<&'a ProcessReaper>,
    /// The time between the request to end and being killed.
    pub grace_period: Duration,
}

impl<'a> CallOptions<'a> {
    /// Returns a watch that only looks for the request to stop.
    #[must_use]
    pub const fn new(cancel: &'a CancelToken) -> Self {
        Self {
            cancel,
            observer: &NoopObserver,
            reaper: None,
            grace_period: DEFAULT_GRACE_PERIOD,
        }
    }
}
