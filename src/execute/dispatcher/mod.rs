//! The dispatcher: the one thread that changes state.
//!
//! It repeats three steps until nothing runs and nothing can start: start every ready job that fits
//! the ledger, wait for an event of the executor, apply it. The [`JobExecutor`] decides who works,
//! what time it is and where records are written. So the same loop runs a plan on threads
//! ([`LocalExecutor`](super::local_executor::LocalExecutor)) and predicts it on a clock that only
//! counts ([`simulate_run`](super::simulate_run())).

mod damaged_inputs;

use super::ExecuteError;
use super::attempt::JobAttempt;
use super::executor::{ExecutorEvent, JobCompletion, JobExecutor};
use super::executor_config::ExecutorConfig;
use super::job_state::{JobState, JobStateTable};
use super::ledger::Ledger;
use super::outcome::{JobResult, JobSuccess, RunOutcome};
use super::retry::{RetryPolicy, RetryState};
use super::run_control::{JobUrgency, UrgencyRequest};
use super::shot_progress::ShotProgress;
use super::taken_back::TakenBackResults;
use super::timeouts::RunningAttempts;
use super::worker::{AttemptResult, StoredOutputs};
use crate::base::{Digest, PauseLevel, StringInterner};
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::{Claim, Job, JobId, PeakMemory, UnitLoad};
use crate::plan::{
    JobControl, Plan, PlannedJob, RunReason, input_digests, needed_jobs, outputs_digest,
    resolve_target,
};
use crate::producers::{FailureClass, JobFailure};
use crate::store::RunHistory;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Completed shots between two checkpoints.
const CHECKPOINT_SHOTS: usize = 10;

/// What a successful attempt used.
struct MeasuredAttempt {
    seconds: f64,
    cpu_seconds: Option<f64>,
    memory: Option<PeakMemory>,
}

/// Decides what runs when; everything that changes during a run is here.
pub(super) struct JobDispatcher<'a, E: JobExecutor> {
    plan: &'a Plan,
    history: &'a RunHistory,
    config: &'a ExecutorConfig,
    executor: E,
    states: JobStateTable,
    ledger: Ledger,
    results: Vec<JobResult>,
    attempts: RunningAttempts,
    /// Names of providers in this run.
    providers: StringInterner,
    /// Jobs that are queued for busy workers.
    prefetched: usize,
    /// The attempts and failures of each job that was started.
    retry_states: BTreeMap<JobId, RetryState>,
    failures: usize,
    shots: ShotProgress,
    taken_back: TakenBackResults,
    /// The level of the pause that was reported last.
    pause_level: PauseLevel,
}

impl<'a, E: JobExecutor> JobDispatcher<'a, E> {
    pub(super) fn new(
        plan: &'a Plan,
        history: &'a RunHistory,
        config: &'a ExecutorConfig,
        executor: E,
    ) -> Self {
        let mut shots = ShotProgress::default();
        // A plan may have a million jobs, so the jobs of each shot are counted in the same pass.
        let states = JobStateTable::new(plan, |job| shots.add_job(job.shot.as_deref()));
        Self {
            plan,
            history,
            config,
            executor,
            states,
            ledger: Ledger::new(config.capacity.clone()),
            results: vec![JobResult::Pending; plan.len()],
            attempts: RunningAttempts::new(config.limits),
            providers: StringInterner::default(),
            prefetched: 0,
            retry_states: BTreeMap::new(),
            failures: 0,
            shots,
            taken_back: TakenBackResults::default(),
            pause_level: PauseLevel::Running,
        }
    }

