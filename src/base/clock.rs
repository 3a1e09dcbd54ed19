//! Time as an argument. No other file reads the machine's clocks, so tests can set the time.

use std::time::Duration;

/// A source of wall time and of monotonic time.
pub trait Clock: Send + Sync {
    /// Returns the wall time.
    fn now(&self) -> jiff::Timestamp;
    /// Returns the time since an arbitrary fixed instant. It never decreases, unlike wall time.
    fn elapsed(&self) -> Duration;
}

/// The machine's own clocks.
pub struct SystemClock {
    started: std::time::Instant,
}

impl Default for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
    fn default() -> Self {
        // Tests pass a clock of their own, so a call to the system's clock elsewhere would not be
        // seen by them.
        Self {
            started: std::time::Instant::now(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}
