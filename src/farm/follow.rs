//! Follows a farm run: the dispatcher's floor whose hands are machines elsewhere.
//!
//! The dispatcher decides as it always does: what is reused, what may start, what is tried again, what is lost. This floor
//! places what it hands over, unless that was placed before and is still to come, and brings back results as they appear.
//! Results are believed first and the engine second: a task that the engine has lost from sight is not failed but looked
//! for, and what ended without a result is given the time that a shared file system takes.

use super::engine::{Seen, Sighting, Stage};
use super::placer::{Again, Placer};
use super::result::{TaskResult, Verdict, list};
use super::tasks::TaskId;
use super::{FarmError, TaskManifest};
use crate::base::{Cancel, Clock, Digest};
use crate::event::{Event, JobStarted, JobSucceeded, Sink};
use crate::execute::{
    Attempt, Attempted, ExecuteError, Floor, Outcome, Return, Settings, States, Word, execute_on,
};
use crate::model::{Artefact, JobId};
use crate::plan::Plan;
use crate::producers::{Failure, FailureClass};
use crate::store::{Blobs, History, Journal, Snapshot};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often a request to stop is looked for while nothing else happens.
const GLANCE: Duration = Duration::from_millis(50);
/// How long a second request to stop is waited for, which takes everything back from the engine.
const REGRET: Duration = Duration::from_secs(3);
/// Results are looked for so many times between two questions to the engine, which cost more.
const LOOKS: u32 = 5;

/// What a farm run is followed with.
pub struct Following<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Its task manifest.
    pub manifest: &'a TaskManifest,
    /// The task of each job, by job.
    pub tasks: &'a [Option<TaskId>],
    /// Time between two questions to the engine.
    pub poll: Duration,
    /// The store's blobs.
    pub blobs: &'a Blobs,
    /// The input files as they were when the run began.
    pub snapshot: &'a Snapshot,
    /// The first request lets go of the run, the second ends it.
    pub cancel: &'a Cancel,
    /// Measures time.
    pub clock: &'a dyn Clock,
}

/// A task that a result is waited for.
struct Awaited {
    job: JobId,
    digest: Digest,
    /// Results of older attempts are known.
    attempt: u32,
    again: Again,
    /// Since when the engine has nothing of it that could still bring a result.
    missed: Option<Duration>,
}

/// Runs a plan on a farm, from wherever it stands to its end.
///
/// # Errors
/// Fails when the journal or the store cannot be written.
pub fn follow(
    following: &Following<'_>,
    placer: &mut Placer<'_>,
    history: &History,
    settings: &Settings,
    journal: &mut Journal,
    sinks: &mut [&mut dyn Sink],
    tell: &mut dyn FnMut(&str),
) -> Result<Outcome, ExecuteError> {
    let field = Field {
        with: following,
        placer,
        journal,
        sinks,
        tell,
        awaited: BTreeMap::new(),
        to_place: Vec::new(),
        words: VecDeque::new(),
        announced: HashMap::new(),
        sighting: None,
        looked: None,
        asked: None,
        said: BTreeSet::new(),
        lost: BTreeSet::new(),
        leaving: None,
        closing: Closing::Open,
    };
    execute_on(following.plan, history, settings, field)
}

/// The machines elsewhere, as far as they can be seen from here.
struct Field<'a, 'b, 'p> {
    with: &'a Following<'a>,
    placer: &'a mut Placer<'p>,
    journal: &'a mut Journal,
    sinks: &'a mut [&'b mut dyn Sink],
    tell: &'a mut dyn FnMut(&str),
    awaited: BTreeMap<TaskId, Awaited>,
    to_place: Vec<Again>,
    words: VecDeque<Word>,
    /// Starts that were not told yet, by job: a task that waits in a queue has not started.
    announced: HashMap<String, Event>,
    sighting: Option<Sighting>,
    looked: Option<Duration>,
    asked: Option<Duration>,
    /// What was told, so that it is told once.
    said: BTreeSet<String>,
    /// Tasks of which nothing will come unless they are placed again.
    lost: BTreeSet<TaskId>,
    /// Since when the run is asked to let go.
    leaving: Option<Duration>,
    /// How far what has not begun is taken back.
    closing: Closing,
}

