//! One attempt at one job, away from any run: for a task that an engine of a farm starts on some machine. The clocks, the
//! log, the check and the way into the store are those of a local run.

use super::attempt::Attempt;
use super::clocks::{Clocks, Limits};
use super::meter::{Desk, Meter};
use super::work::{Attempted, Workshop};
use crate::model::{InputFiles, Job, JobId, PeakMemory};
use crate::producers::{FailureClass, JobFailure};
use crossbeam_channel::{RecvTimeoutError, bounded};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How often the clocks are looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// The job has its process to itself, so its number among jobs is of no account.
const ALONE: JobId = JobId(0);

/// Makes attempt `number` at `job`. `processes` is the kernel's folder of processes, to measure memory by.
#[must_use]
pub fn single(
    workshop: &Workshop<'_>,
    job: &Job,
    materials: &InputFiles,
    number: u32,
    limits: Limits,
    processes: &Path,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> (Attempted, Option<PeakMemory>) {
    let attempt = Arc::new(Attempt::new(
        number,
        workshop.cancel.child_token(),
        workshop.clock.elapsed(),
    ));
    let desks: Arc<[Desk]> = [Desk::default()].into();
    let (mut clocks, mut meter) = (
        Clocks::new(limits),
        Meter::new(processes, Arc::clone(&desks)),
    );
    clocks.start(ALONE, Arc::clone(&attempt));
    meter.begin(ALONE);
    let (done, ended) = bounded(1);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            desks[0].sit(processes);
            desks[0].begin(ALONE);
            let told = |units: usize, of: usize| {
                attempt.progress(workshop.clock.elapsed(), units, of);
                progress(units, of);
            };
            let _ = done.send(workshop.attempt(ALONE, job, materials, &attempt, &told));
        });
        loop {
            let now = workshop.clock.elapsed();
            clocks.check(now);
            meter.look(now);
            match ended.recv_timeout(GLANCE) {
                Ok(attempted) => return (attempted, meter.end(ALONE)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let failure = JobFailure::new(
                        FailureClass::Crash,
                        "finish: the worker ended without a word",
                    );
                    return (
                        Attempted {
                            result: Err(failure),
                            seconds: 0.0,
                        },
                        None,
                    );
                }
            }
        }
    })
}
