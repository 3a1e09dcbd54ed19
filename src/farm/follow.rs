//! Follows a farm run: the dispatcher's floor whose hands are machines elsewhere.
//!
//! The dispatcher decides as it always does: what is reused, what may start, what is tried again, what is lost. This floor
//! places what it hands over, unless that was placed before and is still to come, and brings back results as they appear.
//! Results are believed first and the engine second: a task that the engine has lost from sight is not failed but looked
//! for, and what ended without a result is given the time that a shared file system takes.

use super::field::{Closing, Field};
use super::placer::{Again, Placer};
use super::tasks::TaskId;
use super::{FarmError, TaskManifest};
use crate::base::{CancelToken, Clock, Digest};
use crate::event::{Event, EventSink};
use crate::execute::{
    ExecuteError, ExecutorConfig, ExecutorEvent, JobAttempt, JobExecutor, JobStateTable,
    RunOutcome, execute_on,
};
use crate::model::{Artefact, JobId};
use crate::plan::{ActionIdentity, Plan};
use crate::producers::{FailureClass, JobFailure};
use crate::store::{BlobStore, FileSnapshot, Journal, RunHistory};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
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
    pub blobs: &'a BlobStore,
    /// The input files as they were when the run began.
    pub snapshot: &'a FileSnapshot,
    /// The first request lets go of the run, the second ends it.
    pub cancel: &'a CancelToken,
    /// Measures time.
    pub clock: &'a dyn Clock,
}

/// Runs a plan on a farm, from wherever it stands to its end.
///
/// # Errors
/// Fails when the journal or the store cannot be written.
pub fn follow(
    following: &Following<'_>,
    placer: &mut Placer<'_>,
    history: &RunHistory,
    settings: &ExecutorConfig,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    tell: &mut dyn FnMut(&str),
) -> Result<RunOutcome, ExecuteError> {
    let field = Field::new(following, placer, (journal, sinks), tell);
    execute_on(following.plan, history, settings, field)
}

impl JobExecutor for Field<'_, '_, '_> {
    fn elapsed(&self) -> Duration {
        self.now()
    }

    fn cancel(&self) -> &CancelToken {
        self.with.cancel
    }

    fn drain_queue(&mut self) {
        self.begin_closing();
    }

    /// A task that was placed before is waited for; only one whose newest attempt has failed, or was never placed, is placed.
    fn submit(&mut self, id: JobId, attempt: Arc<JobAttempt>, states: &JobStateTable) {
        let (Some(task), Some(digest)) = (self.with.tasks[id.index()], states.running_digest(id))
        else {
            let message = "find its task: it was not expected to run when the farm run was planned; run again";
            self.refuse(id, JobFailure::new(FailureClass::MissingInput, message));
            return;
        };
        let made = self.made(task, digest);
        let placed = self.placer.attempt(task);
        let done = self.listing.newest(task).map_or(0, |left| left.attempt);
        let number = match (made.is_some(), self.lost.remove(&task)) {
            (true, _) => done,
            (false, true) => placed.max(done) + 1,
            (false, false) => placed.max(done + 1),
        };
        let claim = states.current_claim(self.with.plan, id);
        if made.is_none() && number > placed {
            self.to_place.push(Again {
                task,
                attempt: number,
                claim: claim.clone(),
            });
        }
        let raised = (*claim != self.with.plan.job(id).job.claim).then(|| Box::new(claim.clone()));
        self.wait_for((task, id, digest), (number, attempt.number), raised);
        if let Some(result) = made {
            self.take_in(task, result);
        }
    }

    fn next_event(&mut self) -> Option<ExecutorEvent> {
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

    fn file_digest(&self, path: &Path) -> Option<Digest> {
        self.with.snapshot.file_digest(path)
    }

    fn has_outputs(&self, _: JobId, outputs: &[Artefact]) -> bool {
        outputs
            .iter()
            .all(|output| self.with.blobs.is_intact(output))
    }

    /// A start is kept back until the task runs or has run: one that waits in a queue has not started.
    fn record_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        match event() {
            Event::JobStarted(_) => Ok(()),
            event => self.keep(&event),
        }
    }

    fn save_checkpoint(&mut self, shots: &BTreeSet<String>) -> Result<(), ExecuteError> {
        let layout = &self.with.manifest.folder.layout;
        let json = serde_json::json!({ "completed_shots": shots, "shots": shots.len() });
        let bytes = serde_json::to_vec_pretty(&json).unwrap_or_default();
        Ok(layout.replace_file(&layout.checkpoint_path(), &bytes)?)
    }
}

/// Of a record, what says which job it is.
#[derive(Deserialize)]
struct Name<'a> {
    task: TaskId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    identity: ActionIdentity,
}

/// Returns the task of each job of `plan` in a manifest that an earlier run wrote.
///
/// # Errors
/// Fails when the manifest is damaged, or does other work than the plan asks for.
pub fn match_tasks(manifest: &TaskManifest, plan: &Plan) -> Result<Vec<Option<TaskId>>, FarmError> {
    let wanted = plan.jobs().filter(|(_, planned)| planned.wanted);
    let jobs: HashMap<&str, JobId> = wanted
        .map(|(id, planned)| (planned.job.name.as_str(), id))
        .collect();
    let mut tasks = vec![None; plan.len()];
    manifest.each_line(|line| {
        let name: Name<'_> = serde_json::from_str(line)?;
        let job = jobs
            .get(name.name.as_ref())
            .filter(|job| plan.job(**job).identity == name.identity);
        if let Some(job) = job {
            tasks[job.index()] = Some(name.task);
        }
        Ok(())
    })?;
    let others = plan.jobs().filter(|(id, planned)| {
        planned.wanted && planned.reason.is_dirty() && tasks[id.index()].is_none()
    });
    let mut others = others.map(|(_, planned)| planned.job.name.as_str());
    match others.next() {
        None => Ok(tasks),
        Some(first) => Err(FarmError::Usage(format!(
            "go on with {}: the production, this program or this machine's tools have changed since it was sent, so {} of its \
             {} jobs are others now (such as `{first}`). `production cancel` takes it back and keeps what was finished; then \
             run again",
            manifest.header.revision,
            others.count() + 1,
            plan.len()
        ))),
    }
}
