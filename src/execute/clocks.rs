//! The clocks of running jobs: how long each runs, and how long it has told nothing.
//!
//! A limit holds only where someone set it; there is none by default. A job over a limit is asked to stop, and fails
//! with the clock, its value and the option that set it.

use crate::base::Cancel;
use crate::model::JobId;
use crate::producers::{Failure, FailureClass};
use std::collections::BTreeMap;
use std::time::Duration;

/// How closely a limit is kept: with a thousand jobs running, looking at each after every word would cost more than they do.
const PRECISION: Duration = Duration::from_millis(50);

/// How long a job may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// From start to end.
    pub wall: Option<Duration>,
    /// Between two signs of progress.
    pub progress: Option<Duration>,
}

/// One job on a worker.
struct Running {
    cancel: Cancel,
    started: Duration,
    heard: Duration,
    overrun: Option<Failure>,
}

/// The jobs that run now.
pub(super) struct Clocks {
    limits: Limits,
    running: BTreeMap<JobId, Running>,
    /// When the limits were last looked at.
    checked: Duration,
}

impl Clocks {
    pub(super) const fn new(limits: Limits) -> Self {
        Self { limits, running: BTreeMap::new(), checked: Duration::ZERO }
    }

    pub(super) fn start(&mut self, id: JobId, cancel: Cancel, now: Duration) {
        self.running.insert(id, Running { cancel, started: now, heard: now, overrun: None });
    }

    pub(super) fn hear(&mut self, id: JobId, now: Duration) {
        if let Some(running) = self.running.get_mut(&id) {
            running.heard = now;
        }
    }

    /// Returns how many jobs run.
    pub(super) fn count(&self) -> usize {
        self.running.len()
    }

    /// Takes a job out; returns the limit that it ran over, if that is why it stopped.
    pub(super) fn stop(&mut self, id: JobId) -> Option<Failure> {
        self.running.remove(&id).and_then(|running| running.overrun)
    }

    /// Asks every job that is over a limit to stop.
    pub(super) fn check(&mut self, now: Duration) {
        if self.limits == Limits::default() || now < self.checked + PRECISION {
            return;
        }
        self.checked = now;
        let limits = self.limits;
        for running in self.running.values_mut().filter(|running| running.overrun.is_none()) {
            running.overrun = overrun(limits, running, now);
            if running.overrun.is_some() {
                running.cancel.halt();
            }
        }
    }
}

fn overrun(limits: Limits, running: &Running, now: Duration) -> Option<Failure> {
    let over =
        |limit: Option<Duration>, since: Duration| limit.filter(|limit| now.saturating_sub(since) > *limit);
    if let Some(limit) = over(limits.wall, running.started) {
        let message = format!("finish within {} s, the limit set by --time-limit", limit.as_secs());
        return Some(Failure::new(FailureClass::Timeout, message));
    }
    let limit = over(limits.progress, running.heard)?;
    let message = format!("make any progress for {} s, the limit set by --progress-limit", limit.as_secs());
    Some(Failure::new(FailureClass::NoProgress, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_job_over_its_time_is_asked_to_stop_and_says_which_limit() {
        let mut clocks = Clocks::new(Limits { wall: Some(SECOND * 10), progress: None });
        let cancel = Cancel::default();
        clocks.start(JobId(3), cancel.clone(), SECOND);
        clocks.check(SECOND * 11);
        assert!(!cancel.is_halting());
        clocks.check(SECOND * 12);
        assert!(cancel.is_halting());
        let failure = clocks.stop(JobId(3)).unwrap();
        assert_eq!(failure.class, FailureClass::Timeout);
        assert!(failure.message.contains("--time-limit"), "{failure}");
    }

    #[test]
    fn progress_winds_the_progress_clock_up_again() {
        let mut clocks = Clocks::new(Limits { wall: None, progress: Some(SECOND * 5) });
        clocks.start(JobId(1), Cancel::default(), SECOND);
        clocks.hear(JobId(1), SECOND * 6);
        clocks.check(SECOND * 10);
        clocks.hear(JobId(1), SECOND * 10);
        clocks.check(SECOND * 16);
        assert_eq!(clocks.stop(JobId(1)).unwrap().class, FailureClass::NoProgress);
    }

    #[test]
    fn without_limits_a_job_may_run_for_ever() {
        let mut clocks = Clocks::new(Limits::default());
        clocks.start(JobId(1), Cancel::default(), SECOND);
        clocks.check(SECOND * 1_000_000);
        assert_eq!(clocks.stop(JobId(1)), None);
    }
}
