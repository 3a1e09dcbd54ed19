//! Hands arrays to an engine in order, remembers which, and keeps those that it cannot take yet.

use super::array::{Array, runs};
use super::engine::{Engine, LastWords, Stage, Submitted};
use super::header::Group;
use super::manifest::FarmError;
use super::placements::Placements;
use super::sighting::{Run, Sighting, within};
use super::tasks::TaskId;
use crate::model::Claim;
use std::collections::{BTreeMap, HashMap};

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
    groups: &'a [Group],
    /// By number, which is the order in which they are handed in.
    waiting: BTreeMap<u32, Array>,
    /// The numbers of those that wait with a first attempt, by first task.
    firsts: BTreeMap<TaskId, u32>,
}

impl<'a> Placer<'a> {
    /// Returns the placer of a farm run with these placements, whose tasks are of these kinds.
    pub fn new(engine: &'a mut dyn Engine, placements: Placements, groups: &'a [Group]) -> Self {
        Self {
            engine,
            placements,
            groups,
            waiting: BTreeMap::new(),
            firsts: BTreeMap::new(),
        }
    }

    /// Queues arrays and hands in what the engine takes. Returns why it takes no more now, if it does not.
    ///
    /// # Errors
    /// Fails when the engine refuses an array, naming it.
    pub fn place(
        &mut self,
        arrays: impl IntoIterator<Item = Array>,
    ) -> Result<Option<String>, FarmError> {
        for array in arrays {
            if array.attempt == 1 {
                self.firsts.insert(array.first, array.number);
            }
            self.waiting.insert(array.number, array);
        }
        self.push()
    }

