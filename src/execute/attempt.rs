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
pub(crate) struct Attempt {
    /// Which of the job it is, from 1.
    pub(crate) number: u32,
    /// Asks it to stop.
    pub(super) cancel: CancelToken,
    began: AtomicU64,
    progressed: AtomicU64,
    heard: AtomicU64,
    /// Units done and in all, 32 bits each, that the dispatcher was not told of; 0 for none.
    untold: AtomicU64,
    /// Child processes that it has now.
    children: AtomicUsize,
    overrun: OnceLock<JobFailure>,
}

impl Attempt {
    pub(super) fn new(number: u32, cancel: CancelToken, now: Duration) -> Self {
        let now_ms = millis(now);
        Self {
            number,
            cancel,
            began: AtomicU64::new(now_ms),
            progressed: AtomicU64::new(now_ms),
            heard: AtomicU64::new(now_ms),
            untold: AtomicU64::new(0),
            children: AtomicUsize::new(0),
            overrun: OnceLock::new(),
        }
    }

    /// Notes that it begins now, and not when it was made out.
    pub(super) fn begin(&self, now: Duration) {
        for clock in [&self.began, &self.progressed, &self.heard] {
            clock.store(millis(now), Ordering::SeqCst);
        }
    }

    /// Returns when it began, in the run's time.
    pub(super) fn began(&self) -> Duration {
        Duration::from_millis(self.began.load(Ordering::SeqCst))
    }

    /// Notes that `done` units of work were done, of how many.
    pub(super) fn progress(&self, now: Duration, done: usize, of: usize) {
        self.progressed.store(millis(now), Ordering::SeqCst);
        let half = |units: usize| u64::from(u32::try_from(units).unwrap_or(u32::MAX));
        self.untold
            .store(half(done) << 32 | half(of), Ordering::SeqCst);
    }

    /// Returns the progress that was noted since this was last asked, the newest only.
    pub(super) fn take_progress(&self) -> Option<(usize, usize)> {
        let untold = self.untold.swap(0, Ordering::SeqCst);
        let half = |bits: u64| usize::try_from(bits & u64::from(u32::MAX)).unwrap_or(usize::MAX);
        (untold != 0).then(|| (half(untold >> 32), half(untold)))
    }

    /// Notes that a child process was started.
    pub(super) fn child_began(&self, now: Duration) {
        self.hear(now);
        self.children.fetch_add(1, Ordering::SeqCst);
    }

    /// Notes that a child process has ended.
    pub(super) fn child_ended(&self) {
        self.children.fetch_sub(1, Ordering::SeqCst);
    }

    /// Notes a sign of life of a child process.
    pub(super) fn hear(&self, now: Duration) {
        self.heard.store(millis(now), Ordering::SeqCst);
    }

    /// Returns when it last did units of work.
    pub(super) fn progressed_at(&self) -> Duration {
        Duration::from_millis(self.progressed.load(Ordering::SeqCst))
    }

    /// Returns since when its child processes are silent; none while it has none.
    pub(super) fn silent_since(&self) -> Option<Duration> {
        let has_children = self.children.load(Ordering::SeqCst) > 0;
        has_children.then(|| Duration::from_millis(self.heard.load(Ordering::SeqCst)))
    }

    /// Asks it to stop because it is over a limit.
    pub(super) fn stop(&self, overrun: JobFailure) {
        if self.overrun.set(overrun).is_ok() {
            self.cancel.request_halt();
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.overrun.get().is_some()
    }

    /// Returns why it really failed: one that was stopped for a limit only knows that it was stopped.
    pub(super) fn cause(&self, failure: JobFailure) -> JobFailure {
        match self.overrun.get() {
            Some(overrun) if failure.class == FailureClass::Cancelled => {
                overrun.clone().with_evidence(failure.evidence)
            }
            _ => failure,
        }
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
