//! The machines elsewhere, as far as they can be seen from here: which results are waited for, where they are looked for, and
//! what is given to the engine.
//!
//! A run may wait for a million results while a thousand tasks run, so what is done at every look is bounded by what runs:
//! folders in which nothing can have changed are looked into in turns.

use super::follow::Following;
use super::listing::{Listing, Shard};
use super::placer::{Again, Placer};
use super::result::{TaskResult, Verdict};
use super::tasks::TaskId;
use crate::base::Digest;
use crate::event::{Event, EventSink, JobStarted};
use crate::execute::{AttemptResult, ExecuteError, ExecutorEvent, JobCompletion, StoredOutputs};
use crate::model::{Claim, JobId, PeakMemory};
use crate::producers::{FailureClass, JobFailure};
use crate::store::Journal;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

/// Folders that are looked into in turns at every look, besides those whose tasks run: engines may be silent, or wrong.
const IN_TURNS: usize = 16;

/// What is kept of a run, and shown.
type Records<'a, 'b> = (&'a mut Journal, &'a mut [&'b mut dyn EventSink]);

/// A task that a result is waited for.
pub(super) struct Awaited {
    pub(super) job: JobId,
    digest: Digest,
    /// Results of older attempts are known.
    pub(super) attempt: u32,
    /// The attempt as the run counts it.
    number: u32,
    /// What it holds, where that is not what was planned.
    raised: Option<Box<Claim>>,
    /// Since when the engine has nothing of it that could still bring a result.
    pub(super) missed: Option<Duration>,
    /// Whether its start was told.
    pub(super) begun: bool,
    /// How far it said that it is.
    pub(super) done: usize,
}

/// How far what has not begun is taken back, once so much has failed that nothing further may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// It may begin.
    Open,
    /// It is still to be taken back.
    Begun,
    /// It was, and the engine will say what it was.
    Withdrawn,
}

/// The machines elsewhere.
pub(super) struct Field<'a, 'b, 'p> {
    pub(super) with: &'a Following<'a>,
    pub(super) placer: &'a mut Placer<'p>,
    records: Records<'a, 'b>,
    tell: &'a mut dyn FnMut(&str),
    pub(super) awaited: BTreeMap<TaskId, Awaited>,
    /// How many results are waited for in each folder.
    shards: BTreeMap<Shard, usize>,
    /// Folders in which results may appear now.
    pub(super) hot: BTreeSet<Shard>,
    /// The folder that was looked into last of those that are in turns.
    turn: Shard,
    pub(super) listing: Listing,
    pub(super) to_place: Vec<Again>,
    pub(super) words: VecDeque<ExecutorEvent>,
    pub(super) looked: Option<Duration>,
    pub(super) asked: Option<Duration>,
    /// The last running task whose progress was read.
    pub(super) heard: TaskId,
    /// What was told, so that it is told once.
    said: BTreeSet<String>,
    /// Tasks of which nothing will come unless they are placed again.
    pub(super) lost: BTreeSet<TaskId>,
    /// Since when the run is asked to let go.
    pub(super) leaving: Option<Duration>,
    /// How far what has not begun is taken back.
    pub(super) closing: Closing,
}

impl<'a, 'b, 'p> Field<'a, 'b, 'p> {
    pub(super) fn new(
        with: &'a Following<'a>,
        placer: &'a mut Placer<'p>,
        records: Records<'a, 'b>,
        tell: &'a mut dyn FnMut(&str),
    ) -> Self {
        Self {
            with,
            placer,
            records,
            tell,
            awaited: BTreeMap::new(),
            shards: BTreeMap::new(),
            hot: BTreeSet::new(),
            turn: Shard(0),
            listing: Listing::new(&with.manifest.folder),
            to_place: Vec::new(),
            words: VecDeque::new(),
            looked: None,
            asked: None,
            heard: TaskId(0),
            said: BTreeSet::new(),
            lost: BTreeSet::new(),
            leaving: None,
            closing: Closing::Open,
        }
    }