    /// Hands in what waits, in order.
    ///
    /// # Errors
    /// Fails when the engine refuses an array; that one waits no longer.
    pub fn push(&mut self) -> Result<Option<String>, FarmError> {
        while let Some((number, array)) = self.waiting.pop_first() {
            if self.placements.array(number).is_none() {
                self.placements.placing(array.clone())?;
            }
            match self.engine.submit(&array, &self.placements)? {
                Submitted::As(job) => {
                    self.placements.placed(number, job)?;
                    if self.firsts.get(&array.first) == Some(&number) {
                        self.firsts.remove(&array.first);
                    }
                }
                Submitted::Later(why) => {
                    self.waiting.insert(number, array);
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
        let mut pieces: BTreeMap<(TaskId, u32, Claim), (Array, Vec<u32>)> = BTreeMap::new();
        let mut limit = None;
        for Again {
            task,
            attempt,
            claim,
        } in tasks
        {
            let Some(origin) = self.origin(*task).cloned().or_else(|| {
                let limit =
                    limit.get_or_insert_with(|| self.engine.array_limit().unwrap_or(UNKNOWN_LIMIT));
                anew(self.groups, *task, *limit)
            }) else {
                continue;
            };
            let element = task.0 - origin.first.0;
            let key = (origin.first, *attempt, claim.clone());
            pieces
                .entry(key)
                .or_insert_with(|| (origin, Vec::new()))
                .1
                .push(element);
        }
        let first = self
            .placements
            .next()
            .max(self.waiting.keys().next_back().map_or(0, |last| last + 1));
        let arrays =
            (first..)
                .zip(pieces)
                .map(|(number, ((_, attempt, claim), (origin, mut elements)))| {
                    elements.sort_unstable();
                    Array {
                        number,
                        elements: runs(elements),
                        attempt,
                        claim,
                        after: Vec::new(),
                        ..origin
                    }
                });
        self.place(arrays.collect::<Vec<_>>())
    }

    /// Returns the array that a task was first in.
    fn origin(&self, task: TaskId) -> Option<&Array> {
        self.placements
            .origin(task)
            .or_else(|| self.waiting_first(task))
    }

    /// Returns the array in which a task waits to be handed in for the first time.
    fn waiting_first(&self, task: TaskId) -> Option<&Array> {
        let (first, number) = self.firsts.range(..=task).next_back()?;
        self.waiting
            .get(number)
            .filter(|array| array.task(task.0 - first.0).is_some())
    }

    /// Returns the newest attempt at a task that was ever placed, or waits to be; 0 when none does.
    #[must_use]
    pub fn attempt(&self, task: TaskId) -> u32 {
        self.placements
            .attempt(task)
            .max(self.waiting_first(task).map_or(0, |array| array.attempt))
    }

    /// Returns what the engine knows, and what waits to be handed in; none when the engine does not answer.
    ///
    /// # Errors
    /// Fails when the engine will never answer.
    pub fn poll(&mut self) -> Result<Option<Sighting>, FarmError> {
        let Some(mut sighting) = self.engine.poll(&self.placements)? else {
            return Ok(None);
        };
        let stage = Stage::Queued {
            reason: "waits to be handed in".to_owned(),
            held: false,
        };
        sighting.extend(self.waiting.values().flat_map(|array| {
            within(array, &array.elements).map(|(first, last, _)| Run {
                first,
                last,
                attempt: array.attempt,
                job: String::new(),
                element: None,
                stage: stage.clone(),
            })
        }));
        Ok(Some(sighting))
    }

    /// Returns what was printed of the end of tasks that ended without a result.
    pub fn last_words(&self, ended: &[(TaskId, Run)]) -> HashMap<TaskId, LastWords> {
        if ended.is_empty() {
            HashMap::new()
        } else {
            self.engine.last_words(ended, &self.placements)
        }
    }

    /// Forgets what waits, and takes away from the engine what has not begun. Returns whether it tells that from what runs.
    ///
    /// # Errors
    /// Fails when the engine does not answer, or refuses.
    pub fn withdraw(&mut self) -> Result<bool, FarmError> {
        self.forget();
        self.engine.withdraw(&self.placements)
    }

    /// Takes everything away from the engine, and forgets what waits.
    ///
    /// # Errors
    /// Fails when something of it is still there afterwards.
    pub fn cancel(&mut self) -> Result<(), FarmError> {
        self.forget();
        self.engine.cancel(&self.placements)
    }

    fn forget(&mut self) {
        self.waiting.clear();
        self.firsts.clear();
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

/// Elements of an array where the engine cannot be asked for its limit.
const UNKNOWN_LIMIT: u32 = 1000;

/// Returns the array that a task would have been in, whose orchestrator ended before it was handed in.
fn anew(groups: &[Group], task: TaskId, limit: u32) -> Option<Array> {
    let at = groups
        .partition_point(|group| group.first <= task)
        .checked_sub(1)?;
    let group = groups.get(at).filter(|group| group.holds(task))?;
    let first = TaskId(task.0 - (task.0 - group.first.0) % limit.max(1));
    Some(Array {
        number: 0,
        producer: group.producer.clone(),
        phase: group.phase,
        first,
        elements: Vec::new(),
        attempt: 1,
        claim: group.claim.clone(),
        after: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::farm::folder::Folder;
    use crate::farm::openjd::Exported;
    use crate::model::Phase;
    use crate::store::StoreLayout;

    fn group() -> Group {
        let claim = Claim::default();
        Group {
            producer: "render.shot".into(),
            phase: Phase::Shots,
            first: TaskId(3),
            count: 5000,
            claim,
        }
    }

    fn again(task: u32, attempt: u32) -> Again {
        Again {
            task: TaskId(task),
            attempt,
            claim: Claim::default(),
        }
    }

    /// Waits for an engine that takes nothing now, as those do that a bundle was given to by hand.
    fn with_placer(test: impl FnOnce(&mut Placer<'_>)) {
        let store = tempfile::tempdir().unwrap();
        let folder = Folder::new(StoreLayout::new(store.path().to_owned()), "rev-0001");
        let (mut engine, groups) = (Exported, [group()]);
        test(&mut Placer::new(
            &mut engine,
            Placements::open(folder).unwrap(),
            &groups,
        ));
    }

    #[test]
    fn a_task_that_waits_to_be_handed_in_is_not_sent_a_second_time() {
        with_placer(|placer| {
            let array = |number, first| Array {
                number,
                elements: vec![(0, 9)],
                ..anew(&[group()], TaskId(first), 10).unwrap()
            };
            assert!(
                placer
                    .place([array(0, 3), array(1, 13), array(2, 23)])
                    .unwrap()
                    .is_some()
            );
            assert_eq!(
                (
                    placer.attempt(TaskId(2)),
                    placer.attempt(TaskId(30)),
                    placer.attempt(TaskId(33))
                ),
                (0, 1, 0)
            );
        });
    }

    #[test]
    fn tasks_that_were_never_handed_in_go_in_arrays_within_the_limit() {
        with_placer(|placer| {
            placer
                .requeue(&[again(4, 1), again(5, 1), again(2900, 1), again(5, 2)])
                .unwrap();
            let arrays: Vec<String> = placer
                .waiting
                .values()
                .map(|array| format!("{} {} {}", array.first, array.indices(), array.attempt))
                .collect();
            assert_eq!(arrays, ["3 1-2,2897 1", "3 2 2"]);
            assert_eq!(
                anew(&[group()], TaskId(2900), 1000).unwrap().first,
                TaskId(2003)
            );
        });
    }
}
