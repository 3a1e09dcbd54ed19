//! How often the system has killed a process for want of memory: a process that was killed cannot say it itself.

/// Returns the number of such kills since the machine started, where the system counts them.
#[cfg(target_os = "linux")]
pub(super) fn kills() -> Option<u64> {
    count(&std::fs::read_to_string("/proc/vmstat").ok()?)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn kills() -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
fn count(vmstat: &str) -> Option<u64> {
    vmstat.lines().find_map(|line| line.strip_prefix("oom_kill "))?.trim().parse().ok()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    #[test]
    fn the_count_is_read_from_the_line_of_that_name() {
        assert_eq!(super::count("pgfault 3\noom_kill 12\noom_kill_x 4\n"), Some(12));
        assert_eq!(super::count("pgfault 3\n"), None);
    }
}
