//! Hands arrays to an engine in order, remembers which, and keeps those that it cannot take yet.

use super::array::{Array, runs};
use super::engine::{Engine, Seen, Sighting, Stage, Submitted};
use super::manifest::FarmError;
use super::placements::Placements;
use super::tasks::TaskId;
use crate::model::Claim;
use std::collections::{BTreeMap, VecDeque};

/// A task that is to be tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// The task.
    pub task: TaskId,
    /// Which attempt it will be.
    pub attempt: u32,
    /// What it holds while it runs.
    pub claim: Claim,
}

/// An engine, what it was given, and what it will be given.
pub struct Placer<'a> {
    engine: &'a mut dyn Engine,
    placements: Placements,
    waiting: VecDeque<Array>,
}

impl<'a> Placer<'a> {
    /// Returns the placer of a farm run with these placements.
    pub fn new(engine: &'a mut dyn Engine, placements: Placements) -> Self {
        Self { engine, placements, waiting: VecDeque::new() }
    }

    /// Queues arrays and hands in what the engine takes. Returns why it takes no more now, if it does not.
    ///
    /// # Errors
    /// Fails when the engine refuses an array, naming it.
    pub fn place(&mut self, arrays: impl IntoIterator<Item = Array>) -> Result<Option<String>, FarmError> {
        self.waiting.extend(arrays);
        self.push()
    }

    /// Hands in what waits, in order.
    ///
    /// # Errors
    /// Fails when the engine refuses an array; that one waits no longer.
    pub fn push(&mut self) -> Result<Option<String>, FarmError> {
        while let Some(array) = self.waiting.pop_front() {
            if self.placements.array(array.number).is_none() {
                self.placements.placing(array.clone())?;
            }
            match self.engine.submit(&array, &self.placements)? {
                Submitted::As(job) => self.placements.placed(array.number, job)?,
                Submitted::Later(why) => {
                    self.waiting.push_front(array);
                    return Ok(Some(why));
                }
            }
        }
        Ok(None)
    }

    /// Queues tasks that are to be tried again: as elements of the arrays that they were first in, so an element's number
    /// always means the same task.
    ///
    /// # Errors
    /// Fails when the engine refuses an array.
    pub fn requeue(&mut self, tasks: &[Again]) -> Result<Option<String>, FarmError> {
        let mut pieces: BTreeMap<(u32, u32, Claim), Vec<u32>> = BTreeMap::new();
        for again in tasks {
            let origin = self.origin(again.task).map_or(again.task, |origin| origin.first);
            let key = (origin.0, again.attempt, again.claim.clone());
            pieces.entry(key).or_default().push(again.task.0 - origin.0);
        }
        let mut number = self.placements.next().max(self.waiting.back().map_or(0, |last| last.number + 1));
        let mut arrays = Vec::new();
        for ((first, attempt, claim), mut elements) in pieces {
            elements.sort_unstable();
            let Some(origin) = self.origin(TaskId(first)) else { continue };
            arrays.push(Array {
                number,
                elements: runs(elements),
                attempt,
                claim,
                after: Vec::new(),
                ..origin.clone()
            });
            number += 1;
        }
        self.place(arrays)
    }

    /// Returns the array that a task was first in.
    fn origin(&self, task: TaskId) -> Option<&Array> {
        let mut all = self.placements.arrays().chain(&self.waiting);
        all.find(|array| task.0 >= array.first.0 && array.task(task.0 - array.first.0).is_some())
    }

    /// Returns the newest attempt at a task that was ever placed; 0 when none was.
    #[must_use]
    pub fn attempt(&self, task: TaskId) -> u32 {
        self.placements.attempt(task)
    }

    /// Returns what the engine knows, and what waits to be handed in; none when the engine does not answer.
    ///
    /// # Errors
    /// Fails when the engine will never answer.
    pub fn poll(&mut self) -> Result<Option<Sighting>, FarmError> {
        let Some(mut sighting) = self.engine.poll(&self.placements)? else { return Ok(None) };
        for array in &self.waiting {
            for task in array.tasks() {
                let reason = "waits to be handed in".to_owned();
                let stage = Stage::Queued { reason, held: false };
                sighting.tasks.insert(task, Seen { attempt: array.attempt, job: String::new(), stage });
            }
        }
        Ok(Some(sighting))
    }

    /// Forgets what waits, and takes away from the engine what has not begun. Returns whether it tells that from what runs.
    ///
    /// # Errors
    /// Fails when the engine does not answer, or refuses.
    pub fn withdraw(&mut self) -> Result<bool, FarmError> {
        self.waiting.clear();
        self.engine.withdraw(&self.placements)
    }

    /// Takes everything away from the engine, and forgets what waits.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    pub fn cancel(&mut self) -> Result<(), FarmError> {
        self.waiting.clear();
        self.engine.cancel(&self.placements)
    }

    /// Returns the engine's name.
    #[must_use]
    pub fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// Returns how many arrays were handed in.
    #[must_use]
    pub fn placed(&self) -> usize {
        self.placements.arrays().len()
    }
}
