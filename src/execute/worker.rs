//! One attempt at a job on a worker thread: make a scratch folder, run the producer, check its
//! outputs, and move them into the store.

use super::attempt::JobAttempt;
use super::attempt_log::{AttemptLog, LogContext, LogSubject};
use super::run_control::RunControl;
use crate::base::{CancelToken, Clock, Digest};
use crate::model::{Artefact, ExecutionMode, InputFiles, InputSource, Job, JobId};
use crate::process::{CallOptions, ProcessExit, ProcessObserver, ProcessReaper, SecretRedactor};
use crate::producers::{FailureClass, JobContext, JobFailure, JobProducer, ProducerOutput};
use crate::store::{BlobStore, FileSnapshot, StoreLayout};
use serde::{Deserialize, Serialize};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::{Span, field, info_span};

/// What all workers share, read only.
pub struct WorkerContext<'a> {
    /// Does the jobs.
    pub producer: &'a dyn JobProducer,
    /// Receives outputs.
    pub blobs: &'a BlobStore,
    /// The paths of the store.
    pub layout: &'a StoreLayout,
    /// The production's folder.
    pub project_root: &'a Path,
    /// The folder in which each job gets a folder of its own. It must be on the file system of the
    /// blobs, to which finished files are renamed.
    pub scratch: &'a Path,
    /// The input files as they were when the run began.
    pub snapshot: &'a FileSnapshot,
    /// Requests the whole run to stop.
    pub cancel: &'a CancelToken,
    /// Steers the run from outside. `None`: nothing does.
    pub control: Option<&'a RunControl>,
    /// Measures how long jobs take.
    pub clock: &'a dyn Clock,
    /// Ends child processes if this process is killed. `None`: they may outlive it.
    pub reaper: Option<&'a ProcessReaper>,
    /// The time between the request to a child process to end and its kill.
    pub grace_period: Duration,
    /// What the logs of the run have in common.
    pub log_context: LogContext<'a>,
}

/// What a successful attempt left in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredOutputs {
    /// The files, in order.
    pub outputs: Vec<Artefact>,
    /// The provider, with version.
    pub provider: String,
    /// Whether the work was real or simulated.
    pub mode: ExecutionMode,
    /// Findings that did not stop the work.
    pub warnings: Vec<String>,
    /// The log of the attempt, relative to the store. `None`: there was nothing to log.
    pub log: Option<PathBuf>,
}

/// The result of one attempt.
pub struct AttemptResult {
    /// The outputs, or the failure.
    pub result: Result<StoredOutputs, JobFailure>,
    /// How long it took.
    pub seconds: f64,
    /// Inputs from the store whose content is not that of their digest. The job did nothing then.
    pub damaged_inputs: Vec<Digest>,
}

/// Returns the span of an attempt, whose result is recorded at its end.
fn attempt_span(job: &Job, attempt: &JobAttempt) -> Span {
    info_span!(
        "job",
        name = job.name.as_str(),
        phase = job.phase.name(),
        attempt = attempt.number,
        result = field::Empty,
        seconds = field::Empty
    )
}

fn record_result(span: &Span, result: &Result<StoredOutputs, JobFailure>, seconds: f64) {
    let result_id = match result {
        Ok(_) => "succeeded",
        Err(failure) => failure.class.id(),
    };
    span.record("result", result_id);
    span.record("seconds", seconds);
}