    pub(super) fn now(&self) -> Duration {
        self.with.clock.elapsed()
    }

    pub(super) fn is_due(&self, last: Option<Duration>, period: Duration) -> bool {
        last.is_none_or(|last| self.now().saturating_sub(last) >= period)
    }

    pub(super) fn say(&mut self, text: String) {
        if !self.said.contains(&text) {
            (self.tell)(&text);
            self.said.insert(text);
        }
    }

    pub(super) fn keep(&mut self, event: &Event) -> Result<(), ExecuteError> {
        let (journal, sinks) = &mut self.records;
        journal.append(event)?;
        for sink in sinks.iter_mut() {
            sink.record_event(event);
        }
        Ok(())
    }

    /// Returns the result of a task that was made from these inputs already.
    pub(super) fn made(&mut self, task: TaskId, digest: Digest) -> Option<TaskResult> {
        self.listing.newest(task).filter(|left| left.made)?;
        self.listing
            .read(task)
            .filter(|result| result.digest == Some(digest))
    }

    /// Waits for the result of an attempt; `numbers` are the attempt's among results and in this run.
    pub(super) fn wait_for(
        &mut self,
        (task, job, digest): (TaskId, JobId, Digest),
        (attempt, number): (u32, u32),
        raised: Option<Box<Claim>>,
    ) {
        let awaited = Awaited {
            job,
            digest,
            attempt,
            number,
            raised,
            missed: None,
            begun: false,
            done: 0,
        };
        if self.awaited.insert(task, awaited).is_none() {
            *self.shards.entry(Shard::of(task)).or_default() += 1;
        }
    }

    fn wait_no_longer(&mut self, task: TaskId) -> Option<Awaited> {
        let awaited = self.awaited.remove(&task)?;
        let shard = Shard::of(task);
        if let Some(count) = self.shards.get_mut(&shard) {
            *count -= 1;
            if *count == 0 {
                self.shards.remove(&shard);
                self.hot.remove(&shard);
            }
        }
        Some(awaited)
    }

    /// Takes in every result that is there and was waited for, of folders in which one may have appeared.
    pub(super) fn look(&mut self) {
        self.looked = Some(self.now());
        for shard in self
            .in_turns()
            .into_iter()
            .chain(self.hot.clone())
            .collect::<BTreeSet<_>>()
        {
            let awaited = &self.awaited;
            let is_new = |task: &TaskId, attempt| {
                awaited
                    .get(task)
                    .is_some_and(|awaited| attempt >= awaited.attempt)
            };
            let listed = self.listing.again(shard).iter();
            let new = listed
                .filter(|(task, left)| is_new(task, left.attempt))
                .map(|(task, _)| *task);
            let mut new: Vec<TaskId> = new.collect();
            new.sort_unstable();
            for task in new {
                if let Some(result) = self.listing.read(task) {
                    self.take_in(task, result);
                }
            }
        }
    }

    /// Returns the folders whose turn it is.
    fn in_turns(&mut self) -> Vec<Shard> {
        let behind = self.shards.range((
            std::ops::Bound::Excluded(self.turn),
            std::ops::Bound::Unbounded,
        ));
        let shards: Vec<Shard> = behind
            .chain(self.shards.range(..=self.turn))
            .map(|(shard, _)| *shard)
            .take(IN_TURNS)
            .collect();
        self.turn = shards.last().copied().unwrap_or(self.turn);
        shards
    }

    pub(super) fn take_in(&mut self, task: TaskId, result: TaskResult) {
        let Some(awaited) = self.wait_no_longer(task) else {
            return;
        };
        let made = match result.verdict {
            // What was made from other inputs than those of this run is of no use to it.
            Verdict::Succeeded(_) if result.digest != Some(awaited.digest) => {
                let message =
                    "use what was made: it was made from other inputs than this run has".to_owned();
                Err(JobFailure::new(FailureClass::HostLost, message))
            }
            Verdict::Succeeded(made) => Ok(made),
            Verdict::Failed(failure) | Verdict::Unready(failure) => Err(failure),
        };
        self.bring(&awaited, made, result.seconds, result.memory);
    }