/// How far what has not begun is taken back, once so much has failed that nothing further may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// It may begin.
    Open,
    /// It is still to be taken back.
    Begun,
    /// It was, and the engine will say what it was.
    Withdrawn,
}

impl Field<'_, '_, '_> {
    fn now(&self) -> Duration {
        self.with.clock.elapsed()
    }

    fn say(&mut self, text: String) {
        if !self.said.contains(&text) {
            (self.tell)(&text);
            self.said.insert(text);
        }
    }

    /// Takes in every result that is there and was waited for. Folders are listed, not files asked for: that is one call for
    /// many tasks, and makes a network file system look again.
    fn look(&mut self) {
        self.looked = Some(self.now());
        let folder = &self.with.manifest.folder;
        let mut shards: BTreeMap<_, TaskId> = BTreeMap::new();
        for task in self.awaited.keys() {
            shards.entry(folder.shard(*task)).or_insert(*task);
        }
        let mut newest: BTreeMap<TaskId, u32> = BTreeMap::new();
        for (task, attempt) in shards.values().flat_map(|task| list(folder, *task)) {
            let is_new = self.awaited.get(&task).is_some_and(|awaited| attempt >= awaited.attempt);
            if is_new {
                let known = newest.entry(task).or_insert(attempt);
                *known = attempt.max(*known);
            }
        }
        for (task, attempt) in newest {
            if let Some(result) = TaskResult::read(folder, task, attempt) {
                self.take_in(task, result);
            }
        }
    }

    fn take_in(&mut self, task: TaskId, result: TaskResult) {
        let Some(awaited) = self.awaited.remove(&task) else { return };
        let made = match result.verdict {
            // What was made from other inputs than those of this run is of no use to it.
            Verdict::Succeeded(_) if result.digest != Some(awaited.digest) => {
                let message = "use what was made: it was made from other inputs than this run has".to_owned();
                Err(Failure::new(FailureClass::HostLost, message))
            }
            Verdict::Succeeded(made) => Ok(made),
            Verdict::Failed(failure) | Verdict::Unready(failure) => Err(failure),
        };
        self.bring(awaited.job, made, result.seconds, result.memory);
    }

    fn bring(
        &mut self,
        id: JobId,
        result: Result<crate::execute::Made, Failure>,
        seconds: f64,
        memory: Option<crate::model::Peak>,
    ) {
        self.words.push_back(Word::Back(Return { id, attempted: Attempted { result, seconds }, memory }));
    }

    fn fail(&mut self, task: TaskId, class: FailureClass, message: String) {
        if let Some(awaited) = self.awaited.remove(&task) {
            self.lost.insert(task);
            self.bring(awaited.job, Err(Failure::new(class, message)), 0.0, None);
        }
    }

    /// Takes back what has not begun. It is tried until the engine has answered.
    fn withdraw(&mut self) {
        match self.placer.withdraw() {
            Ok(true) => {
                self.closing = Closing::Withdrawn;
                self.asked = None;
            }
            Ok(false) => {
                self.closing = Closing::Withdrawn;
                let all: Vec<TaskId> = self.awaited.keys().copied().collect();
                all.into_iter().for_each(|task| self.put_back(task));
            }
            Err(error) => {
                self.asked = Some(self.now());
                self.say(format!("failed to {error}; trying again until what has not begun is taken back"));
            }
        }
    }

    /// Gives back a task that has not begun.
    fn put_back(&mut self, task: TaskId) {
        if let Some(awaited) = self.awaited.remove(&task) {
            self.words.push_back(Word::Unbegun(awaited.job));
        }
    }

    /// Places what was handed over and is not on its way already.
    fn place(&mut self) {
        let tasks = std::mem::take(&mut self.to_place);
        let placed = if tasks.is_empty() { self.placer.push() } else { self.placer.requeue(&tasks) };
        let engine = self.placer.engine();
        match placed {
            Ok(None) => {}
            Ok(Some(why)) => {
                self.say(format!("{engine} takes no tasks now ({why}); trying again until it does"));
            }
            Err(error) => {
                for again in tasks {
                    self.fail(again.task, FailureClass::MissingTool, error.to_string());
                }
            }
        }
    }

    /// Asks the engine what it knows, and judges those tasks that will bring no result any more.
    fn ask(&mut self) {
        self.asked = Some(self.now());
        let engine = self.placer.engine();
        match self.placer.poll() {
            Ok(Some(sighting)) => {
                self.sighting = Some(sighting);
                self.judge();
                self.say_held();
            }
            Ok(None) => self.say(format!("{engine} does not answer; results are looked for all the same")),
            Err(error) => self.say(format!("failed to {error}")),
        }
    }

    fn judge(&mut self) {
        let (now, lag) = (self.now(), self.with.manifest.header.rules.lag());
        let Some(sighting) = self.sighting.take() else { return };
        let (mut lost, mut unbegun) = (Vec::new(), Vec::new());
        let (is_closing, is_withdrawn) = (self.closing != Closing::Open, self.closing == Closing::Withdrawn);
        for (task, awaited) in &mut self.awaited {
            let seen = sighting.tasks.get(task).filter(|seen| seen.attempt >= awaited.attempt);
            match seen.map(|seen| &seen.stage) {
                // Elements that were taken back before they began are not even listed.
                None | Some(Stage::Dropped | Stage::Ended { class: FailureClass::Cancelled, .. })
                    if is_withdrawn =>
                {
                    unbegun.push(*task);
                }
                // What the engine would still start finds that nothing begins any more; it is taken back once more.
                Some(Stage::Queued { .. }) if is_closing => self.closing = Closing::Begun,
                Some(stage) if stage.is_live() => awaited.missed = None,
                // Nothing ran, so there is no result to wait for.
                Some(Stage::Dropped) => lost.push((*task, None)),
                _ => {
                    let since = *awaited.missed.get_or_insert(now);
                    if now.saturating_sub(since) >= lag {
                        lost.push((*task, Some(seen.cloned())));
                    }
                }
            }
        }
        unbegun.into_iter().for_each(|task| self.put_back(task));
        for (task, seen) in lost {
            match seen {
                None => self.place_anew(task),
                // It was started all the same, found that nothing begins any more, and ended well.
                Some(Some(Seen { stage: Stage::Ended { class: FailureClass::HostLost, .. }, .. }))
                    if is_withdrawn =>
                {
                    self.put_back(task);
                }
                Some(seen) => self.mourn(task, seen),
            }
        }
        self.sighting = Some(sighting);
        self.announce();
    }

    /// What was dropped with a failed need did not fail; its need was made meanwhile.
    fn place_anew(&mut self, task: TaskId) {
        let attempt = self.awaited.get(&task).map_or(0, |awaited| awaited.attempt);
        let newest = TaskResult::newest(&self.with.manifest.folder, task);
        if let Some(result) = newest.filter(|newest| newest.attempt >= attempt) {
            return self.take_in(task, result);
        }
        let Some(awaited) = self.awaited.get_mut(&task) else { return };
        awaited.attempt += 1;
        awaited.again.attempt = awaited.attempt;
        self.to_place.push(awaited.again.clone());
    }

    fn mourn(&mut self, task: TaskId, seen: Option<Seen>) {
        let engine = self.placer.engine();
        let lag = self.with.manifest.header.rules.lag;
        match seen.map(|seen| (seen.job, seen.stage)) {
            Some((job, Stage::Ended { state, class: FailureClass::Cancelled })) => {
                let message = format!(
                    "finish: {engine} says that job {job} is {state}; it was not this run that did it"
                );
                self.fail(task, FailureClass::Cancelled, message);
            }
            Some((job, Stage::Ended { state, class })) => {
                let message = format!(
                    "finish: {engine} says {state} of job {job}, and after {lag} s there is no result of it"
                );
                self.fail(task, class, message);
            }
            _ => {
                let message =
                    format!("find it again: {engine} knows nothing of it any more, and it left no result");
                self.fail(task, FailureClass::HostLost, message);
            }
        }
    }

    /// Tells of tasks that have started since they were handed over.
    fn announce(&mut self) {
        let Some(sighting) = &self.sighting else { return };
        let running =
            |task: &TaskId| sighting.tasks.get(task).is_some_and(|seen| seen.stage == Stage::Running);
        let jobs = self.awaited.iter().filter(|(task, _)| running(task)).map(|(_, awaited)| awaited.job);
        let names: Vec<String> = jobs.map(|job| self.with.plan.job(job).job.name.clone()).collect();
        for name in names {
            if let Some(event) = self.announced.remove(&name) {
                let _ = self.keep(&event);
            }
        }
    }

    fn say_held(&mut self) {
        let Some(sighting) = &self.sighting else { return };
        let mut held: BTreeMap<(String, String), usize> = BTreeMap::new();
        for seen in self.awaited.keys().filter_map(|task| sighting.tasks.get(task)) {
            if let Stage::Queued { reason, held: true } = &seen.stage {
                let job = seen.job.split('_').next().unwrap_or_default().to_owned();
                *held.entry((job, reason.clone())).or_default() += 1;
            }
        }
        let engine = self.placer.engine();
        for ((job, reason), count) in held {
            self.say(format!(
                "{count} tasks of job {job} are held ({reason}); {engine} starts them when someone lets them go: scontrol \
                 release {job}"
            ));
        }
    }

    /// Lets go of everything that is waited for.
    fn let_go(&mut self) {
        if self.with.cancel.is_halting() {
            let engine = self.placer.engine();
            if let Err(error) = self.placer.cancel() {
                self.say(format!("failed to {error}"));
            } else {
                self.say(format!("{engine} has nothing of this run any more"));
            }
        }
        for (_, awaited) in std::mem::take(&mut self.awaited) {
            self.bring(awaited.job, Err(Failure::new(FailureClass::Cancelled, "let go")), 0.0, None);
        }
    }

    fn keep(&mut self, event: &Event) -> Result<(), ExecuteError> {
        self.journal.append(event)?;
        for sink in self.sinks.iter_mut() {
            sink.note(event);
        }
        Ok(())
    }

    fn is_due(&self, last: Option<Duration>, period: Duration) -> bool {
        last.is_none_or(|last| self.now().saturating_sub(last) >= period)
    }
}

