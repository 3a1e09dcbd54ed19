//! What a call is watched with while it runs.

use super::{Ending, Keeper};
use crate::base::CancelToken;
use std::time::Duration;

/// How long a process has between the request to end and being killed, where nothing else is said.
const GRACE: Duration = Duration::from_secs(5);

/// Someone who hears what a call does. Told from several threads at once.
pub trait Ear: Sync {
    /// A process was started; the first word is the program.
    fn began(&self, _words: &[String]) {}
    /// It gave or took something: the sign that it lives.
    fn alive(&self) {}
    /// It printed a line, given without its end and with everything unprintable escaped.
    fn line(&self, _line: &str) {}
    /// It ended, with all that it started.
    fn ended(&self, _ending: &Ending, _stopped: bool) {}
}

/// Hears nothing.
pub struct Deaf;

impl Ear for Deaf {}

/// What a call is watched with.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Asked many times a second whether to stop.
    pub cancel: &'a CancelToken,
    /// Told what happens.
    pub ear: &'a dyn Ear,
    /// Ends the process when we are killed ourselves; none where that does not matter.
    pub keeper: Option<&'a Keeper>,
    /// The time between the request to end and being killed.
    pub grace: Duration,
}

impl<'a> Watch<'a> {
    /// Returns a watch that only looks for the request to stop.
    #[must_use]
    pub const fn of(cancel: &'a CancelToken) -> Self {
        Self {
            cancel,
            ear: &Deaf,
            keeper: None,
            grace: GRACE,
        }
    }
}