    pub(super) fn run(mut self) -> Result<RunOutcome, ExecuteError> {
        let started = self.executor.elapsed();
        loop {
            self.follow_control()?;
            self.start_ready()?;
            // A job that waits for its next attempt keeps the run alive, even if nothing runs, and
            // so does a pause with jobs to start. A run that is stopping does not wait for them.
            let is_waiting =
                self.states.has_backing_off() || (self.is_paused() && self.states.has_startable());
            if self.attempts.running_count() == 0 && (self.is_stopping() || !is_waiting) {
                break;
            }
            // Only for this reason: on an interrupt the executor knows from the cancel token that
            // it must stop.
            if self.reached_failure_limit() {
                self.executor.drain_queue();
            }
            match self.executor.next_event() {
                Some(ExecutorEvent::Completed(completion)) => self.finish_attempt(completion)?,
                Some(ExecutorEvent::CompletedAndStarted(completion, next, attempt)) => {
                    self.finish_attempt(completion)?;
                    // Only after the end is applied, which releases what the started job takes
                    // over.
                    self.record_prefetched_start(next, attempt)?;
                }
                Some(ExecutorEvent::Withdrawn(id)) => self.withdraw_job(id),
                Some(ExecutorEvent::Progress(id, done, total)) => {
                    self.emit_progress(id, done, total)?;
                }
                None => {}
            }
            self.attempts.stop_overdue(self.executor.elapsed());
        }
        if let Some(control) = self.executor.control() {
            control.end();
        }
        self.save_checkpoint()?;
        let seconds = (self.executor.elapsed() - started).as_secs_f64();
        Ok(RunOutcome {
            results: self.results,
            seconds,
            cancelled: self.executor.cancel().is_draining(),
        })
    }

    /// Applies requests from outside: pauses, resumes, changes the order of jobs.
    fn follow_control(&mut self) -> Result<(), ExecuteError> {
        let Some(control) = self.executor.control() else {
            return Ok(());
        };
        // A run that stops lets its frozen jobs go on: they finish, or are stopped.
        if self.is_stopping() && control.pause().level() != PauseLevel::Running {
            control.pause().set_level(PauseLevel::Running);
        }
        let level = control.pause().level();
        let is_still = level == PauseLevel::Frozen
            || (level == PauseLevel::Holding && self.attempts.running_count() == 0);
        control.pause().set_clock_stopped(is_still);
        let requests = control.take_requests();
        for request in requests {
            self.change_urgency(request);
        }
        if std::mem::replace(&mut self.pause_level, level) == level {
            return Ok(());
        }
        self.emit_event(|| match level {
            PauseLevel::Running => Event::RunResumed,
            PauseLevel::Holding => Event::RunPaused { frozen: false },
            PauseLevel::Frozen => Event::RunPaused { frozen: true },
        })
    }

    /// Changes how urgent the jobs of a target are, and answers.
    fn change_urgency(&mut self, request: UrgencyRequest) {
        let jobs = self.plan.jobs().map(|(_, planned)| &planned.job);
        let answer = resolve_target(jobs, &request.target)
            .map_err(|error| error.to_string())
            .map(|target| {
                let mut ids = target.jobs;
                // What comes first needs its inputs first. What comes last does not hold up others
                // that need the same inputs.
                if request.urgency == JobUrgency::First {
                    self.add_needed_jobs(&mut ids);
                }
                ids.into_iter()
                    .filter(|id| self.states.set_urgency(self.plan, *id, request.urgency))
                    .count()
            });
        // Prefetched jobs were chosen by the old order.
        self.reclaim_prefetched();
        // Nobody waits any more if the asking side has given up.
        let _ = request.reply.send(answer);
    }

    /// Adds every job that these need, directly or not.
    fn add_needed_jobs(&self, ids: &mut Vec<JobId>) {
        let mut seen: BTreeSet<JobId> = ids.iter().copied().collect();
        let mut next = 0;
        while let Some(id) = ids.get(next).copied() {
            let needs = needed_jobs(&self.plan.job(id).job).into_iter();
            ids.extend(needs.filter(|need| seen.insert(*need)));
            next += 1;
        }
    }

    fn is_paused(&self) -> bool {
        let control = self.executor.control();
        control.is_some_and(|control| control.pause().level() != PauseLevel::Running)
    }

    /// Reuses what need not run, and starts what fits.
    fn start_ready(&mut self) -> Result<(), ExecuteError> {
        if self.is_paused() {
            self.reclaim_prefetched();
            return Ok(());
        }
        self.states.requeue_due(self.plan, self.executor.elapsed());
        // A prefetched job is bound to the worker of one claim. As soon as a worker is idle, the
        // most urgent job must have it, which may be another one.
        if self.is_stopping() || self.has_idle_worker() {
            self.reclaim_prefetched();
        }
        while !self.is_stopping() {
            // All lookups come before the first start. A job that is reused may free one of higher
            // priority than those that wait now.
            if let Some(id) = self.states.next_ready() {
                self.reuse_or_queue(id)?;
                continue;
            }
            let has_idle_worker = self.has_idle_worker();
            let next = self
                .states
                .next_waiting(|claim| self.ledger.has_room(claim))
                .filter(|_| has_idle_worker);
            let Some(id) = next else {
                self.prefetch_next();
                return Ok(());
            };
            self.start_job(id)?;
        }
        Ok(())
    }

