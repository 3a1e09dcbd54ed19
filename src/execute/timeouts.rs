//! The three clocks of running jobs: how long each runs, how long its child processes are silent,
//! and how long it makes no progress.
//!
//! There are no limits unless the user sets them. A job over a limit is stopped, and fails
//! with the clock, its limit and the option that set it.

use super::attempt::JobAttempt;
use crate::model::JobId;
use crate::producers::{FailureClass, JobFailure};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// How precisely limits are enforced.
// With a thousand jobs running, a look at each after every event would cost more than the events.
const CHECK_INTERVAL: Duration = Duration::from_millis(50);

/// The longest times of a job. `None`: no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobTimeLimits {
    /// From start to end.
    pub wall: Option<Duration>,
    /// Between two signs of activity of its child processes: output, reading or writing.
    pub silence: Option<Duration>,
    /// Between two finished units.
    pub progress: Option<Duration>,
}

/// The attempts that are running.
pub(super) struct RunningAttempts {
    limits: JobTimeLimits,
    running: BTreeMap<JobId, Arc<JobAttempt>>,
    /// Time limits that the document sets, by job.
    // Apart from the attempts: most documents set none, and then a run without limits of the
    // command line has nothing to check.
    own_limits: BTreeMap<JobId, Duration>,
    /// When the limits were last checked.
    last_check: Duration,
}

impl RunningAttempts {
    pub(super) const fn new(limits: JobTimeLimits) -> Self {
        Self {
            limits,
            running: BTreeMap::new(),
            own_limits: BTreeMap::new(),
            last_check: Duration::ZERO,
        }
    }

    /// Adds an attempt. `limit` is the time limit that the document sets for its job.
    pub(super) fn add_attempt(
        &mut self,
        id: JobId,
        attempt: Arc<JobAttempt>,
        limit: Option<Duration>,
    ) {
        self.running.insert(id, attempt);
        if let Some(limit) = limit {
            self.own_limits.insert(id, limit);
        }
    }

    pub(super) fn running_count(&self) -> usize {
        self.running.len()
    }

    pub(super) fn running_jobs(&self) -> impl Iterator<Item = JobId> {
        self.running.keys().copied()
    }

    pub(super) fn remove_attempt(&mut self, id: JobId) {
        self.running.remove(&id);
        // With the attempt: a retry brings its limit along.
        self.own_limits.remove(&id);
    }

    /// Asks every job that exceeds a limit to stop.
    pub(super) fn stop_overdue(&mut self, now: Duration) {
        let is_unlimited = self.limits == JobTimeLimits::default() && self.own_limits.is_empty();
        if is_unlimited || now < self.last_check + CHECK_INTERVAL {
            return;
        }
        self.last_check = now;
        for (id, attempt) in self
            .running
            .iter()
            // A job takes a while to stop, and one request is enough.
            .filter(|(_, attempt)| !attempt.is_stopped())
        {
            // The author of the document knows this job, so that limit comes first.
            let own = self.own_limits.get(id).copied();
            let failure = match own {
                Some(limit) => exceeded_own_limit(limit, attempt, now).or_else(|| {
                    // The document's time limit takes the place of the command's.
                    let others = JobTimeLimits {
                        wall: None,
                        ..self.limits
                    };
                    exceeded_limit(others, attempt, now)
                }),
                None => exceeded_limit(self.limits, attempt, now),
            };
            if let Some(failure) = failure {
                attempt.stop_over_limit(failure);
            }
        }
    }
}

fn exceeded_own_limit(limit: Duration, attempt: &JobAttempt, now: Duration) -> Option<JobFailure> {
    let is_over = now.saturating_sub(attempt.started_at()) > limit;
    is_over.then(|| {
        let message = format!(
            "finish within {}, the limit set by `time` of `limits` in the document",
            limit_text(limit)
        );
        JobFailure::new(FailureClass::Timeout, message)
    })
}

