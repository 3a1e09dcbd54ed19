//! Speaks lines before a run is planned in full.
//!
//! A shot without a written length lasts as long as its lines, and engines alone know how
//! long those are. So the first plan of a run shows which lines must be spoken. They are spoken as
//! jobs of the run, into its store, and then the production is opened again with their lengths.
//! The second plan finds the lines made. Without such lines nothing happens here.
//!
//! What is spoken is saved within a second. A kill costs no more, because the next run completes
//! its history from it.

use super::machine_resources::PROC_FOLDER;
use super::planned_run::PlannedRun;
use super::production_session::ProductionSession;
use super::session_error::SessionError;
use super::session_notice::{SessionNotice, SpeechStart};
use crate::base::{Clock, Digest};
use crate::event::JobSucceeded;
use crate::execute::{
    JobTimeLimits, LogContext, RetryPolicy, RetryState, StoredOutputs, WorkerContext, run_attempt,
};
use crate::model::sound::{SpeechLengths, SpeechWork};
use crate::model::{Artefact, InputFile, InputFiles, InputSource, JobAction, Production, UnitLoad};
use crate::plan::{Plan, PlannedJob, RunReason, job_provenance};
use crate::producers::{JobFailure, spoken_samples};
use crate::report::cause::describe_causes;
use crate::store::{Provenance, SpeechMemory, SpokenLine};
use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Time between two saves, and between two notices.
const SAVE_INTERVAL: Duration = Duration::from_secs(1);

/// A line of a plan.
struct LineJob<'a> {
    planned: &'a PlannedJob,
    work: &'a SpeechWork,
    identity: Digest,
}

/// A line that was spoken, or the failure of its last attempt.
struct LineResult {
    index: usize,
    spoken: Result<JobSucceeded, JobFailure>,
}

impl PlannedRun<'_> {
    /// Speaks the lines that are not in the store yet. Returns the lengths of all lines if the
    /// production must be opened again with them. `None`: this plan holds.
    ///
    /// # Errors
    /// Fails when a line cannot be spoken, or the store cannot be written.
    pub fn measure_speech(&self) -> Result<Option<SpeechLengths>, SessionError> {
        let measurement = SpeechMeasurement {
            session: &self.session,
            plan: &self.plan,
            max_retries: self.options.max_retries,
            limits: self.options.limits,
            grace_period: self.options.grace_period,
        };
        measurement.measure_lines()
    }
}

/// Measures the lines of a plan. The store must be locked.
pub(super) struct SpeechMeasurement<'a> {
    pub(super) session: &'a ProductionSession<'a>,
    pub(super) plan: &'a Plan,
    pub(super) max_retries: u32,
    pub(super) limits: JobTimeLimits,
    pub(super) grace_period: Duration,
}

