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

/// Seconds before the end of time, ten years, at which a clock that is past it stops.
const LAST_SECONDS: i64 = 10 * 365 * 86_400;

/// Returns the time of the system, or the last time that can be written: the end of the year 9999.
fn timestamp_of(time: std::time::SystemTime) -> jiff::Timestamp {
    let is_past = time < std::time::SystemTime::UNIX_EPOCH;
    jiff::Timestamp::try_from(time).unwrap_or(if is_past {
        jiff::Timestamp::MIN
    } else {
        // A little before the end, so that a duration can still be added.
        jiff::Timestamp::from_second(jiff::Timestamp::MAX.as_second() - LAST_SECONDS)
            .unwrap_or(jiff::Timestamp::MAX)
    })
}

impl Clock for SystemClock {
    fn now(&self) -> jiff::Timestamp {
        // Not `Timestamp::now`, which panics beyond the years that it knows: a machine without a
        // battery for its clock may wake up in any of them.
        #[expect(clippy::disallowed_methods, reason = "this is the one clock")]
        let time = std::time::SystemTime::now();
        timestamp_of(time)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::SystemTime;

    #[test]
    fn a_clock_beyond_all_calendars_is_the_last_time_that_can_be_written() {
        let year = Duration::from_secs(365 * 86_400);
        let far = SystemTime::UNIX_EPOCH.checked_add(year * 20_000).unwrap();
        let shown = timestamp_of(far);
        assert!(shown.to_string().starts_with("9990-"), "{shown}");
        assert!(
            shown
                .checked_add(jiff::SignedDuration::from_hours(24))
                .is_ok()
        );
        let near = SystemTime::UNIX_EPOCH + year;
        assert_eq!(timestamp_of(near).as_second(), 365 * 86_400);
    }
}
