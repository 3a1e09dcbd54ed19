//! How often the system has killed a process for want of memory: a process that was killed cannot say it itself.

use crate::base::{Clock, SystemClock};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long a count is good enough to begin with: reading it costs more than starting a small process.
const CACHE_LIFETIME: Duration = Duration::from_secs(1);

/// Returns the number of such kills since the machine started, where the system counts them.
#[cfg(target_os = "linux")]
pub(super) fn oom_kill_count() -> Option<u64> {
    parse_oom_kills(&std::fs::read_to_string("/proc/vmstat").ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn oom_kill_count() -> Option<u64> {
    None
}

/// Returns the number of such kills as it was within the last second.
pub(super) fn recent_oom_kill_count() -> Option<u64> {
    static CLOCK: OnceLock<SystemClock> = OnceLock::new();
    static KNOWN: Mutex<Option<(Duration, Option<u64>)>> = Mutex::new(None);
    let now = CLOCK.get_or_init(SystemClock::default).elapsed();
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    match *known {
        Some((read, kills)) if now < read + CACHE_LIFETIME => kills,
        _ => known.insert((now, oom_kill_count())).1,
    }
}

#[cfg(target_os = "linux")]
fn parse_oom_kills(vmstat: &str) -> Option<u64> {
    vmstat
        .lines()
        .find_map(|line| line.strip_prefix("oom_kill "))?
        .trim()
        .parse()
        .ok()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    #[test]
    fn the_count_is_read_from_the_line_of_that_name() {
        assert_eq!(
            super::parse_oom_kills("pgfault 3\noom_kill 12\noom_kill_x 4\n"),
            Some(12)
        );
        assert_eq!(super::parse_oom_kills("pgfault 3\n"), None);
    }
}
