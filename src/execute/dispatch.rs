//! The dispatcher: the one thread that changes state.
//!
//! It loops over three steps until nothing runs and nothing can start: start every ready job that fits the ledger, wait for
//! a worker to say something, take note of it. Who works, what time it is and where records go is the [`GroundPlaneJson`]'s; so the
//! same loop runs a plan on threads ([`Shop`]) and foretells it on a clock that only counts (`rehearse`).

use super::ExecuteError;
use super::attempt::Attempt;
use super::clocks::{Clocks, Limits};
use super::floor::{Floor, Return, Word};
use super::ledger::{Capacity, Ledger};
use super::outcome::{JobResult, Outcome, Success};
use super::retry::{Retries, Tries};
use super::shop::Shop;
use super::state::{State, States};
use super::work::{Attempted, Made, Workshop};
use crate::base::{Digest, StringInterner};
use crate::event::{Event, EventSink, JobReused, JobStarted, JobSucceeded};
use crate::model::{Claim, Job, JobId, PeakMemory};
use crate::plan::{JobControl, Plan, PlannedJob, RunReason, input_digests, outputs_digest};
use crate::producers::{FailureClass, JobFailure};
use crate::store::{Journal, RunHistory};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// Shots between two checkpoints.
const CHECKPOINT_SHOTS: usize = 10;

/// How to run.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Worker threads.
    pub parallel: usize,
    /// What the machine has.
    pub capacity: Capacity,
    /// Failed jobs after which no further job starts; none for no limit.
    pub most_failures: Option<usize>,
    /// When failed jobs are tried again.
    pub retries: Retries,
    /// How long jobs may take.
    pub limits: Limits,
    /// The kernel's folder of processes, to measure the memory of jobs by; none to measure nothing.
    pub processes: Option<PathBuf>,
}

/// Runs the wanted jobs of `plan`.
///
/// # Errors
/// Fails when the store or journal cannot be written, or a job claims more than the machine has. Work that finished before
/// is kept.
pub fn execute(
    plan: &Plan,
    workshop: &Workshop<'_>,
    history: &RunHistory,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
    settings: &Settings,
) -> Result<Outcome, ExecuteError> {
    std::thread::scope(|scope| {
        let shop = Shop::open(scope, plan, workshop, settings, journal, sinks)?;
        Dispatcher::new(plan, history, settings, shop).run()
    })
}

/// Runs the wanted jobs of `plan` wherever `floor` has them done.
pub(crate) fn execute_on(
    plan: &Plan,
    history: &RunHistory,
    settings: &Settings,
    floor: impl Floor,
) -> Result<Outcome, ExecuteError> {
    Dispatcher::new(plan, history, settings, floor).run()
}

/// Decides what runs when; everything that changes during a run is here.
pub(super) struct Dispatcher<'a, F: Floor> {
    plan: &'a Plan,
    history: &'a RunHistory,
    settings: &'a Settings,
    floor: F,
    states: States,
    ledger: Ledger,
    results: Vec<JobResult>,
    clocks: Clocks,
    /// Who made something in this run.
    providers: StringInterner,
    /// How many jobs are left for busy hands.
    left: usize,
    /// What each job that was started has gone through.
    tries: BTreeMap<JobId, Tries>,
    failures: usize,
    shots_open: HashMap<String, usize>,
    shots_done: BTreeSet<String>,
}

impl<'a, F: Floor> Dispatcher<'a, F> {
    pub(super) fn new(
        plan: &'a Plan,
        history: &'a RunHistory,
        settings: &'a Settings,
        floor: F,
    ) -> Self {
        let mut shots_open = HashMap::new();
        let states = States::new(plan, |job| count_job(&mut shots_open, job));
        Self {
            plan,
            history,
            settings,
            floor,
            states,
            ledger: Ledger::new(settings.capacity.clone()),
            results: vec![JobResult::Pending; plan.len()],
            clocks: Clocks::new(settings.limits),
            providers: StringInterner::default(),
            left: 0,
            tries: BTreeMap::new(),
            failures: 0,
            shots_open,
            shots_done: BTreeSet::new(),
        }
    }