    /// Returns whether a worker has nothing to do.
    fn has_idle_worker(&self) -> bool {
        self.attempts.running_count() < self.config.parallel.max(1)
    }

    /// Queues jobs for busy workers, at most one for each.
    fn prefetch_next(&mut self) {
        while self.executor.supports_prefetch()
            && self.taken_back.is_empty()
            && self.prefetched < self.attempts.running_count()
        {
            // Only a job with the same claim as a running one. It takes over exactly what that one
            // releases, so the ledger stays right without the dispatcher.
            let Some(id) = self.states.next_waiting(|claim: &Claim| {
                self.attempts
                    .running_jobs()
                    .any(|id| self.states.current_claim(self.plan, id) == claim)
            }) else {
                return;
            };
            let JobState::Waiting(digest) = *self.states.get_state(id) else {
                return;
            };
            self.states
                .set_state(self.plan, id, JobState::Prefetched(digest));
            self.prefetched += 1;
            self.executor
                .prefetch(id, self.new_attempt(id), &self.states);
        }
    }

    /// Takes back prefetched jobs that were not started. They wait for resources again.
    fn reclaim_prefetched(&mut self) {
        if self.prefetched == 0 {
            return;
        }
        for id in self.executor.reclaim_prefetched() {
            self.prefetched -= 1;
            if let JobState::Prefetched(digest) = *self.states.get_state(id) {
                self.states
                    .set_state(self.plan, id, JobState::Waiting(digest));
            }
        }
    }

    fn is_stopping(&self) -> bool {
        self.executor.cancel().is_draining() || self.reached_failure_limit()
    }

    /// Returns whether so many jobs failed that nothing further may start.
    fn reached_failure_limit(&self) -> bool {
        self.config
            .max_failures
            .is_some_and(|most| self.failures >= most)
    }

    /// Looks up a job whose inputs are made: reuses it, or lets it wait for resources.
    fn reuse_or_queue(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let planned = self.plan.job(id);
        // A pin never runs the job, not even if its result is gone: the user wants the old one, and
        // would not notice a new one.
        if let JobControl::Pin(pinned_digest) = planned.control {
            return if self.try_reuse(id, pinned_digest, true)? {
                Ok(())
            } else {
                self.fail_missing_pin(id)
            };
        }
        let Some(digest) = self.job_digest(planned) else {
            return self.fail_missing_input(id);
        };
        let must_run = planned.control.is_forced() || self.taken_back.must_run(id);
        if !must_run && self.try_reuse(id, digest, false)? {
            return Ok(());
        }
        // Only for a job that must run. A store may have results of a larger machine, and reusing
        // them needs no resources.
        if let Some(mut needs) = self.ledger.missing_capacity(&planned.job.claim) {
            let limits = planned.job.limits.as_deref();
            if let Some(field) = limits.and_then(|limits| self.ledger.missing_limit(limits)) {
                needs += &format!(", as `{field}` of `limits` in the document says");
            }
            return Err(ExecuteError::ClaimTooLarge {
                job: planned.job.name.to_string(),
                needs,
            });
        }
        self.states
            .set_state(self.plan, id, JobState::Waiting(digest));
        Ok(())
    }

    /// Takes the claim of a job and submits it.
    fn start_job(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let JobState::Waiting(digest) = *self.states.get_state(id) else {
            return Ok(());
        };
        // What it needs may be made again by now.
        if !self.taken_back.is_empty() && self.states.block_again(self.plan, id) {
            return Ok(());
        }
        if !self
            .ledger
            .try_acquire(id, self.states.current_claim(self.plan, id))
        {
            return Ok(());
        }
        let attempt = self.new_attempt(id);
        // The journal has the start before the worker has the job. Otherwise a fast job could end
        // before it started.
        self.record_start(id, digest, Arc::clone(&attempt))?;
        self.executor.submit(id, attempt, &self.states);
        Ok(())
    }

