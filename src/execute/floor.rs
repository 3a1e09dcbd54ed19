//! What the dispatcher stands on: hands that work, a clock, what was made before, and somewhere to keep records.
//!
//! Three floors exist: [`Shop`](super::shop::Shop) works, [`Rehearsal`](super::rehearse()) only counts, and the one of the room
//! [`farm`](crate::farm) lets others work. The dispatcher cannot tell them apart; that is why an estimate and a run never
//! disagree about order, and why a run means the same wherever it is done.

use super::ExecuteError;
use super::attempt::Attempt;
use super::state::States;
use super::work::Attempted;
use crate::base::{CancelToken, Digest};
use crate::event::Event;
use crate::model::{Artefact, JobId, PeakMemory};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A job on its way back.
pub(crate) struct Return {
    pub(crate) id: JobId,
    pub(crate) attempted: Attempted,
    pub(crate) memory: Option<PeakMemory>,
}

/// What a worker says.
pub(crate) enum Word {
    /// A job ended.
    Back(Return),
    /// Units of a job are done, of how many.
    Progress(JobId, usize, usize),
    /// A job ended, and its hand has begun one that was left for it.
    Passed(Return, JobId, Arc<Attempt>),
    /// A job was given back before it began, because nothing further may start.
    Unbegun(JobId),
}

/// Where a plan is run.
pub(crate) trait Floor {
    /// Returns the time since a fixed instant; it never goes back.
    fn elapsed(&self) -> Duration;

    /// Returns the request to stop the whole run.
    fn cancel(&self) -> &CancelToken;

    /// Gives a job, whose inputs are made, to a hand that is free.
    fn hand_over(&mut self, id: JobId, attempt: Arc<Attempt>, states: &States);

    /// Returns whether jobs may be left for hands that are busy.
    fn takes_ahead(&self) -> bool {
        false
    }

    /// Leaves a job for a busy hand, which may begin it when one that holds the same ends.
    fn leave(&mut self, _id: JobId, _attempt: Arc<Attempt>, _states: &States) {}

    /// Takes back what was left and is not begun.
    fn retrieve(&mut self) -> Vec<JobId> {
        Vec::new()
    }

    /// Hears that nothing further will start, as often as that is so: what waits for a hand may come back, what runs goes
    /// on to its end.
    fn close(&mut self) {}

    /// Waits a moment for word from a hand.
    fn hear(&mut self) -> Option<Word>;

    /// Returns the content of a file of the project.
    fn file(&self, path: &Path) -> Option<Digest>;

    /// Returns whether all these outputs of an earlier run of the job are still there.
    fn holds(&self, id: JobId, outputs: &[Artefact]) -> bool;

    /// Keeps an event and shows it, if anyone listens.
    fn note(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError>;

    /// Saves which shots are complete.
    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError>;
}
