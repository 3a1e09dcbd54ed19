//! The resources of this machine: cores that this process may use, and free memory.
//!
//! Cores follow the affinity and the CPU quota of control groups. Memory is the smaller of two
//! numbers: what the kernel calls available, and what is left below the tightest limit of the
//! control groups above this process. So the limits of a container are respected, which `MemTotal`
//! does not show.

use std::path::{Path, PathBuf};

/// The resources that were detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetectedResources {
    /// Cores that this process may use.
    pub cores: u32,
    /// Free memory in mebibytes. `None` if the system does not report it.
    pub memory: Option<u32>,
    /// Whether a control group allows less memory than is free.
    pub limited: bool,
}

/// Detects the resources. `root` is `/`, or in tests a folder in its place.
#[must_use]
pub fn detect_resources(root: &Path) -> DetectedResources {
    // Without an answer from the system, one core is the only number that is certainly right.
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let free = available_memory(root);
    let group = cgroup_headroom(root).min();
    let limited = group.is_some_and(|group| free.is_none_or(|free| group < free));
    // Both limits hold at once, so the smaller one counts.
    let bytes = free.into_iter().chain(group).min();
    let memory = bytes.map(|bytes| u32::try_from(bytes >> 20).unwrap_or(u32::MAX));
    DetectedResources {
        cores: u32::try_from(cores).unwrap_or(u32::MAX),
        memory,
        limited,
    }
}

/// Returns the bytes that can be used without swapping.
fn available_memory(root: &Path) -> Option<u64> {
    // `MemAvailable` includes caches that the kernel can drop. `MemFree` would be far too low on a
    // machine that has run for a while.
    let text = std::fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()?
        .checked_mul(1024)
}

/// Returns the bytes left in each control group above this process that has a limit.
fn cgroup_headroom(root: &Path) -> impl Iterator<Item = u64> {
    // Systems without control groups have no such file, and no limits of this kind.
    let text = std::fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let group_paths: Vec<(PathBuf, String)> = text
        .lines()
        .filter_map(|line| {
            // A line is `ID:CONTROLLERS:PATH`. Version 2 has no controllers; version 1 has a
            // hierarchy for each.
            let mut parts = line.splitn(3, ':').skip(1);
            let controllers = parts.next()?;
            let path = parts.next()?.trim_start_matches('/').to_owned();
            let base = match controllers {
                "" => root.join("sys/fs/cgroup"),
                _ if controllers.split(',').any(|name| name == "memory") => {
                    root.join("sys/fs/cgroup/memory")
                }
                _ => return None,
            };
            Some((base, path))
        })
        .collect();
    group_paths.into_iter().flat_map(|(base, path)| {
        // The path has lost its leading slash: joining an absolute path would replace the base.
        let folder = base.join(path);
        // A limit of any ancestor applies to the whole subtree, so each of them is read.
        let above = folder
            .ancestors()
            .take_while(|ancestor| ancestor.starts_with(&base))
            .map(Path::to_path_buf);
        above
            .filter_map(|ancestor| remaining_memory(&ancestor))
            .collect::<Vec<_>>()
    })
}

/// Returns the bytes left below the limit of a group. Version 2 of control groups is tried before
/// version 1.
fn remaining_memory(group: &Path) -> Option<u64> {
    // The usage may be over the limit for a moment, hence the saturating subtraction below.
    let number = |name: &str| {
        std::fs::read_to_string(group.join(name))
            .ok()?
            .trim()
            .parse::<u64>()
            .ok()
    };
    // Version 2 writes `max` for no limit, which is no number, so the group is skipped.
    let pairs = [
        ("memory.max", "memory.current"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes"),
    ];
    pairs
        .into_iter()
        .find_map(|(most, used)| Some(number(most)?.saturating_sub(number(used).unwrap_or(0))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(files: &[(&str, &str)]) -> DetectedResources {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        detect_resources(root.path())
    }

    const MEMINFO: (&str, &str) = (
        "proc/meminfo",
        "MemTotal: 8388608 kB\nMemAvailable:    4194304 kB\n",
    );

    #[test]
    fn without_limits_available_memory_counts() {
        let found = machine(&[
            MEMINFO,
            ("proc/self/cgroup", "0::/a\n"),
            ("sys/fs/cgroup/a/memory.max", "max\n"),
        ]);
        assert_eq!((found.memory, found.limited), (Some(4096), false));
    }

    #[test]
    fn the_tightest_group_above_the_process_counts() {
        let found = machine(&[
            MEMINFO,
            ("proc/self/cgroup", "0::/a/b\n"),
            ("sys/fs/cgroup/a/memory.max", "1073741824\n"),
            ("sys/fs/cgroup/a/memory.current", "536870912\n"),
            ("sys/fs/cgroup/a/b/memory.max", "2147483648\n"),
        ]);
        assert_eq!((found.memory, found.limited), (Some(512), true));
    }

    #[test]
    fn the_older_form_of_groups_counts_too() {
        let found = machine(&[
            MEMINFO,
            ("proc/self/cgroup", "3:cpu:/\n5:memory:/box\n"),
            (
                "sys/fs/cgroup/memory/box/memory.limit_in_bytes",
                "268435456\n",
            ),
        ]);
        assert_eq!(found.memory, Some(256));
    }

    #[test]
    fn unknown_memory_of_a_system_is_no_limit() {
        assert_eq!(machine(&[]).memory, None);
    }
}