    /// Records that a prefetched job started, with the resources that the job before it released
    /// just now.
    fn record_prefetched_start(
        &mut self,
        id: JobId,
        attempt: Arc<JobAttempt>,
    ) -> Result<(), ExecuteError> {
        let JobState::Prefetched(digest) = *self.states.get_state(id) else {
            return Ok(());
        };
        self.prefetched -= 1;
        // The job before it released as much: only a job with the same claim is prefetched.
        let taken = self
            .ledger
            .try_acquire(id, self.states.current_claim(self.plan, id));
        debug_assert!(taken, "it claims what was given back");
        self.record_start(id, digest, attempt)
    }

    fn new_attempt(&self, id: JobId) -> Arc<JobAttempt> {
        let number = self.retry_states.get(&id).map_or(0, |tries| tries.attempts) + 1;
        Arc::new(JobAttempt::new(
            number,
            self.executor.cancel().child_token(),
            self.executor.elapsed(),
        ))
    }

    fn record_start(
        &mut self,
        id: JobId,
        digest: Digest,
        attempt: Arc<JobAttempt>,
    ) -> Result<(), ExecuteError> {
        let job = &self.plan.job(id).job;
        let number = attempt.number;
        self.states
            .set_state(self.plan, id, JobState::Running(digest));
        self.retry_states.entry(id).or_default().attempts = number;
        let limit = self.plan.job(id).job.limits.as_ref();
        let limit = limit.and_then(|limits| limits.time());
        self.attempts.add_attempt(id, attempt, limit);
        self.emit_event(|| {
            Event::JobStarted(JobStarted {
                job: job.name.to_string(),
                phase: job.phase,
                attempt: number,
            })
        })
    }

    /// Returns the identity of a job. `None`: an input file is unknown.
    fn job_digest(&self, planned: &PlannedJob) -> Option<Digest> {
        // Planning computed it, because everything that the job needs is reused. Hashing all inputs
        // again would double the cost of a run in which nothing changed.
        // What was made again may have come out different.
        if planned.reason == RunReason::Reused && self.taken_back.is_empty() {
            return planned.digest;
        }
        let outputs_digest_of = |need: JobId| {
            self.states
                .job_outputs(need)
                .map(|outputs| outputs_digest(outputs))
        };
        input_digests(&planned.job, outputs_digest_of, |path: &std::path::Path| {
            self.executor.file_digest(path)
        })
        .map(|inputs| planned.identity.with_inputs(inputs))
    }

    fn fail_missing_input(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let failure = JobFailure::new(
            FailureClass::MissingInput,
            "read an input file: it is not in the snapshot of this run",
        );
        self.record_failure(id, failure, 0.0)
    }

    fn fail_missing_pin(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let failure = JobFailure::new(
            FailureClass::MissingInput,
            "reuse the pinned result: the store no longer has it",
        );
        self.record_failure(id, failure, 0.0)
    }

    fn try_reuse(&mut self, id: JobId, digest: Digest, pinned: bool) -> Result<bool, ExecuteError> {
        let record = if pinned {
            self.history.records.get(&digest)
        } else {
            self.history.reusable_record(&digest)
        };
        let Some(record) = record else {
            return Ok(false);
        };
        // Planning looked at these files a moment ago, under the same lock, so looking again would
        // cost as much and find the same.
        let is_known = self.plan.job(id).reason == RunReason::Reused && self.taken_back.is_empty();
        if !is_known && !self.executor.has_outputs(id, &record.outputs) {
            return Ok(false);
        }
        let outputs = Arc::clone(&record.outputs);
        let job = &self.plan.job(id).job;
        let success = JobSuccess::from_record(digest, record);
        if let Some(made) = self.history.unrecorded.get(&digest) {
            self.results[id.index()] = JobResult::Succeeded(success);
            self.states.mark_succeeded(self.plan, id, outputs);
            self.record_made_before(job, made)?;
        } else {
            self.results[id.index()] = JobResult::Reused(success);
            self.states.mark_succeeded(self.plan, id, outputs);
            self.emit_event(|| {
                Event::JobReused(JobReused {
                    job: job.name.to_string(),
                    phase: job.phase,
                    digest,
                    pinned,
                })
            })?;
        }
        self.finish_shot_job(id)?;
        Ok(true)
    }

    /// Records a job that was made for this run before it was planned.
    fn record_made_before(&mut self, job: &Job, made: &JobSucceeded) -> Result<(), ExecuteError> {
        self.emit_event(|| {
            Event::JobStarted(JobStarted {
                job: job.name.to_string(),
                phase: job.phase,
                attempt: 1,
            })
        })?;
        self.emit_event(|| {
            // Under its name of today: the same line may have been in another shot.
            Event::JobSucceeded(JobSucceeded {
                job: job.name.to_string(),
                phase: job.phase,
                ..made.clone()
            })
        })
    }