    pub(super) fn run(mut self) -> Result<Outcome, ExecuteError> {
        let started = self.floor.elapsed();
        loop {
            self.start_ready()?;
            if self.clocks.count() == 0 && (self.is_stopping() || !self.states.is_resting()) {
                break;
            }
            if self.has_failed() {
                self.floor.close();
            }
            match self.floor.hear() {
                Some(Word::Back(back)) => self.take_back(back)?,
                Some(Word::Passed(back, next, attempt)) => {
                    self.take_back(back)?;
                    self.begin(next, attempt)?;
                }
                Some(Word::Unbegun(id)) => self.put_back(id),
                Some(Word::Progress(id, done, of)) => self.tell_progress(id, done, of)?,
                None => {}
            }
            self.clocks.check(self.floor.elapsed());
        }
        self.save_checkpoint()?;
        let seconds = (self.floor.elapsed() - started).as_secs_f64();
        Ok(Outcome {
            results: self.results,
            seconds,
            cancelled: self.floor.cancel().is_draining(),
        })
    }

    /// Reuses what need not run, and starts what may and fits.
    fn start_ready(&mut self) -> Result<(), ExecuteError> {
        self.states.wake(self.plan, self.floor.elapsed());
        if self.is_stopping() || self.has_hand() {
            self.retrieve();
        }
        while !self.is_stopping() {
            if let Some(id) = self.states.next_fresh() {
                self.look_up(id)?;
                continue;
            }
            let has_hand = self.has_hand();
            let next = self
                .states
                .next_waiting(|claim| self.ledger.fits(claim))
                .filter(|_| has_hand);
            let Some(id) = next else {
                self.leave_next();
                return Ok(());
            };
            self.start(id)?;
        }
        Ok(())
    }

    /// Returns whether a worker has nothing to do.
    fn has_hand(&self) -> bool {
        self.clocks.count() < self.settings.parallel.max(1)
    }

    /// Leaves jobs for hands that are busy, at most one for each.
    fn leave_next(&mut self) {
        while self.floor.takes_ahead() && self.left < self.clocks.count() {
            let held = |claim: &Claim| {
                self.clocks
                    .running()
                    .any(|id| self.states.claim(self.plan, id) == claim)
            };
            let Some(id) = self.states.next_waiting(held) else {
                return;
            };
            let State::Waiting(digest) = *self.states.get(id) else {
                return;
            };
            self.states.set(self.plan, id, State::Left(digest));
            self.left += 1;
            self.floor.leave(id, self.next_attempt(id), &self.states);
        }
    }

    /// Takes back what was left and is not begun: it waits for room again.
    fn retrieve(&mut self) {
        if self.left == 0 {
            return;
        }
        for id in self.floor.retrieve() {
            self.left -= 1;
            if let State::Left(digest) = *self.states.get(id) {
                self.states.set(self.plan, id, State::Waiting(digest));
            }
        }
    }

    fn is_stopping(&self) -> bool {
        self.floor.cancel().is_draining() || self.has_failed()
    }

    /// Returns whether so much has failed that nothing further may start.
    fn has_failed(&self) -> bool {
        self.settings
            .most_failures
            .is_some_and(|most| self.failures >= most)
    }

    /// Asks the store for a job whose inputs are there: reuses it, or lets it wait for room.
    fn look_up(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let planned = self.plan.job(id);
        if let JobControl::Pin(kept) = planned.control {
            return if self.reuse(id, kept, true)? {
                Ok(())
            } else {
                self.pin_vanished(id)
            };
        }
        let Some(digest) = self.digest(planned) else {
            return self.input_vanished(id);
        };
        if !planned.control.is_forced() && self.reuse(id, digest, false)? {
            return Ok(());
        }
        if let Some(needs) = self.ledger.never_fits(&planned.job.claim) {
            return Err(ExecuteError::Starved {
                job: planned.job.name.clone(),
                needs,
            });
        }
        self.states.set(self.plan, id, State::Waiting(digest));
        Ok(())
    }

    /// Hands a job that fits to a worker.
    fn start(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let State::Waiting(digest) = *self.states.get(id) else {
            return Ok(());
        };
        if !self.ledger.take(id, self.states.claim(self.plan, id)) {
            return Ok(());
        }
        let attempt = self.next_attempt(id);
        self.note_start(id, digest, Arc::clone(&attempt))?;
        self.floor.hand_over(id, attempt, &self.states);
        Ok(())
    }

    /// Takes note that a job that was left has begun: with what the one before it held, which was given back just now.
    fn begin(&mut self, id: JobId, attempt: Arc<Attempt>) -> Result<(), ExecuteError> {
        let State::Left(digest) = *self.states.get(id) else {
            return Ok(());
        };
        self.left -= 1;
        let taken = self.ledger.take(id, self.states.claim(self.plan, id));
        debug_assert!(taken, "it claims what was given back");
        self.note_start(id, digest, attempt)
    }