    /// Brings a task back, which has begun before it ended.
    fn bring(
        &mut self,
        awaited: &Awaited,
        result: Result<StoredOutputs, JobFailure>,
        seconds: f64,
        memory: Option<PeakMemory>,
    ) {
        self.tell_start(awaited);
        let id = awaited.job;
        self.words
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result: AttemptResult { result, seconds },
                peak_memory: memory,
            }));
    }

    /// Tells that a task has begun, once. A journal that cannot be written stops the run at its next record.
    pub(super) fn tell_start(&mut self, awaited: &Awaited) {
        if awaited.begun {
            return;
        }
        let job = &self.with.plan.job(awaited.job).job;
        let (job, phase, attempt) = (job.name.clone(), job.phase, awaited.number);
        let _ = self.keep(&Event::JobStarted(JobStarted {
            job,
            phase,
            attempt,
        }));
    }

    /// Brings back a job that has no task.
    pub(super) fn refuse(&mut self, id: JobId, failure: JobFailure) {
        let attempted = AttemptResult {
            result: Err(failure),
            seconds: 0.0,
        };
        self.words
            .push_back(ExecutorEvent::Completed(JobCompletion {
                id,
                attempt_result: attempted,
                peak_memory: None,
            }));
    }

    pub(super) fn fail(&mut self, task: TaskId, failure: JobFailure) {
        if let Some(awaited) = self.wait_no_longer(task) {
            self.lost.insert(task);
            self.bring(&awaited, Err(failure), 0.0, None);
        }
    }

    /// Gives back a task that has not begun.
    pub(super) fn put_back(&mut self, task: TaskId) {
        if let Some(awaited) = self.wait_no_longer(task) {
            self.words.push_back(ExecutorEvent::Withdrawn(awaited.job));
        }
    }

    /// Places what was handed over and is not on its way already.
    pub(super) fn place(&mut self) {
        let tasks = std::mem::take(&mut self.to_place);
        let placed = if tasks.is_empty() {
            self.placer.push()
        } else {
            self.placer.requeue(&tasks)
        };
        match placed {
            Ok(None) => {}
            Ok(Some(why)) => {
                let engine = self.placer.engine();
                self.say(format!(
                    "{engine} takes no tasks now ({why}); trying again until it does"
                ));
            }
            Err(error) => {
                for again in tasks {
                    self.fail(
                        again.task,
                        JobFailure::new(FailureClass::MissingTool, error.to_string()),
                    );
                }
            }
        }
    }

    /// Places a task again that was dropped with a failed need: it did not fail itself, and its need was made meanwhile.
    pub(super) fn place_anew(&mut self, task: TaskId) {
        let attempt = self.awaited.get(&task).map_or(0, |awaited| awaited.attempt);
        self.listing.again(Shard::of(task));
        if let Some(result) = self
            .listing
            .read(task)
            .filter(|newest| newest.attempt >= attempt)
        {
            return self.take_in(task, result);
        }
        let Some(awaited) = self.awaited.get_mut(&task) else {
            return;
        };
        awaited.attempt += 1;
        let planned = &self.with.plan.job(awaited.job).job.claim;
        let claim = awaited.raised.as_deref().unwrap_or(planned).clone();
        self.to_place.push(Again {
            task,
            attempt: awaited.attempt,
            claim,
        });
    }

    /// Lets go of everything that is waited for.
    pub(super) fn let_go(&mut self) {
        if self.with.cancel.is_halting() {
            let engine = self.placer.engine();
            match self.placer.cancel() {
                Err(error) => self.say(format!("failed to {error}")),
                Ok(()) => self.say(format!("{engine} has nothing of this run any more")),
            }
        }
        for (_, awaited) in std::mem::take(&mut self.awaited) {
            self.refuse(
                awaited.job,
                JobFailure::new(FailureClass::Cancelled, "let go"),
            );
        }
    }
}