    /// Releases a job that never started. Its result stays pending.
    fn withdraw_job(&mut self, id: JobId) {
        // Neither failed nor cancelled: a run that stops after a failure must report the cause, and
        // not the thousand jobs that were queued behind it.
        self.attempts.remove_attempt(id);
        self.ledger.release_claim(id);
        self.states.mark_unreachable(self.plan, id);
    }

    fn finish_attempt(&mut self, completion: JobCompletion) -> Result<(), ExecuteError> {
        let JobCompletion {
            id,
            attempt_result:
                AttemptResult {
                    result,
                    seconds,
                    damaged_inputs,
                },
            peak_memory: memory,
            cpu_seconds,
        } = completion;
        self.attempts.remove_attempt(id);
        // Before the result is looked at: in every case the attempt no longer uses anything.
        self.ledger.release_claim(id);
        match result {
            Ok(stored) => {
                self.retry_states.remove(&id);
                let measured = MeasuredAttempt {
                    seconds,
                    cpu_seconds,
                    memory,
                };
                self.record_success(id, stored, measured)
            }
            Err(failure)
                // A job that somebody stopped did not fail. It must not count against
                // `--max-failures` or be retried.
                if failure.class == FailureClass::Cancelled
                    && self.executor.cancel().is_draining() =>
            {
                self.results[id.index()] = JobResult::Cancelled;
                self.states.mark_unreachable(self.plan, id);
                Ok(())
            }
            Err(failure) if !damaged_inputs.is_empty() => {
                self.remake_inputs(id, &damaged_inputs, failure, seconds)
            }
            Err(failure) => self.retry_or_fail(id, failure, seconds),
        }
    }

    /// Schedules the next attempt if the failure may be transient. Otherwise the job fails.
    fn retry_or_fail(
        &mut self,
        id: JobId,
        mut failure: JobFailure,
        seconds: f64,
    ) -> Result<(), ExecuteError> {
        let job = &self.plan.job(id).job;
        let retry_state = self.retry_states.entry(id).or_default();
        let own_retries = job.limits.as_ref().and_then(|limits| limits.retries);
        let retries = RetryPolicy {
            max_retries: own_retries.unwrap_or(self.config.retries.max_retries),
            ..self.config.retries
        };
        let wait = retries.retry_delay(job.name.as_str(), failure.class, retry_state);
        let attempt = retry_state.attempts;
        if let Some(own) = own_retries {
            let spent = RetryPolicy::spent_text(failure.class, own, retry_state);
            failure.message += &spent.unwrap_or_default();
        }
        // A stopping run does not wait, so a failure that it would have retried is final.
        let wait = wait.filter(|_| !self.is_stopping());
        let (Some(wait), JobState::Running(digest)) = (wait, self.states.get_state(id).clone())
        else {
            return self.record_failure(id, failure, seconds);
        };
        // The same claim would fail again. The larger one also keeps other jobs off the memory that
        // this one needs.
        if failure.class == FailureClass::OutOfMemory {
            let memory = self.double_memory_claim(id);
            failure.message += &format!("; the next attempt reserves {memory} MB");
        }
        let until = self.executor.elapsed() + wait;
        self.states
            .set_state(self.plan, id, JobState::BackingOff(digest, until));
        self.emit_retry(id, failure, attempt, wait)
    }

    fn emit_retry(
        &mut self,
        id: JobId,
        failure: JobFailure,
        attempt: u32,
        wait: Duration,
    ) -> Result<(), ExecuteError> {
        let job = &self.plan.job(id).job;
        self.emit_event(|| Event::JobRetried {
            job: job.name.to_string(),
            phase: job.phase,
            class: failure.class,
            message: failure.message,
            evidence: failure.evidence,
            log: failure.log,
            attempt,
            wait: wait.as_secs_f64(),
        })
    }

    /// Doubles the memory claim of a job, up to all that the machine has. Returns the new claim in
    /// mebibytes.
    fn double_memory_claim(&mut self, id: JobId) -> u32 {
        let mut claim = self.states.current_claim(self.plan, id).clone();
        // A claim may be 0, because nothing was measured yet, and doubling 0 would never help. With
        // all of the memory the job runs alone, which is the most that can be done for it.
        claim.memory = claim
            .memory
            .max(256)
            .saturating_mul(2)
            .min(self.ledger.capacity().memory);
        let memory = claim.memory;
        self.states.raise_claim(id, claim);
        memory
    }

