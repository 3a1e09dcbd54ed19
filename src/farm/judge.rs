//! What an engine says of tasks, and what it means for those whose results are waited for.
//!
//! Not to be seen is not to have failed. Of a task that the engine has no more, a result is looked for until the time that a
//! shared file system takes is over.

use super::engine::{LastWords, Stage};
use super::field::{Closing, Field};
use super::listing::Shard;
use super::pulse::Pulse;
use super::sighting::{Run, Sighting};
use super::tasks::TaskId;
use crate::execute::ExecutorEvent;
use crate::producers::{FailureClass, JobFailure};
use std::collections::BTreeMap;

/// Running tasks whose progress is read at one poll; with more of them, each is read at every second poll, and so on.
const HEARD: usize = 500;

/// What the tasks that are waited for are, by what the engine says of them.
#[derive(Default)]
struct Judged {
    running: Vec<TaskId>,
    /// Will never begin, as was asked.
    unbegun: Vec<TaskId>,
    /// Dropped with one that they need.
    dropped: Vec<TaskId>,
    /// Gone for longer than a result may take to be seen.
    gone: Vec<(TaskId, Option<Run>)>,
    /// Whether the engine may still begin one.
    may_begin: bool,
}

impl Judged {
    /// Returns those that ended, of which the engine may have printed more than their state.
    fn ended(&self) -> Vec<(TaskId, Run)> {
        let is_end = |run: &&Run| matches!(run.stage, Stage::Ended { .. });
        self.gone
            .iter()
            .filter_map(|(task, run)| Some((*task, run.as_ref().filter(is_end)?.clone())))
            .collect()
    }
}