fn exceeded_limit(
    limits: JobTimeLimits,
    attempt: &JobAttempt,
    now: Duration,
) -> Option<JobFailure> {
    let over = |limit: Option<Duration>, since: Option<Duration>| {
        limit
            .zip(since)
            .filter(|(limit, since)| now.saturating_sub(*since) > *limit)
            .map(|(limit, _)| limit)
    };
    // One cause is enough. The time limit comes first, as it ends the job in any case; raising one
    // of the others would not help.
    let wall = over(limits.wall, Some(attempt.started_at())).map(|limit| {
        let message = format!(
            "finish within {}, the limit set by --time-limit",
            limit_text(limit)
        );
        JobFailure::new(FailureClass::Timeout, message)
    });
    let silence = || {
        let limit = over(limits.silence, attempt.silent_since())?;
        let message = format!(
            "see any activity of its tool for {}, the limit set by --silence-limit",
            limit_text(limit)
        );
        Some(JobFailure::new(FailureClass::NoOutput, message))
    };
    wall.or_else(silence).or_else(|| {
        let limit = over(limits.progress, Some(attempt.progressed_at()))?;
        let message = format!(
            "make any progress for {}, the limit set by --progress-limit",
            limit_text(limit)
        );
        Some(JobFailure::new(FailureClass::NoProgress, message))
    })
}

/// Returns a limit in the unit in which it was probably typed.
fn limit_text(limit: Duration) -> String {
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

    fn started(limits: JobTimeLimits, now: Duration) -> (RunningAttempts, Arc<JobAttempt>) {
        let attempt = Arc::new(JobAttempt::new(1, CancelToken::default(), now));
        let mut clocks = RunningAttempts::new(limits);
        clocks.add_attempt(JobId(3), Arc::clone(&attempt), None);
        (clocks, attempt)
    }

    fn cause(attempt: &JobAttempt) -> JobFailure {
        attempt.root_cause(JobFailure::new(FailureClass::Cancelled, "stopped"))
    }

    #[test]
    fn a_limit_of_the_document_takes_the_place_of_the_one_of_the_command() {
        let limits = JobTimeLimits {
            wall: Some(SECOND * 10),
            ..JobTimeLimits::default()
        };
        let attempt = Arc::new(JobAttempt::new(1, CancelToken::default(), Duration::ZERO));
        let mut clocks = RunningAttempts::new(limits);
        clocks.add_attempt(JobId(3), Arc::clone(&attempt), Some(SECOND * 20));
        clocks.stop_overdue(SECOND * 15);
        assert!(!attempt.cancel.is_halting());
        clocks.stop_overdue(SECOND * 21);
        let failure = cause(&attempt);
        assert!(
            failure
                .message
                .contains("20 s, the limit set by `time` of `limits` in the document"),
            "{failure}"
        );
    }

    #[test]
    fn a_job_over_its_time_is_stopped_with_the_limit_in_its_failure() {
        let limits = JobTimeLimits {
            wall: Some(SECOND * 10),
            ..JobTimeLimits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        clocks.stop_overdue(SECOND * 11);
        assert!(!attempt.cancel.is_halting());
        clocks.stop_overdue(SECOND * 12);
        assert!(attempt.cancel.is_halting());
        let failure = cause(&attempt);
        assert_eq!(failure.class, FailureClass::Timeout);
        assert!(failure.message.contains("--time-limit"), "{failure}");
    }

    #[test]
    fn progress_winds_the_progress_clock_up_again() {
        let limits = JobTimeLimits {
            progress: Some(SECOND * 5),
            ..JobTimeLimits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        attempt.record_progress(SECOND * 6, 1, 2);
        clocks.stop_overdue(SECOND * 10);
        attempt.record_progress(SECOND * 10, 2, 2);
        clocks.stop_overdue(SECOND * 15);
        assert!(!attempt.is_stopped());
        clocks.stop_overdue(SECOND * 16);
        assert_eq!(cause(&attempt).class, FailureClass::NoProgress);
    }

    #[test]
    fn the_silence_clock_goes_only_while_there_is_a_child() {
        let limits = JobTimeLimits {
            silence: Some(SECOND * 5),
            ..JobTimeLimits::default()
        };
        let (mut clocks, attempt) = started(limits, SECOND);
        clocks.stop_overdue(SECOND * 50);
        attempt.record_child_start(SECOND * 50);
        clocks.stop_overdue(SECOND * 54);
        attempt.record_activity(SECOND * 54);
        clocks.stop_overdue(SECOND * 59);
        attempt.record_child_exit();
        clocks.stop_overdue(SECOND * 90);
        assert!(!attempt.is_stopped());
        attempt.record_child_start(SECOND * 90);
        clocks.stop_overdue(SECOND * 96);
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
        let (mut clocks, attempt) = started(JobTimeLimits::default(), SECOND);
        attempt.record_child_start(SECOND);
        clocks.stop_overdue(SECOND * 1_000_000);
        assert!(!attempt.is_stopped());
    }
}