    fn next_attempt(&self, id: JobId) -> Arc<Attempt> {
        let number = self.tries.get(&id).map_or(0, |tries| tries.begun) + 1;
        Arc::new(Attempt::new(
            number,
            self.floor.cancel().child_token(),
            self.floor.elapsed(),
        ))
    }

    fn note_start(
        &mut self,
        id: JobId,
        digest: Digest,
        attempt: Arc<Attempt>,
    ) -> Result<(), ExecuteError> {
        let job = &self.plan.job(id).job;
        let number = attempt.number;
        self.states.set(self.plan, id, State::Running(digest));
        self.tries.entry(id).or_default().begun = number;
        self.clocks.start(id, attempt);
        self.tell(|| {
            Event::JobStarted(JobStarted {
                job: job.name.clone(),
                phase: job.phase,
                attempt: number,
            })
        })
    }

    /// Returns the identity of a job. Planning knows it already when everything it needs is reused.
    fn digest(&self, planned: &PlannedJob) -> Option<Digest> {
        if planned.reason == RunReason::Reused {
            return planned.digest;
        }
        let made = |need: JobId| {
            self.states
                .outputs(need)
                .map(|outputs| outputs_digest(outputs))
        };
        let file = |path: &std::path::Path| self.floor.file(path);
        input_digests(&planned.job, made, file).map(|inputs| planned.identity.with_inputs(inputs))
    }

    fn input_vanished(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let failure = JobFailure::new(
            FailureClass::MissingInput,
            "an input file is not in the snapshot of this run",
        );
        self.fail(id, failure, 0.0)
    }

    fn pin_vanished(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let failure = JobFailure::new(
            FailureClass::MissingInput,
            "keep what was pinned: it left the store",
        );
        self.fail(id, failure, 0.0)
    }

    fn reuse(&mut self, id: JobId, digest: Digest, pinned: bool) -> Result<bool, ExecuteError> {
        let Some(record) = self.history.records.get(&digest) else {
            return Ok(false);
        };
        // Planning looked at these files a moment ago, under the same lock.
        let is_known = self.plan.job(id).reason == RunReason::Reused;
        if !is_known && !self.floor.holds(id, &record.outputs) {
            return Ok(false);
        }
        let outputs = Arc::clone(&record.outputs);
        let job = &self.plan.job(id).job;
        self.results[id.index()] = JobResult::Reused(Success::recorded(digest, record));
        self.states.made(self.plan, id, outputs);
        self.tell(|| {
            Event::JobReused(JobReused {
                job: job.name.clone(),
                phase: job.phase,
                digest,
                pinned,
            })
        })?;
        self.count_shot(id)?;
        Ok(true)
    }

    /// Lets go of a job that never began; it stays pending.
    fn put_back(&mut self, id: JobId) {
        self.clocks.stop(id);
        self.ledger.give_back(id);
        self.states.lost(self.plan, id);
    }

    fn take_back(&mut self, back: Return) -> Result<(), ExecuteError> {
        let Return {
            id,
            attempted: Attempted { result, seconds },
            memory,
        } = back;
        self.clocks.stop(id);
        self.ledger.give_back(id);
        match result {
            Ok(made) => {
                self.tries.remove(&id);
                self.succeed(id, made, seconds, memory)
            }
            Err(failure)
                if failure.class == FailureClass::Cancelled
                    && self.floor.cancel().is_draining() =>
            {
                self.results[id.index()] = JobResult::Cancelled;
                self.states.lost(self.plan, id);
                Ok(())
            }
            Err(failure) => self.try_again_or_fail(id, failure, seconds),
        }
    }

    /// Lets the job rest when its failure may pass, and fails it otherwise.
    fn try_again_or_fail(
        &mut self,
        id: JobId,
        mut failure: JobFailure,
        seconds: f64,
    ) -> Result<(), ExecuteError> {
        let job = &self.plan.job(id).job;
        let tries = self.tries.entry(id).or_default();
        let wait = self.settings.retries.wait(&job.name, failure.class, tries);
        let attempt = tries.begun;
        let wait = wait.filter(|_| !self.is_stopping());
        let (Some(wait), State::Running(digest)) = (wait, self.states.get(id).clone()) else {
            return self.fail(id, failure, seconds);
        };
        if failure.class == FailureClass::OutOfMemory {
            let memory = self.raise_memory(id);
            failure.message += &format!("; it is tried again with {memory} MB kept for it");
        }
        let until = self.floor.elapsed() + wait;
        self.states
            .set(self.plan, id, State::Resting(digest, until));
        self.tell(|| Event::JobRetried {
            job: job.name.clone(),
            phase: job.phase,
            class: failure.class,
            message: failure.message,
            evidence: failure.evidence,
            log: failure.log,
            attempt,
            wait: wait.as_secs_f64(),
        })
    }