impl Field<'_, '_, '_> {
    /// Asks the engine what it knows, and judges those tasks that will bring no result any more.
    pub(super) fn ask(&mut self) {
        self.asked = Some(self.now());
        let engine = self.placer.engine();
        match self.placer.poll() {
            Ok(Some(sighting)) => {
                self.say_held(&sighting);
                self.act_on(&sighting);
            }
            Ok(None) => self.say(format!(
                "{engine} does not answer; results are looked for all the same"
            )),
            Err(error) => self.say(format!("failed to {error}")),
        }
    }

    fn act_on(&mut self, sighting: &Sighting) {
        let is_withdrawn = self.closing == Closing::Withdrawn;
        let judged = self.judge(sighting);
        if judged.may_begin && is_withdrawn {
            // It finds that nothing begins any more; it is taken back once more all the same.
            self.closing = Closing::Begun;
        }
        let mut words = self.placer.last_words(&judged.ended());
        judged
            .unbegun
            .into_iter()
            .for_each(|task| self.put_back(task));
        judged
            .dropped
            .into_iter()
            .for_each(|task| self.place_anew(task));
        for (task, run) in judged.gone {
            let ended = run.as_ref().map(|run| &run.stage);
            // It was started all the same, found that nothing begins any more, and ended well.
            if is_withdrawn
                && matches!(
                    ended,
                    Some(Stage::Ended {
                        class: FailureClass::HostLost,
                        ..
                    })
                )
            {
                self.put_back(task);
            } else {
                self.mourn(task, run, words.remove(&task));
            }
        }
        self.begin(&judged.running);
        self.hear_progress(&judged.running);
    }

    /// Goes through everything that is waited for, beside what the engine says. This is one pass over both, in the order of
    /// tasks, as it is done at every poll.
    fn judge(&mut self, sighting: &Sighting) -> Judged {
        let (now, lag) = (self.now(), self.with.manifest.header.rules.lag());
        let is_withdrawn = self.closing == Closing::Withdrawn;
        let (mut judged, mut hot) = (Judged::default(), None);
        self.hot.clear();
        let awaited = self
            .awaited
            .iter_mut()
            .map(|(task, awaited)| (*task, awaited));
        for (task, awaited, run) in sighting.beside(awaited) {
            let run = run.filter(|run| run.attempt >= awaited.attempt);
            let stage = run.map(|run| &run.stage);
            if !matches!(stage, Some(Stage::Queued { .. })) && hot != Some(Shard::of(task)) {
                hot = Some(Shard::of(task));
                self.hot.extend(hot);
            }
            match stage {
                Some(Stage::Queued { .. }) => {
                    judged.may_begin = true;
                    awaited.missed = None;
                }
                Some(Stage::Running) => {
                    judged.running.push(task);
                    awaited.missed = None;
                }
                // Elements that were taken back before they began are not even listed.
                None
                | Some(
                    Stage::Dropped
                    | Stage::Ended {
                        class: FailureClass::Cancelled,
                        ..
                    },
                ) if is_withdrawn => {
                    judged.unbegun.push(task);
                }
                // Nothing ran, so there is no result to wait for.
                Some(Stage::Dropped) => judged.dropped.push(task),
                None | Some(Stage::Ended { .. }) => {
                    let since = *awaited.missed.get_or_insert(now);
                    if now.saturating_sub(since) >= lag {
                        judged.gone.push((task, run.cloned()));
                    }
                }
            }
        }
        judged
    }

    fn mourn(&mut self, task: TaskId, run: Option<Run>, words: Option<LastWords>) {
        let engine = self.placer.engine();
        let Some((job, Stage::Ended { state, class })) =
            run.map(|run| (run.job_of(task), run.stage))
        else {
            let message = format!(
                "find it again: {engine} knows nothing of it any more, and it left no result"
            );
            return self.fail(task, JobFailure::new(FailureClass::HostLost, message));
        };
        if class == FailureClass::Cancelled {
            let message = format!(
                "finish: {engine} says that job {job} is {state}; it was not this run that did it"
            );
            return self.fail(task, JobFailure::new(class, message));
        }
        let LastWords { class: told, lines } = words.unwrap_or_default();
        let class = told.unwrap_or(class);
        let (lag, limit) = (self.with.manifest.header.rules.lag, self.time_limit(class));
        let message = format!(
            "finish: {engine} says {state} of job {job}{limit}, and after {lag} s there is no result of it"
        );
        self.fail(task, JobFailure::new(class, message).with_evidence(lines));
    }

    /// Returns which limit it was and where it is set, after a failure for want of time.
    fn time_limit(&self, class: FailureClass) -> String {
        match (class, self.with.manifest.header.farm.time) {
            (FailureClass::Timeout, Some(time)) => {
                let time = jiff::SignedDuration::try_from(time).unwrap_or_default();
                format!(" (`time: {time:#}` in the farm's profile)")
            }
            (FailureClass::Timeout, None) => {
                " (the limit of the partition, as the farm's profile says no `time`)".to_owned()
            }
            _ => String::new(),
        }
    }

    /// Tells of tasks that have started since they were handed over.
    fn begin(&mut self, running: &[TaskId]) {
        for task in running {
            let Some(mut awaited) = self.awaited.remove(task) else {
                continue;
            };
            self.tell_start(&awaited);
            awaited.begun = true;
            self.awaited.insert(*task, awaited);
        }
    }

    /// Passes on how far running tasks say that they are, of so many at a time.
    fn hear_progress(&mut self, running: &[TaskId]) {
        let from = running.partition_point(|task| *task <= self.heard);
        let folder = &self.with.manifest.folder;
        for task in running[from..].iter().chain(&running[..from]).take(HEARD) {
            self.heard = *task;
            let Some(awaited) = self.awaited.get_mut(task) else {
                continue;
            };
            let Some(pulse) = Pulse::read(folder, *task) else {
                continue;
            };
            if pulse.attempt >= awaited.attempt && pulse.done > awaited.done {
                awaited.done = pulse.done;
                self.words
                    .push_back(ExecutorEvent::Progress(awaited.job, pulse.done, pulse.of));
            }
        }
    }

    fn say_held(&mut self, sighting: &Sighting) {
        let mut held: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for run in sighting.runs() {
            if let Stage::Queued { reason, held: true } = &run.stage {
                let count = self.awaited.range(run.first..=run.last).count();
                *held.entry((&run.job, reason)).or_default() += count;
            }
        }
        let engine = self.placer.engine();
        for ((job, reason), count) in held.into_iter().filter(|(_, count)| *count > 0) {
            self.say(format!(
                "{count} tasks of job {job} are held ({reason}); {engine} starts them when someone lets them go: scontrol \
                 release {job}"
            ));
        }
    }

    /// Begins to take back what has not begun.
    pub(super) fn begin_closing(&mut self) {
        if self.closing != Closing::Open {
            return;
        }
        (self.closing, self.asked) = (Closing::Begun, None);
        self.say(
            "what has not begun is taken back from the farm; what runs goes on to its end"
                .to_owned(),
        );
        if let Err(error) = self.with.manifest.folder.close() {
            self.say(format!("failed to {error}"));
        }
        for again in std::mem::take(&mut self.to_place) {
            self.put_back(again.task);
        }
    }

    /// Takes back what has not begun. It is tried until the engine has answered.
    pub(super) fn withdraw(&mut self) {
        match self.placer.withdraw() {
            Ok(tells) => {
                self.closing = Closing::Withdrawn;
                self.asked = None;
                if !tells {
                    let all: Vec<TaskId> = self.awaited.keys().copied().collect();
                    all.into_iter().for_each(|task| self.put_back(task));
                }
            }
            Err(error) => {
                self.asked = Some(self.now());
                self.say(format!(
                    "failed to {error}; trying again until what has not begun is taken back"
                ));
            }
        }
    }
}