impl Floor for Field<'_, '_, '_> {
    fn elapsed(&self) -> Duration {
        self.now()
    }

    fn cancel(&self) -> &Cancel {
        self.with.cancel
    }

    fn close(&mut self) {
        if self.closing != Closing::Open {
            return;
        }
        (self.closing, self.asked) = (Closing::Begun, None);
        self.say("what has not begun is taken back from the farm; what runs goes on to its end".to_owned());
        if let Err(error) = self.with.manifest.folder.close() {
            self.say(format!("failed to {error}"));
        }
        for again in std::mem::take(&mut self.to_place) {
            self.put_back(again.task);
        }
    }

    /// A task that was placed before is waited for; only one whose newest attempt has failed, or was never placed, is placed.
    fn hand_over(&mut self, id: JobId, _: Arc<Attempt>, states: &States) {
        let (Some(task), Some(digest)) = (self.with.tasks[id.index()], states.running(id)) else {
            let message =
                "find its task: it was not expected to run when the farm run was planned; run again";
            self.bring(id, Err(Failure::new(FailureClass::MissingInput, message)), 0.0, None);
            return;
        };
        let newest = TaskResult::newest(&self.with.manifest.folder, task);
        let placed = self.placer.attempt(task);
        let done = newest.as_ref().map_or(0, |newest| newest.attempt);
        let is_made = newest.is_some_and(|newest| newest.is_success() && newest.digest == Some(digest));
        let attempt = match (is_made, self.lost.remove(&task)) {
            (true, _) => done,
            (false, true) => placed.max(done) + 1,
            (false, false) => placed.max(done + 1),
        };
        let claim = states.claim(self.with.plan, id).clone();
        let again = Again { task, attempt, claim };
        if !is_made && attempt > placed {
            self.to_place.push(again.clone());
        }
        self.awaited.insert(task, Awaited { job: id, digest, attempt, again, missed: None });
        self.looked = self.looked.filter(|_| !is_made);
    }

    fn hear(&mut self) -> Option<Word> {
        if let Some(word) = self.words.pop_front() {
            return Some(word);
        }
        if self.with.cancel.is_draining() {
            let since = *self.leaving.get_or_insert(self.now());
            if !self.with.cancel.is_halting() && self.now().saturating_sub(since) < REGRET {
                std::thread::sleep(GLANCE);
                return None;
            }
            self.let_go();
            return self.words.pop_front();
        }
        match self.closing {
            Closing::Open => self.place(),
            Closing::Begun if self.is_due(self.asked, self.with.poll / LOOKS) => self.withdraw(),
            Closing::Begun | Closing::Withdrawn => {}
        }
        if self.is_due(self.looked, self.with.poll / LOOKS) {
            self.look();
        }
        if self.words.is_empty() && self.is_due(self.asked, self.with.poll) {
            self.ask();
        }
        if self.words.is_empty() {
            std::thread::sleep(GLANCE);
        }
        self.words.pop_front()
    }

    fn file(&self, path: &Path) -> Option<Digest> {
        self.with.snapshot.digest(path)
    }

    fn holds(&self, _: JobId, outputs: &[Artefact]) -> bool {
        outputs.iter().all(|output| self.with.blobs.holds(output))
    }

    /// A start is kept back until the task runs or has run.
    fn note(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        let event = event();
        match &event {
            Event::JobStarted(JobStarted { job, .. }) => {
                self.announced.insert(job.clone(), event);
                return Ok(());
            }
            Event::JobSucceeded(JobSucceeded { job, .. })
            | Event::JobFailed { job, .. }
            | Event::JobRetried { job, .. } => {
                if let Some(started) = self.announced.remove(job) {
                    self.keep(&started)?;
                }
            }
            _ => {}
        }
        self.keep(&event)
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        let layout = &self.with.manifest.folder.layout;
        let json = serde_json::json!({ "completed_shots": shots, "shots": shots.len() });
        let bytes = serde_json::to_vec_pretty(&json).unwrap_or_default();
        Ok(layout.replace(&layout.checkpoint(), &bytes)?)
    }
}

/// Returns the task of each job of `plan` in a manifest that an earlier run wrote.
///
/// # Errors
/// Fails when the manifest is damaged, or does other work than the plan asks for.
pub fn match_tasks(manifest: &TaskManifest, plan: &Plan) -> Result<Vec<Option<TaskId>>, FarmError> {
    let mut known = HashMap::new();
    manifest.each(|record| {
        known.insert(record.name, (record.task, record.identity));
    })?;
    let (mut tasks, mut other) = (vec![None; plan.len()], Vec::new());
    for (id, planned) in plan.jobs().filter(|(_, planned)| planned.wanted) {
        match known.get(&planned.job.name) {
            Some((task, identity)) if *identity == planned.identity => tasks[id.index()] = Some(*task),
            _ if !planned.reason.is_dirty() => {}
            _ => other.push(planned.job.name.as_str()),
        }
    }
    match other.first() {
        None => Ok(tasks),
        Some(first) => Err(FarmError::Usage(format!(
            "go on with {}: the production, this program or this machine's tools have changed since it was sent, so {} of its \
             {} jobs are others now (such as `{first}`). `production cancel` takes it back and keeps what was finished; then \
             run again",
            manifest.header.revision,
            other.len(),
            plan.len()
        ))),
    }
}