impl WorkerContext<'_> {
    /// Makes one attempt at a job, from start to finish.
    pub(super) fn attempt_job(
        &self,
        id: JobId,
        job: &Job,
        input_files: &InputFiles,
        attempt: &JobAttempt,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> AttemptResult {
        let span = attempt_span(job, attempt);
        let _entered = span.enter();
        let observer = self.attempt_observer(job, attempt);
        let started = self.clock.elapsed();
        let scratch = self
            .scratch
            // With the attempt in the name: files that a killed attempt left must not be taken for
            // outputs of the next.
            .join(format!("job-{}.{}", id.0, attempt.number));
        let assignment = JobContext {
            action: &job.work,
            inputs: input_files,
            scratch: &scratch,
            watch: self.call_options(attempt, &observer),
            progress,
        };
        // Once for both uses: the check of this attempt, and the dispatcher, which has the files
        // made again.
        let damaged_inputs = self.damaged_inputs(input_files);
        let result = self
            .check_inputs(job, input_files, &damaged_inputs)
            .and_then(|()| self.produce_outputs(job, &assignment))
            // Redacted here, where all failures pass, and before they reach the journal, which is
            // never rewritten.
            .map_err(|failure| self.redact_failure(attempt.root_cause(failure)));
        self.remove_scratch(&scratch);
        let seconds = (self.clock.elapsed() - started).as_secs_f64();
        record_result(&span, &result, seconds);
        // A log whose writer panicked is still worth keeping: it shows why.
        let log = observer
            .log
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        AttemptResult {
            result: self.close_log(log, result, seconds),
            seconds,
            damaged_inputs,
        }
    }

    fn attempt_observer<'c>(
        &'c self,
        job: &'c Job,
        attempt: &'c JobAttempt,
    ) -> AttemptObserver<'c> {
        let subject = LogSubject {
            job,
            attempt: attempt.number,
            producer: self.producer,
            layout: self.layout,
            started: self.clock.now(),
        };
        AttemptObserver {
            attempt,
            clock: self.clock,
            log: Mutex::new(AttemptLog::new(subject, self.log_context)),
            secrets: self.log_context.secrets,
        }
    }

    fn remove_scratch(&self, scratch: &Path) {
        let disk = self.layout.disk();
        // Outputs were moved to the store, so the folder is usually empty, and one call removes it.
        // An error is ignored: the folder of all scratch folders is emptied at the end of the run.
        let _ = disk.remove(scratch).or_else(|_| disk.remove_all(scratch));
    }

    /// Returns the options of the child processes of an attempt.
    fn call_options<'c>(
        &'c self,
        attempt: &'c JobAttempt,
        observer: &'c dyn ProcessObserver,
    ) -> CallOptions<'c> {
        CallOptions {
            cancel: &attempt.cancel,
            observer,
            reaper: self.reaper,
            grace_period: self.grace_period,
            // Limits count the whole attempt, which the dispatcher watches.
            time_limit: None,
            pause: self.control.map(RunControl::pause),
        }
    }

    /// Returns the digests of the inputs from the store whose content is another one.
    // By the worker and right before the job: the bytes are then in memory when the job reads them,
    // and workers read side by side.
    fn damaged_inputs(&self, input_files: &InputFiles) -> Vec<Digest> {
        let span = info_span!("step", name = "verify");
        span.in_scope(|| {
            input_files
                .all_files()
                .filter_map(|file| self.blobs.digest_at(&file.path))
                .filter(|digest| !self.blobs.verify_content(digest))
                .collect()
        })
    }

    /// Fails if an input does not have the content that the identity of the job stands for.
    fn check_inputs(
        &self,
        job: &Job,
        input_files: &InputFiles,
        damaged_inputs: &[Digest],
    ) -> Result<(), JobFailure> {
        let missing = |message: String| Err(JobFailure::new(FailureClass::MissingInput, message));
        let is_damaged = |path: &Path| {
            let digest = self.blobs.digest_at(path);
            digest.is_some_and(|digest| damaged_inputs.contains(&digest))
        };
        if let Some(file) = input_files.all_files().find(|file| is_damaged(&file.path)) {
            return missing(format!(
                "read `{}` from the store: its content is damaged ({}). `production verify --fix` removes what is \
                 damaged, and the next run makes it again",
                file.name,
                file.path.display()
            ));
        }
        let is_other = |path: &&PathBuf| {
            !self
                .snapshot
                .verify_content(self.layout, self.project_root, path)
        };
        let mut files = job.inputs.iter().filter_map(|input| match &input.from {
            InputSource::File(path) => Some(path),
            InputSource::Job(_) => None,
        });
        files.find(is_other).map_or(Ok(()), |path| {
            // The cache knows the content of another time. Without it, the next run reads the file.
            let _ = FileSnapshot::remove_inputs_cache(self.layout);
            missing(format!(
                "read `{}`: its content changed under the same size and time; run again",
                path.display()
            ))
        })
    }

    fn produce_outputs(
        &self,
        job: &Job,
        assignment: &JobContext<'_>,
    ) -> Result<StoredOutputs, JobFailure> {
        let room = self.layout.disk().make_scratch_folder(assignment.scratch);
        room.map_err(|error| JobFailure::from_io_error("make a folder to work in", &error))?;
        let finished =
            info_span!("step", name = "perform").in_scope(|| self.run_producer(assignment))?;
        info_span!("step", name = "check")
            // The outputs are decoded and measured even after an exit code of 0: tools report
            // success and leave half a file.
            .in_scope(|| self.producer.check_outputs(assignment, &finished.outputs))?;
        // After the work and before the store: an input that changed meanwhile may be in the
        // outputs, and they would be recorded under the identity of the old one.
        self.check_inputs_unchanged(job)?;
        self.store_outputs(finished)
    }

    /// Returns the failure without secrets.
    fn redact_failure(&self, failure: JobFailure) -> JobFailure {
        let message = self.log_context.secrets.redact_text(&failure.message);
        let evidence = self.log_context.secrets.redact_text(&failure.evidence);
        JobFailure {
            message,
            evidence,
            ..failure
        }
    }

    /// Returns the warnings without secrets. They go to the journal, the events and the reports.
    fn redact_warnings(&self, warnings: Vec<String>) -> Vec<String> {
        let secrets = self.log_context.secrets;
        let redacted = warnings.iter().map(|text| secrets.redact_text(text));
        redacted.collect()
    }

    /// Closes the log, and adds its path to the result.
    fn close_log(
        &self,
        log: AttemptLog<'_>,
        result: Result<StoredOutputs, JobFailure>,
        seconds: f64,
    ) -> Result<StoredOutputs, JobFailure> {
        let failure = result
            .as_ref()
            .err()
            // A cancelled job is no failure, and leaves a log only if its tools printed something.
            .filter(|failure| failure.class != FailureClass::Cancelled);
        let log = log.finish_log(failure, seconds, self.clock.now());
        match result {
            Ok(stored) => Ok(StoredOutputs { log, ..stored }),
            Err(failure) => Err(JobFailure { log, ..failure }),
        }
    }

    /// Runs the producer. A panic fails the job and nothing else.
    // The worker thread must survive. If it ended, the dispatcher would wait for ever for a
    // completion.
    fn run_producer(&self, assignment: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let result =
            std::panic::catch_unwind(AssertUnwindSafe(|| self.producer.run_job(assignment)));
        result.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            Err(JobFailure::new(
                FailureClass::Crash,
                format!("the producer panicked: {text}"),
            ))
        })
    }

    fn check_inputs_unchanged(&self, job: &Job) -> Result<(), JobFailure> {
        let changed = job.inputs.iter().find_map(|input| match &input.from {
            InputSource::File(path)
                if !self
                    .snapshot
                    .is_unchanged(self.layout, self.project_root, path) =>
            {
                Some(path)
            }
            _ => None,
        });
        changed.map_or(Ok(()), |path: &PathBuf| {
            let message = format!(
                "read `{}`: it changed during the run; run again",
                path.display()
            );
            Err(JobFailure::new(FailureClass::MissingInput, message))
        })
    }

    fn store_outputs(&self, finished: ProducerOutput) -> Result<StoredOutputs, JobFailure> {
        // Moved and not copied: scratch folders are on the disk of the store.
        let files: Vec<_> = finished
            .outputs
            .iter()
            .map(|file| (file.name.as_str(), file.path.as_path()))
            .collect();
        let span = info_span!("store", name = "ingest", files = files.len());
        let outputs = span
            .in_scope(|| self.blobs.ingest_files(&files))
            .map_err(store_failure)?;
        Ok(StoredOutputs {
            outputs,
            provider: finished.provider,
            mode: finished.mode,
            warnings: self.redact_warnings(finished.warnings),
            log: None,
        })
    }
}

