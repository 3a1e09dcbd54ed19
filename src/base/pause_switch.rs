//! A shared request to pause a run, and a clock that stands still while nothing of the run moves.

use super::{CancelToken, Clock, SystemClock};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Time between two looks at the request to stop while a thread is frozen.
const LOOK_INTERVAL: Duration = Duration::from_millis(100);

/// How far a run is paused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PauseLevel {
    /// It is in progress.
    #[default]
    Running,
    /// No new job starts. Jobs that run finish.
    Holding,
    /// Jobs that run stand still too.
    Frozen,
}

/// A cloneable request to pause. All clones are one switch.
#[derive(Debug, Clone, Default)]
pub struct PauseSwitch {
    shared: Arc<PauseShared>,
}

#[derive(Debug, Default)]
struct PauseShared {
    level: AtomicU8,
    is_clock_stopped: AtomicBool,
    turned: Mutex<()>,
    turn: Condvar,
}

impl PauseSwitch {
    /// Returns the current level.
    #[must_use]
    pub fn level(&self) -> PauseLevel {
        match self.shared.level.load(Ordering::SeqCst) {
            0 => PauseLevel::Running,
            1 => PauseLevel::Holding,
            _ => PauseLevel::Frozen,
        }
    }

    /// Sets the level, and wakes the threads that were frozen if they may go on.
    pub fn set_level(&self, level: PauseLevel) {
        // Under the lock: a thread that has just found the old level must not miss the wake-up.
        let _turned = self.shared.turned.lock();
        self.shared.level.store(level as u8, Ordering::SeqCst);
        self.shared.turn.notify_all();
    }

    /// Returns whether jobs that run must stand still.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.level() == PauseLevel::Frozen
    }

    /// Returns once jobs may go on, or `cancel` asks them to stop.
    pub fn wait_while_frozen(&self, cancel: &CancelToken) {
        let mut turned = self
            .shared
            .turned
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        while self.is_frozen() && !cancel.is_halting() {
            // The token cannot wake anybody, so it is looked at now and then.
            let waited = self.shared.turn.wait_timeout(turned, LOOK_INTERVAL);
            (turned, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Stops the clocks of this switch, or lets them go on.
    pub fn set_clock_stopped(&self, stopped: bool) {
        self.shared
            .is_clock_stopped
            .store(stopped, Ordering::SeqCst);
    }
}

/// The time of a run without its pauses. Time limits, measured durations and the time left follow
/// it, so a pause of a night makes no job slow.
#[derive(Clone, Default)]
pub struct PausableClock {
    switch: PauseSwitch,
    clock: Arc<SystemClock>,
    stops: Arc<Mutex<ClockStops>>,
}

/// The pauses of a clock so far.
#[derive(Debug, Default)]
struct ClockStops {
    /// All pauses that are over.
    total: Duration,
    /// When the current one began. `None`: the clock goes.
    since: Option<Duration>,
}

impl PausableClock {
    /// Returns a clock that stops with `switch`.
    #[must_use]
    pub fn new(switch: PauseSwitch) -> Self {
        Self {
            switch,
            ..Self::default()
        }
    }
}

impl ClockStops {
    /// Returns the time without pauses at the time `now` of the machine.
    // The switch has no clock, so a pause begins and ends here, when somebody asks for the time.
    // The dispatcher asks every 50 ms.
    fn adjust_time(&mut self, now: Duration, is_stopped: bool) -> Duration {
        match (self.since, is_stopped) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                self.total += now.saturating_sub(since);
                self.since = None;
            }
            _ => {}
        }
        self.since.unwrap_or(now).saturating_sub(self.total)
    }
}

impl Clock for PausableClock {
    fn now(&self) -> jiff::Timestamp {
        self.clock.now()
    }

    fn elapsed(&self) -> Duration {
        let is_stopped = self.switch.shared.is_clock_stopped.load(Ordering::SeqCst);
        let mut stops = self.stops.lock().unwrap_or_else(PoisonError::into_inner);
        // Read under the lock: two threads that read in turn must not see the time go back.
        stops.adjust_time(self.clock.elapsed(), is_stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_pause_is_not_in_the_time_and_two_pauses_add_up() {
        let mut stops = ClockStops::default();
        assert_eq!(stops.adjust_time(SECOND * 5, false), SECOND * 5);
        assert_eq!(stops.adjust_time(SECOND * 6, true), SECOND * 6);
        assert_eq!(stops.adjust_time(SECOND * 60, true), SECOND * 6);
        assert_eq!(stops.adjust_time(SECOND * 100, false), SECOND * 6);
        assert_eq!(stops.adjust_time(SECOND * 101, false), SECOND * 7);
        assert_eq!(stops.adjust_time(SECOND * 103, true), SECOND * 9);
        assert_eq!(stops.adjust_time(SECOND * 110, false), SECOND * 9);
    }

    #[test]
    fn a_frozen_thread_goes_on_when_the_run_does_or_must_stop() {
        let switch = PauseSwitch::default();
        let cancel = CancelToken::default();
        switch.wait_while_frozen(&cancel);
        for is_resumed in [true, false] {
            switch.set_level(PauseLevel::Frozen);
            std::thread::scope(|scope| {
                let frozen = scope.spawn(|| switch.wait_while_frozen(&cancel));
                assert!(!frozen.is_finished());
                if is_resumed {
                    switch.set_level(PauseLevel::Holding);
                } else {
                    cancel.request_halt();
                }
            });
        }
    }
}
