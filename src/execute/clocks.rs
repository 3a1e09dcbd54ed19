//! The three clocks of running jobs: how long each runs, how long its child processes are silent, and how long it has made
//! no progress.
//!
//! A limit holds only where someone set it; there is none by default. A job over a limit is asked to stop, and fails
//! with the clock, its value and the option that set it.

use super::attempt::Attempt;
use crate::model::JobId;
use crate::producers::{FailureClass, JobFailure};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How closely a limit is kept: with a thousand jobs running, looking at each after every word would cost more than they do.
const PRECISION: Duration = Duration::from_millis(50);

/// How long a job may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// From start to end.
    pub wall: Option<Duration>,
    /// Between two signs of life of a child process: something printed, given or taken.
    pub silence: Option<Duration>,
    /// Between two signs of progress.
    pub progress: Option<Duration>,
}

/// The attempts that run now.
pub(super) struct Clocks {
    limits: Limits,
    running: BTreeMap<JobId, Arc<Attempt>>,
    /// When the limits were last looked at.
    checked: Duration,
}

impl Clocks {
    pub(super) const fn new(limits: Limits) -> Self {
        Self {
            limits,
            running: BTreeMap::new(),
            checked: Duration::ZERO,
        }
    }

    pub(super) fn start(&mut self, id: JobId, attempt: Arc<Attempt>) {
        self.running.insert(id, attempt);
    }

    /// Returns how many jobs run.
    pub(super) fn count(&self) -> usize {
        self.running.len()
    }

    /// Returns the jobs that run.
    pub(super) fn running(&self) -> impl Iterator<Item = JobId> {
        self.running.keys().copied()
    }

    /// Takes a job out.
    pub(super) fn stop(&mut self, id: JobId) {
        self.running.remove(&id);
    }

    /// Asks every job that is over a limit to stop.
    pub(super) fn check(&mut self, now: Duration) {
        if self.limits == Limits::default() || now < self.checked + PRECISION {
            return;
        }
        self.checked = now;
        for attempt in self
            .running
            .values()
            .filter(|attempt| !attempt.is_stopped())
        {
            if let Some(overrun) = overrun(self.limits, attempt, now) {
                attempt.stop(overrun);
            }
        }
    }
}

fn overrun(limits: Limits, attempt: &Attempt, now: Duration) -> Option<JobFailure> {
    let over = |limit: Option<Duration>, since: Option<Duration>| {
        limit
            .zip(since)
            .filter(|(limit, since)| now.saturating_sub(*since) > *limit)
            .map(|(limit, _)| limit)
    };
    let wall = over(limits.wall, Some(attempt.began())).map(|limit| {
        let message = format!(
            "finish within {}, the limit set by --time-limit",
            words(limit)
        );
        JobFailure::new(FailureClass::Timeout, message)
    });
    let silence = || {
        let limit = over(limits.silence, attempt.silent_since())?;
        let message = format!(
            "hear anything from it for {}, the limit set by --silence-limit",
            words(limit)
        );
        Some(JobFailure::new(FailureClass::NoOutput, message))
    };
    let progress = || {
        let limit = over(limits.progress, Some(attempt.progressed_at()))?;
        let message = format!(
            "make any progress for {}, the limit set by --progress-limit",
            words(limit)
        );
        Some(JobFailure::new(FailureClass::NoProgress, message))
    };
    wall.or_else(silence).or_else(progress)
}

/// Returns a limit as it may have been typed.
fn words(limit: Duration) -> String {
    match (limit.as_secs(), limit.subsec_millis()) {
        (0, millis) => format!("{millis} ms"),
        (seconds, _) => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;

    const SECOND: Duration = Duration::from_secs(1);

    fn started(limits: Limits, now: Duration) -> (Clocks, Arc<Attempt>) {
        let attempt = Arc::new(Attempt::new(1, CancelToken::default(), now));
        let mut clocks = Clocks::new(limits);
        clocks.start(JobId(3), Arc::clone(&attempt));
        (clocks, attempt)
    }

    fn cause(attempt: &Attempt) -> JobFailure {
        attempt.cause(JobFailure::new(FailureClass::Cancelled, "stopped"))
    }

    #[test]
    fn a_job_over_its_time_is_asked_to_stop_and_says_which_limit() {
        let limits = Limits {
            wall: Some(SECOND * 10),
            ..Limits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        clocks.check(SECOND * 11);
        assert!(!attempt.cancel.is_halting());
        clocks.check(SECOND * 12);
        assert!(attempt.cancel.is_halting());
        let failure = cause(&attempt);
        assert_eq!(failure.class, FailureClass::Timeout);
        assert!(failure.message.contains("--time-limit"), "{failure}");
    }

    #[test]
    fn progress_winds_the_progress_clock_up_again() {
        let limits = Limits {
            progress: Some(SECOND * 5),
            ..Limits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        attempt.progress(SECOND * 6, 1, 2);
        clocks.check(SECOND * 10);
        attempt.progress(SECOND * 10, 2, 2);
        clocks.check(SECOND * 15);
        assert!(!attempt.is_stopped());
        clocks.check(SECOND * 16);
        assert_eq!(cause(&attempt).class, FailureClass::NoProgress);
    }

    #[test]
    fn the_silence_clock_goes_only_while_there_is_a_child() {
        let limits = Limits {
            silence: Some(SECOND * 5),
            ..Limits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        clocks.check(SECOND * 50);
        attempt.child_began(SECOND * 50);
        clocks.check(SECOND * 54);
        attempt.hear(SECOND * 54);
        clocks.check(SECOND * 59);
        attempt.child_ended();
        clocks.check(SECOND * 90);
        assert!(!attempt.is_stopped());
        attempt.child_began(SECOND * 90);
        clocks.check(SECOND * 96);
        let failure = cause(&attempt);
        assert_eq!(failure.class, FailureClass::NoOutput);
        assert!(
            failure
                .message
                .contains("5 s, the limit set by --silence-limit"),
            "{failure}"
        );
    }

    #[test]
    fn without_limits_a_job_may_run_for_ever() {
        let (mut clocks, attempt) = started(Limits::default(), SECOND);
        attempt.child_began(SECOND);
        clocks.check(SECOND * 1_000_000);
        assert!(!attempt.is_stopped());
    }
}
