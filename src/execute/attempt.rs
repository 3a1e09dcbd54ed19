//! One attempt at one job, shared by the worker that makes it and the dispatcher that watches it.
//!
//! The worker only stores times, and the dispatcher only reads them. So neither ever waits for the
//! other.

use crate::base::CancelToken;
use crate::producers::{FailureClass, JobFailure};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// One attempt.
#[derive(Debug)]
pub(crate) struct JobAttempt {
    /// Its number within the job, from 1.
    pub(crate) number: u32,
    /// Requests it to stop.
    pub(super) cancel: CancelToken,
    // Times are milliseconds of the run: an atomic holds them, and a limit of less is of no use.
    started_ms: AtomicU64,
    progressed_ms: AtomicU64,
    last_activity_ms: AtomicU64,
    /// Units done and in all, 32 bits each, that were not reported yet. 0: none.
    // Both in one atomic, so that a reader never sees the units of one report with the total of
    // another.
    unreported_progress: AtomicU64,
    /// Child processes that are running.
    live_children: AtomicUsize,
    /// Why it was stopped, if it exceeded a limit.
    limit_failure: OnceLock<JobFailure>,
}

impl JobAttempt {
    pub(super) fn new(number: u32, cancel: CancelToken, now: Duration) -> Self {
        let now_ms = saturating_millis(now);
        Self {
            number,
            cancel,
            started_ms: AtomicU64::new(now_ms),
            progressed_ms: AtomicU64::new(now_ms),
            last_activity_ms: AtomicU64::new(now_ms),
            unreported_progress: AtomicU64::new(0),
            live_children: AtomicUsize::new(0),
            limit_failure: OnceLock::new(),
        }
    }

    /// Starts its clocks. An attempt may wait in a queue after it was created.
    pub(super) fn mark_started(&self, now: Duration) {
        for clock in [
            &self.started_ms,
            &self.progressed_ms,
            &self.last_activity_ms,
        ] {
            clock.store(saturating_millis(now), Ordering::SeqCst);
        }
    }

    /// Returns when it started, in the time of the run.
    pub(super) fn started_at(&self) -> Duration {
        Duration::from_millis(self.started_ms.load(Ordering::SeqCst))
    }

    /// Records that `done` of `total` units are complete.
    pub(super) fn record_progress(&self, now: Duration, done: usize, total: usize) {
        self.progressed_ms
            .store(saturating_millis(now), Ordering::SeqCst);
        // Both numbers in one atomic, so that a reader never takes the total of one report and the
        // units of another.
        let half = |units: usize| u64::from(u32::try_from(units).unwrap_or(u32::MAX));
        self.unreported_progress
            .store(half(done) << 32 | half(total), Ordering::SeqCst);
    }

    /// Returns the newest progress that was not reported yet, and marks it as reported.
    // Only the newest, because a display has no use for the steps in between, and a renderer of
    // small frames would fill a queue with them.
    pub(super) fn take_progress(&self) -> Option<(usize, usize)> {
        let packed = self.unreported_progress.swap(0, Ordering::SeqCst);
        let half = |bits: u64| usize::try_from(bits & u64::from(u32::MAX)).unwrap_or(usize::MAX);
        (packed != 0).then(|| (half(packed >> 32), half(packed)))
    }

    /// Records that a child process started.
    pub(super) fn record_child_start(&self, now: Duration) {
        // The silence of a child begins with its start, not with the last output of the child
        // before it.
        self.record_activity(now);
        self.live_children.fetch_add(1, Ordering::SeqCst);
    }

    /// Records that a child process ended.
    pub(super) fn record_child_exit(&self) {
        self.live_children.fetch_sub(1, Ordering::SeqCst);
    }

    /// Records activity of a child process.
    pub(super) fn record_activity(&self, now: Duration) {
        self.last_activity_ms
            .store(saturating_millis(now), Ordering::SeqCst);
    }

    /// Returns whether a child process of it runs.
    pub(super) fn has_children(&self) -> bool {
        self.live_children.load(Ordering::SeqCst) > 0
    }

    /// Returns when it last completed a unit.
    pub(super) fn progressed_at(&self) -> Duration {
        Duration::from_millis(self.progressed_ms.load(Ordering::SeqCst))
    }

    /// Returns since when its child processes are silent. `None`: it has none.
    // Work inside the program prints nothing and is not stuck for that, so it has no silence.
    pub(super) fn silent_since(&self) -> Option<Duration> {
        self.has_children()
            .then(|| Duration::from_millis(self.last_activity_ms.load(Ordering::SeqCst)))
    }

    /// Requests it to stop because it exceeded a limit.
    pub(super) fn stop_over_limit(&self, failure: JobFailure) {
        // Only the first limit counts. A job that takes a while to stop may exceed a second one
        // meanwhile.
        if self.limit_failure.set(failure).is_ok() {
            self.cancel.request_halt();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.limit_failure.get().is_some()
    }

    /// Returns the limit that stopped the attempt, if one did, in place of its own failure.
    // A producer that is stopped only knows that. Any other failure came before the request had an
    // effect, and is the true one.
    pub(super) fn root_cause(&self, failure: JobFailure) -> JobFailure {
        match self.limit_failure.get() {
            Some(limit_failure) if failure.class == FailureClass::Cancelled => {
                limit_failure.clone().with_evidence(failure.evidence)
            }
            _ => failure,
        }
    }
}

fn saturating_millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
