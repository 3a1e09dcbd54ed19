//! One attempt of one job: asked to stop by the dispatcher, heard by it through clocks that the worker winds up.
//!
//! The worker's side only stores times; the dispatcher's side only reads them. So neither ever waits for the other.

use crate::base::CancelToken;
use crate::producers::{FailureClass, JobFailure};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// One attempt that runs.
#[derive(Debug)]
pub(crate) struct JobAttempt {
    /// Which of the job it is, from 1.
    pub(crate) number: u32,
    /// Asks it to stop.
    pub(super) cancel: CancelToken,
    started_ms: AtomicU64,
    progressed_ms: AtomicU64,
    last_activity_ms: AtomicU64,
    /// Units done and in all, 32 bits each, that the dispatcher was not told of; 0 for none.
    unreported_progress: AtomicU64,
    /// Child processes that it has now.
    live_children: AtomicUsize,
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

    /// Notes that it begins now, and not when it was made out.
    pub(super) fn mark_started(&self, now: Duration) {
        for clock in [
            &self.started_ms,
            &self.progressed_ms,
            &self.last_activity_ms,
        ] {
            clock.store(saturating_millis(now), Ordering::SeqCst);
        }
    }

    /// Returns when it began, in the run's time.
    pub(super) fn started_at(&self) -> Duration {
        Duration::from_millis(self.started_ms.load(Ordering::SeqCst))
    }

    /// Notes that `done` units of work were done, of how many.
    pub(super) fn record_progress(&self, now: Duration, done: usize, total: usize) {
        self.progressed_ms
            .store(saturating_millis(now), Ordering::SeqCst);
        let half = |units: usize| u64::from(u32::try_from(units).unwrap_or(u32::MAX));
        self.unreported_progress
            .store(half(done) << 32 | half(total), Ordering::SeqCst);
    }

    /// Returns the progress that was noted since this was last asked, the newest only.
    pub(super) fn take_progress(&self) -> Option<(usize, usize)> {
        let packed = self.unreported_progress.swap(0, Ordering::SeqCst);
        let half = |bits: u64| usize::try_from(bits & u64::from(u32::MAX)).unwrap_or(usize::MAX);
        (packed != 0).then(|| (half(packed >> 32), half(packed)))
    }

    /// Notes that a child process was started.
    pub(super) fn record_child_start(&self, now: Duration) {
        self.record_activity(now);
        self.live_children.fetch_add(1, Ordering::SeqCst);
    }

    /// Notes that a child process has ended.
    pub(super) fn record_child_exit(&self) {
        self.live_children.fetch_sub(1, Ordering::SeqCst);
    }

    /// Notes a sign of life of a child process.
    pub(super) fn record_activity(&self, now: Duration) {
        self.last_activity_ms
            .store(saturating_millis(now), Ordering::SeqCst);
    }

    /// Returns when it last did units of work.
    pub(super) fn progressed_at(&self) -> Duration {
        Duration::from_millis(self.progressed_ms.load(Ordering::SeqCst))
    }

    /// Returns since when its child processes are silent; none while it has none.
    pub(super) fn silent_since(&self) -> Option<Duration> {
        let has_children = self.live_children.load(Ordering::SeqCst) > 0;
        has_children.then(|| Duration::from_millis(self.last_activity_ms.load(Ordering::SeqCst)))
    }

    /// Asks it to stop because it is over a limit.
    pub(super) fn stop_over_limit(&self, failure: JobFailure) {
        if self.limit_failure.set(failure).is_ok() {
            self.cancel.request_halt();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.limit_failure.get().is_some()
    }

    /// Returns why it really failed: one that was stopped for a limit only knows that it was stopped.
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