    fn record_success(
        &mut self,
        id: JobId,
        stored: StoredOutputs,
        measured: MeasuredAttempt,
    ) -> Result<(), ExecuteError> {
        let JobState::Running(digest) = *self.states.get_state(id) else {
            return Ok(());
        };
        let job = &self.plan.job(id).job;
        // A simulated job has no outputs. The default is shared and allocates nothing, which counts
        // for a million jobs.
        let outputs: Arc<[_]> = if stored.outputs.is_empty() {
            Arc::default()
        } else {
            stored.outputs.into()
        };
        // In the journal before the state changes. If the journal cannot be written, no job may
        // start from outputs that no record has.
        self.emit_event(|| {
            Event::JobSucceeded(JobSucceeded {
                job: job.name.to_string(),
                phase: job.phase,
                digest,
                outputs: outputs.to_vec(),
                provider: stored.provider.clone(),
                variety: job.work.variant().map(str::to_owned),
                mode: stored.mode,
                seconds: measured.seconds,
                units: job.work.unit_count(),
                cpu: measured.cpu_seconds,
                load: UnitLoad::for_job(job),
                memory: measured.memory,
                cost: job.work.cost(measured.seconds),
                warnings: stored.warnings.clone(),
                log: stored.log.clone(),
            })
        })?;
        let provider = self.providers.intern(&stored.provider);
        self.results[id.index()] = JobResult::Succeeded(JobSuccess {
            digest,
            outputs: Arc::clone(&outputs),
            provider,
            mode: stored.mode,
            seconds: measured.seconds,
            warnings: stored.warnings,
        });
        self.states
            .mark_succeeded(self.plan, id, Arc::clone(&outputs));
        self.reopen_dependants_if_changed(id, &outputs);
        self.finish_shot_job(id)
    }

    fn record_failure(
        &mut self,
        id: JobId,
        failure: JobFailure,
        seconds: f64,
    ) -> Result<(), ExecuteError> {
        self.failures += 1;
        let job = &self.plan.job(id).job;
        let attempt = self.retry_states.get(&id).map_or(0, |tries| tries.attempts);
        self.emit_event(|| Event::JobFailed {
            job: job.name.to_string(),
            phase: job.phase,
            class: failure.class,
            message: failure.message.clone(),
            evidence: failure.evidence.clone(),
            seconds,
            attempt,
            log: failure.log.clone(),
        })?;
        self.results[id.index()] = JobResult::Failed(failure);
        // Every skipped job has a record, so that `status` and `explain` can name the failure that
        // it waits for.
        for dependant in self.states.mark_unreachable(self.plan, id) {
            let skipped = &self.plan.job(dependant).job;
            self.results[dependant.index()] = JobResult::Skipped { because: id };
            self.emit_event(|| Event::JobSkipped {
                job: skipped.name.to_string(),
                phase: skipped.phase,
                because: job.name.to_string(),
            })?;
        }
        Ok(())
    }

    fn emit_progress(&mut self, id: JobId, done: usize, total: usize) -> Result<(), ExecuteError> {
        self.emit_event(|| Event::JobProgress {
            job: self.plan.job(id).job.name.to_string(),
            done,
            total,
        })
    }

    fn emit_event(&mut self, event: impl FnOnce() -> Event) -> Result<(), ExecuteError> {
        self.executor.record_event(event)
    }

    /// Saves a checkpoint when another ten shots are complete.
    fn finish_shot_job(&mut self, id: JobId) -> Result<(), ExecuteError> {
        let shot = self.plan.job(id).job.shot.as_deref();
        let completes_shot = self.shots.finish_job(shot);
        let completed = self.shots.completed().len();
        if completes_shot && completed.is_multiple_of(CHECKPOINT_SHOTS) {
            self.save_checkpoint()
        } else {
            Ok(())
        }
    }

    fn save_checkpoint(&mut self) -> Result<(), ExecuteError> {
        // The file first: the event must not announce a checkpoint that could not be written.
        self.executor.save_checkpoint(self.shots.completed())?;
        let shots = self.shots.completed().len();
        self.emit_event(|| Event::CheckpointSaved { shots })
    }
}
