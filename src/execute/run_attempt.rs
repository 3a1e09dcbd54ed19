//! One attempt at one job, outside of a run: for a task that a scheduler starts on some machine of
//! a farm. The clocks, the log, the check and the store are those of a local run.

use super::attempt::JobAttempt;
use super::memory_meter::{MemoryMeter, WorkerSlot};
use super::timeouts::{JobTimeLimits, RunningAttempts};
use super::worker::{AttemptResult, WorkerContext};
use crate::model::{InputFiles, Job, JobId, PeakMemory};
use crate::producers::{FailureClass, JobFailure};
use crossbeam_channel::{RecvTimeoutError, bounded};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Time between two looks at the clocks.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// The job has the process to itself, so any number will do.
const ONLY_JOB: JobId = JobId(0);

/// Makes attempt `number` at `job`. `proc_dir` is the kernel's folder of processes, from which
/// memory is measured. `progress` receives units done and units in all.
#[must_use]
pub fn run_attempt(
    context: &WorkerContext<'_>,
    job: &Job,
    input_files: &InputFiles,
    number: u32,
    limits: JobTimeLimits,
    proc_dir: &Path,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> (AttemptResult, Option<PeakMemory>) {
    let attempt = Arc::new(JobAttempt::new(
        number,
        context.cancel.child_token(),
        context.clock.elapsed(),
    ));
    // One worker, so that memory is measured as for a job that runs alone.
    let slots: Arc<[WorkerSlot]> = [WorkerSlot::default()].into();
    let mut attempts = RunningAttempts::new(limits);
    let mut meter = MemoryMeter::new(proc_dir, Arc::clone(&slots));
    let own_limit = job.limits.as_ref().and_then(|limits| limits.time());
    attempts.add_attempt(ONLY_JOB, Arc::clone(&attempt), own_limit);
    meter.start_job(ONLY_JOB);
    let (sender, receiver) = bounded(1);
    // The job is on a thread of its own, so that this one can enforce limits while a renderer
    // blocks it.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            slots[0].attach_thread(proc_dir);
            slots[0].start_job(ONLY_JOB);
            let report_progress = |units: usize, total: usize| {
                attempt.record_progress(context.clock.elapsed(), units, total);
                progress(units, total);
            };
            // The receiver lives until this thread has sent its result.
            let _ = sender.send(context.attempt_job(
                ONLY_JOB,
                job,
                input_files,
                &attempt,
                &report_progress,
            ));
        });
        loop {
            let now = context.clock.elapsed();
            attempts.stop_overdue(now);
            meter.sample_if_due(now);
            // The wait is the clock of the loop: a finished job ends it at once.
            match receiver.recv_timeout(POLL_INTERVAL) {
                Ok(attempt_result) => return (attempt_result, meter.finish_job(ONLY_JOB)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return (missing_result(), None),
            }
        }
    })
}

/// Returns the result of an attempt whose thread ended without sending one.
// It panicked outside of the producer. The task still needs a result, or the scheduler would see a
// success.
fn missing_result() -> AttemptResult {
    AttemptResult {
        result: Err(JobFailure::new(
            FailureClass::Crash,
            "finish: the worker thread ended without a result",
        )),
        seconds: 0.0,
        damaged_inputs: Vec::new(),
    }
}
