//! Counts the processes that the system killed for want of memory, since a killed process cannot
//! report it.

use crate::base::{Clock, SystemClock};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// How long a count from before a call may be reused.
// A read of /proc/vmstat costs more than the start of a small process. A count that is too old can
// only make a kill before the call look like one during it, and that within one second.
const CACHE_LIFETIME: Duration = Duration::from_secs(1);

/// Returns the kills since boot. `None`: the system has no such counter.
#[cfg(target_os = "linux")]
pub(super) fn oom_kill_count() -> Option<u64> {
    parse_oom_kills(&std::fs::read_to_string("/proc/vmstat").ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn oom_kill_count() -> Option<u64> {
    None
}

/// Returns the kills since boot, at most one second old.
pub(super) fn recent_oom_kill_count() -> Option<u64> {
    // Process-wide, since all workers start children and the counter is the machine's.
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
        // The space excludes longer names. Kernels before 4.13 have no such line.
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