impl SpeechMeasurement<'_> {
    /// See [`PlannedRun::measure_speech`].
    pub(super) fn measure_lines(&self) -> Result<Option<SpeechLengths>, SessionError> {
        let session = self.session;
        let lines = planned_lines(self.plan);
        if lines.is_empty() {
            return Ok(None);
        }
        let mut memory = SpeechMemory::load(&session.layout);
        let mut unspoken = Vec::new();
        let mut learned = 0;
        for line in lines {
            // What must be made has no length yet. What is in the store may have one that this
            // memory lacks.
            if line.planned.reason.is_dirty() {
                unspoken.push(line);
            } else if is_unknown(&line, &memory) {
                learned += usize::from(remember_stored_line(&line, session, &mut memory));
            }
        }
        if !unspoken.is_empty() {
            self.speak_lines(&unspoken, &mut memory)?;
        } else if learned > 0 {
            memory.save(&session.layout, &session.history)?;
        }
        // Also if nothing was spoken: lengths that are known by now replace estimates that the
        // production was opened with.
        let is_news =
            learned > 0 || !unspoken.is_empty() || has_needless_estimates(session, &memory);
        Ok(is_news.then(|| memory.lengths()))
    }

    /// Speaks lines side by side, and adds them to the memory.
    fn speak_lines(
        &self,
        lines: &[LineJob<'_>],
        memory: &mut SpeechMemory,
    ) -> Result<(), SessionError> {
        let session = self.session;
        session
            .context
            .report(&SessionNotice::SpeechStarted(SpeechStart {
                lines: lines.len(),
                faster: are_hurried(lines, session.checked),
                reason: &describe_causes(&lines[0].planned.reason).join(", "),
                first: lines[0].planned.job.name.as_str(),
            }));
        let parallel = session.resources.parallel_jobs(session.options.parallel);
        // More workers than lines would be idle threads.
        let workers = usize::from(parallel).clamp(1, lines.len());
        let scratch = session.layout.scratch_folder();
        let revision = session.history.next_revision();
        let speaker = LineSpeaker {
            lines,
            retries: RetryPolicy {
                max_retries: self.max_retries,
                ..RetryPolicy::default()
            },
            next: AtomicUsize::new(0),
            // Read by all workers: after a failure none begins another line.
            has_failed: AtomicBool::new(false),
        };
        let folders: Vec<_> = (0..workers)
            .map(|worker| scratch.join(format!("job-speech-{worker}")))
            .collect();
        let failed = std::thread::scope(|scope| {
            let (sender, results) = channel();
            for folder in &folders {
                let sender = sender.clone();
                let context = self.line_context(&revision, folder);
                let limits = self.limits;
                let speaker = &speaker;
                scope.spawn(move || {
                    speaker.speak_until_done(&context, limits, |result| {
                        // Nobody listens after a failure.
                        let _ = sender.send(result);
                    });
                });
            }
            // Otherwise the results would never end: this end of the channel is one more sender.
            drop(sender);
            self.collect_results(&results, lines, memory)
        })?;
        // Scratch files are useless, and the run empties the folder.
        let _ = session.layout.disk().remove_all(&scratch);
        memory.save(&session.layout, &session.history)?;
        failed.map_or(Ok(()), |(index, failure)| {
            Err(self.speech_error(&lines[index], failure))
        })
    }

    fn speech_error(&self, line: &LineJob<'_>, failure: JobFailure) -> SessionError {
        let job = &line.planned.job;
        SessionError::SpeechFailed {
            job: job.name.to_string(),
            place: self.session.opened.sources.format_position(job.origin),
            class: failure.class,
            message: failure.message,
        }
    }

    /// Adds lines to the memory as they are spoken. Returns the first failure, with the index of
    /// its line.
    fn collect_results(
        &self,
        results: &Receiver<LineResult>,
        lines: &[LineJob<'_>],
        memory: &mut SpeechMemory,
    ) -> Result<Option<(usize, JobFailure)>, SessionError> {
        let session = self.session;
        let mut failed = None;
        let mut saved = session.clock.elapsed();
        for (index, result) in results.iter().enumerate() {
            let line = &lines[result.index];
            match result.spoken {
                Ok(made) => add_spoken_line(line, made, session, memory),
                Err(failure) => {
                    // The first, since those after it may have been cancelled because of it.
                    failed.get_or_insert((result.index, failure));
                }
            }
            let now = session.clock.elapsed();
            if now - saved >= SAVE_INTERVAL {
                saved = now;
                memory.save(&session.layout, &session.history)?;
                session.context.report(&SessionNotice::SpeechProgress {
                    done: index + 1,
                    lines: lines.len(),
                });
            }
        }
        Ok(failed)
    }

    /// Returns the context of one worker, as a run has it.
    fn line_context<'c>(&'c self, revision: &'c str, scratch: &'c Path) -> WorkerContext<'c> {
        let session = self.session;
        WorkerContext {
            producer: &session.registry,
            blobs: &session.blobs,
            layout: &session.layout,
            project_root: &session.checked.root,
            scratch,
            snapshot: &session.snapshot,
            cancel: &session.cancel,
            // The run has not begun, so nobody can steer it yet.
            control: None,
            clock: &session.clock,
            reaper: session.reaper.as_deref(),
            grace_period: self.grace_period,
            log_context: LogContext {
                revision,
                host: "",
                secrets: &session.context.environment.secrets,
                locate_origin: &|_| String::new(),
            },
        }
    }
}

/// Returns whether every line is spoken faster than its voice speaks.
fn are_hurried(lines: &[LineJob<'_>], production: &Production) -> bool {
    let all = production.shots.iter().flat_map(|shot| &shot.lines);
    // By the work and not by the shot: two shots may have the same line.
    let hurried: HashSet<Digest> = all
        .filter(|line| line.hurry > 1.0)
        .map(|line| line.speech_work(lines[0].work.sample_rate).digest())
        .collect();
    lines
        .iter()
        .all(|line| hurried.contains(&line.work.digest()))
}

/// Speaks lines, from several threads.
struct LineSpeaker<'a> {
    lines: &'a [LineJob<'a>],
    retries: RetryPolicy,
    next: AtomicUsize,
    has_failed: AtomicBool,
}

impl LineSpeaker<'_> {
    /// Speaks the next line, and the next, until there is none or one has failed.
    fn speak_until_done(
        &self,
        context: &WorkerContext<'_>,
        limits: JobTimeLimits,
        report: impl Fn(LineResult),
    ) {
        while !self.has_failed.load(Ordering::SeqCst) {
            let index = self.next.fetch_add(1, Ordering::SeqCst);
            let Some(line) = self.lines.get(index) else {
                return;
            };
            let spoken = self.speak_line(line, context, limits);
            // No further line: the run fails anyway, and a missing engine fails each of a thousand.
            if spoken.is_err() {
                self.has_failed.store(true, Ordering::SeqCst);
            }
            report(LineResult { index, spoken });
        }
    }

    fn speak_line(
        &self,
        line: &LineJob<'_>,
        context: &WorkerContext<'_>,
        limits: JobTimeLimits,
    ) -> Result<JobSucceeded, JobFailure> {
        let job = &line.planned.job;
        let inputs = project_inputs(line.planned, context.project_root);
        let mut state = RetryState::default();
        loop {
            state.attempts += 1;
            let (attempt, memory) = run_attempt(
                context,
                job,
                &inputs,
                state.attempts,
                limits,
                Path::new(PROC_FOLDER),
                &|_, _| {},
            );
            match attempt.result {
                Ok(stored) => {
                    let made = made_line(line, stored, attempt.seconds);
                    return Ok(JobSucceeded { memory, ..made });
                }
                Err(failure) => {
                    let name = job.name.as_str();
                    let wait = self.retries.retry_delay(name, failure.class, &mut state);
                    // A run that stops does not wait for another attempt.
                    let Some(wait) = wait.filter(|_| !context.cancel.is_draining()) else {
                        return Err(failure);
                    };
                    std::thread::sleep(wait);
                }
            }
        }
    }
}

