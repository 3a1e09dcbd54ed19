//! What every engine can do: say what it cannot express, show what it would be given, take arrays, tell what it knows of
//! them, and drop them.

use super::array::Array;
use super::header::Group;
use super::manifest::FarmError;
use super::placements::Placements;
use super::sighting::{Run, Sighting};
use super::tasks::TaskId;
use crate::producers::FailureClass;
use std::collections::HashMap;

/// A scheduler, or something like one.
pub trait Engine {
    /// Returns the engine's name.
    fn name(&self) -> &'static str;

    /// Returns whether it goes on when this process has ended.
    fn outlives(&self) -> bool;

    /// Returns what it cannot express of what these tasks ask for, one sentence each.
    fn validate_capabilities(&self, groups: &[Group]) -> Vec<String>;

    /// Returns the most tasks of one array.
    ///
    /// # Errors
    /// Fails when the engine does not answer.
    fn array_limit(&self) -> Result<u32, FarmError>;

    /// Asks it whether it would take this array, without giving it. That it cannot be asked is no refusal.
    ///
    /// # Errors
    /// Fails when it would not, saying why.
    fn try_out(&self, array: &Array) -> Result<(), FarmError>;

    /// Returns what it would be given for this array, for people to read. Nothing is sent.
    fn plan(&self, array: &Array) -> String;

    /// Gives it an array; `placements` knows by what names it took those that must be done before. A failure that may pass
    /// is [`Submitted::Later`].
    ///
    /// # Errors
    /// Fails when it refuses the array.
    fn submit(&mut self, array: &Array, placements: &Placements) -> Result<Submitted, FarmError>;

    /// Returns what it knows of the tasks that it was given; none when it does not answer, which says nothing of them.
    ///
    /// # Errors
    /// Fails when it will never answer.
    fn poll(&mut self, placements: &Placements) -> Result<Option<Sighting>, FarmError>;

    /// Returns what the engine printed of the end of these tasks, which ended without a result; tasks of which it printed
    /// nothing are left out.
    fn last_words(
        &self,
        _ended: &[(TaskId, Run)],
        _placements: &Placements,
    ) -> HashMap<TaskId, LastWords> {
        HashMap::new()
    }

    /// Takes away what has not begun; what runs goes on to its end. Returns whether the next [`poll`](Self::poll) tells the
    /// one from the other.
    ///
    /// # Errors
    /// Fails when it does not answer, or refuses.
    fn withdraw(&mut self, placements: &Placements) -> Result<bool, FarmError>;

    /// Takes all that it still has of this farm run away from it.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    fn cancel(&mut self, placements: &Placements) -> Result<(), FarmError>;
}

/// What became of an array that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Submitted {
    /// It was taken, under this name of the engine's.
    As(String),
    /// The engine cannot take it now, and says why.
    Later(String),
}

/// What an engine printed of the end of a task that left no result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastWords {
    /// The class that they tell, where they tell more than the state does.
    pub class: Option<FailureClass>,
    /// The lines that are about it.
    pub lines: String,
}

/// Where a task stands at an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// It waits, for this reason.
    Queued {
        /// In the engine's words.
        reason: String,
        /// Whether it waits until a person lets it go.
        held: bool,
    },
    /// It runs.
    Running,
    /// It has ended, one way or the other; its result says which.
    Ended {
        /// In the engine's words.
        state: String,
        /// What kind of failure that is, unless the result says otherwise.
        class: FailureClass,
    },
    /// It was dropped because what it needs failed.
    Dropped,
}

impl Stage {
    /// Returns whether there will still be a result.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Queued { .. } | Self::Running)
    }
}