/// Receives what child processes do, for the clocks and for the log.
struct AttemptObserver<'a> {
    attempt: &'a JobAttempt,
    clock: &'a dyn Clock,
    // The observer is shared with the thread that feeds the input of a child, so it must be `Sync`.
    log: Mutex<AttemptLog<'a>>,
    secrets: &'a SecretRedactor,
}

impl<'a> AttemptObserver<'a> {
    fn lock_log(&self) -> MutexGuard<'_, AttemptLog<'a>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProcessObserver for AttemptObserver<'_> {
    fn on_start(&self, words: &[String]) {
        self.attempt.record_child_start(self.clock.elapsed());
        self.lock_log().record_child_start(words);
    }

    fn on_activity(&self) {
        self.attempt.record_activity(self.clock.elapsed());
    }

    fn on_line(&self, line: &str) {
        self.lock_log().write_line(line);
    }

    fn on_exit(&self, ending: &ProcessExit, stopped: bool) {
        self.attempt.record_child_exit();
        self.lock_log().record_child_exit(ending, stopped);
    }

    fn longest_secret(&self) -> usize {
        self.secrets.longest_secret()
    }

    fn redact_line(&self, line: &mut Vec<u8>) {
        self.secrets.redact_bytes(line);
    }
}

fn store_failure(error: crate::store::StoreError) -> JobFailure {
    match error {
        // The kind of the system's error decides the class: a full disk needs a person, and is not
        // retried as a crash would be.
        crate::store::StoreError::Io { what, path, source }
        | crate::store::StoreError::DiskFull { what, path, source } => {
            JobFailure::from_io_error(&format!("{what} {}", path.display()), &source)
        }
        other => JobFailure::new(FailureClass::Crash, other.to_string()),
    }
}