/// Returns the lines of a plan whose identity is known.
// Of the whole plan and not of its selection: what is not selected decides where the rest of the
// film begins.
fn planned_lines(plan: &Plan) -> Vec<LineJob<'_>> {
    let jobs = plan.jobs().map(|(_, planned)| planned);
    let lines = jobs.filter_map(|planned| {
        let JobAction::Speech(work) = &planned.job.work else {
            return None;
        };
        // A forced job is forced again in the second plan: the run does it. A pinned one stays.
        let is_controlled = planned.control.is_forced() || planned.reason == RunReason::Pinned;
        let identity = planned.digest.filter(|_| !is_controlled)?;
        Some(LineJob {
            planned,
            work,
            identity,
        })
    });
    lines.collect()
}

/// Returns whether the memory does not know the length of what the store has.
fn is_unknown(line: &LineJob<'_>, memory: &SpeechMemory) -> bool {
    memory
        .find(line.work)
        // Another identity is another engine or version, which may be slower.
        .is_none_or(|known| known.identity != line.identity)
}

/// Measures a line that the store has. Returns whether that was possible.
fn remember_stored_line(
    line: &LineJob<'_>,
    session: &ProductionSession<'_>,
    memory: &mut SpeechMemory,
) -> bool {
    let record = session.history.records.get(&line.identity);
    let samples = record.and_then(|record| stored_samples(&record.outputs, session));
    if let Some(samples) = samples {
        memory.add(SpokenLine::new(line.work, line.identity, samples));
    }
    samples.is_some()
}

fn add_spoken_line(
    line: &LineJob<'_>,
    made: JobSucceeded,
    session: &ProductionSession<'_>,
    memory: &mut SpeechMemory,
) {
    // The outputs were checked a moment ago. If the file is gone, the run speaks the line again.
    if let Some(samples) = stored_samples(&made.outputs, session) {
        let spoken = SpokenLine::new(line.work, line.identity, samples);
        memory.add(spoken.with_made(made, line_provenance(line, session)));
    }
}

/// Returns what a line is made from, without secrets.
fn line_provenance(line: &LineJob<'_>, session: &ProductionSession<'_>) -> Provenance {
    let PlannedJob { job, provider, .. } = line.planned;
    let mut provenance = job_provenance(
        job,
        provider,
        // It has no inputs of other jobs, see `project_inputs`.
        |_| String::new(),
        |_| None,
        |path| session.snapshot.file_digest(path),
    );
    let secrets = &session.context.environment.secrets;
    secrets.redact_json(&mut provenance.parameters);
    provenance
}

fn stored_samples(outputs: &[Artefact], session: &ProductionSession<'_>) -> Option<u64> {
    let files = outputs
        .iter()
        .map(|output| InputFile::made_as(output, session.blobs.blob_path(&output.digest)));
    spoken_samples(&files.collect::<Vec<_>>())
}

/// Returns whether the production was opened with an estimate of a length that is known.
fn has_needless_estimates(session: &ProductionSession<'_>, memory: &SpeechMemory) -> bool {
    let Some(sound) = &session.checked.sound else {
        return false;
    };
    let lines = session.checked.shots.iter().flat_map(|shot| &shot.lines);
    lines
        .filter(|line| !line.measured)
        .any(|line| memory.find(&line.speech_work(sound.sample_rate)).is_some())
}

fn made_line(line: &LineJob<'_>, stored: StoredOutputs, seconds: f64) -> JobSucceeded {
    let job = &line.planned.job;
    JobSucceeded {
        job: job.name.to_string(),
        phase: job.phase,
        digest: line.identity,
        outputs: stored.outputs,
        provider: stored.provider,
        variety: job.work.variant().map(str::to_owned),
        mode: stored.mode,
        seconds,
        units: job.work.unit_count(),
        cpu: None,
        load: UnitLoad::for_job(job),
        memory: None,
        cost: job.work.cost(seconds),
        warnings: stored.warnings,
        log: stored.log,
    }
}

/// Returns the files of the project that a job reads. Lines read no others.
fn project_inputs(planned: &PlannedJob, root: &Path) -> InputFiles {
    let mut inputs = InputFiles::default();
    for input in &planned.job.inputs {
        if let InputSource::File(path) = &input.from {
            let files = inputs.files.entry(input.slot.clone()).or_default();
            files.push(InputFile::in_project(root, path));
        }
    }
    inputs
}