    /// Doubles the memory that a job holds, up to all there is: then it runs alone. Returns what it holds.
    fn raise_memory(&mut self, id: JobId) -> u32 {
        let mut claim = self.states.claim(self.plan, id).clone();
        claim.memory = claim
            .memory
            .max(256)
            .saturating_mul(2)
            .min(self.ledger.capacity().memory);
        let memory = claim.memory;
        self.states.raise(id, claim);
        memory
    }

    fn succeed(
        &mut self,
        id: JobId,
        made: Made,
        seconds: f64,
        memory: Option<PeakMemory>,
    ) -> Result<(), ExecuteError> {
        let State::Running(digest) = *self.states.get(id) else {
            return Ok(());
        };
        let job = &self.plan.job(id).job;
        // What makes nothing, as in a rehearsal, needs no memory for it.
        let outputs: Arc<[_]> = if made.outputs.is_empty() {
            Arc::default()
        } else {
            made.outputs.into()
        };
        let event = || {
            Event::JobSucceeded(JobSucceeded {
                job: job.name.clone(),
                phase: job.phase,
                digest,
                outputs: outputs.to_vec(),
                provider: made.provider.clone(),
                variety: job.work.variant().map(str::to_owned),
                mode: made.mode,
                seconds,
                units: job.work.unit_count(),
                memory,
                cost: job.work.cost(seconds),
                warnings: made.warnings.clone(),
                log: made.log.clone(),
            })
        };
        self.tell(event)?;
        let provider = self.providers.intern(&made.provider);
        self.results[id.index()] = JobResult::Made(Success {
            digest,
            outputs: Arc::clone(&outputs),
            provider,
            mode: made.mode,
            seconds,
            warnings: made.warnings,
        });
        self.states.made(self.plan, id, outputs);
        self.count_shot(id)
    }

    fn fail(&mut self, id: JobId, failure: JobFailure, seconds: f64) -> Result<(), ExecuteError> {
        self.failures += 1;
        let job = &self.plan.job(id).job;
        let attempt = self.tries.get(&id).map_or(0, |tries| tries.begun);
        self.tell(|| Event::JobFailed {
            job: job.name.clone(),
            phase: job.phase,
            class: failure.class,
            message: failure.message.clone(),
            evidence: failure.evidence.clone(),
            seconds,
            attempt,
            log: failure.log.clone(),
        })?;
        self.results[id.index()] = JobResult::Failed(failure);
        for lost in self.states.lost(self.plan, id) {
            let skipped = &self.plan.job(lost).job;
            self.results[lost.index()] = JobResult::Skipped { because: id };
            let (job, because) = (skipped.name.clone(), job.name.clone());
            self.tell(|| Event::JobSkipped {
                job,
                phase: skipped.phase,
                because,
            })?;
        }
        Ok(())
    }

    fn tell_progress(&mut self, id: JobId, done: usize, of: usize) -> Result<(), ExecuteError> {
        self.tell(|| Event::JobProgress {
            job: self.plan.job(id).job.name.clone(),
            done,
            total: of,
        })
    }

    fn tell(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        self.floor.note(event)
    }

    /// Saves a checkpoint when another ten shots are complete.
    fn count_shot(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let Some(shot) = &self.plan.job(id).job.shot else {
            return Ok(());
        };
        let Some(open) = self.shots_open.get_mut(shot) else {
            return Ok(());
        };
        *open -= 1;
        if *open > 0 {
            return Ok(());
        }
        self.shots_done.insert(shot.clone());
        if self.shots_done.len().is_multiple_of(CHECKPOINT_SHOTS) {
            self.save_checkpoint()
        } else {
            Ok(())
        }
    }

    fn save_checkpoint(&mut self) -> Result<(), ExecuteError> {
        self.floor.save_checkpoint(&self.shots_done)?;
        let shots = self.shots_done.len();
        self.tell(|| Event::CheckpointSaved { shots })
    }
}

/// Adds a job to those of its shot.
fn count_job(open: &mut HashMap<String, usize>, job: &Job) {
    let Some(shot) = &job.shot else { return };
    match open.get_mut(shot) {
        Some(open) => *open += 1,
        None => drop(open.insert(shot.clone(), 1)),
    }
}
