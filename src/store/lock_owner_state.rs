//! What the process that holds a lock is doing, from `/proc`. It knows processes and no stores.
//!
//! A process that was killed keeps its locks until the system has taken its memory and its devices
//! back, which takes seconds with a graphics driver. Meanwhile nobody works in its store.

use std::path::Path;
use std::time::Duration;

/// Processes that are about to release what they hold: exiting (`PF_EXITING`), or killed by a
/// signal (`PF_SIGNALED`).
const ENDING_FLAGS: u32 = 0x4 | 0x400;
/// SIGKILL in a mask of pending signals.
const KILL_PENDING: u64 = 1 << 8;

/// What is known about the owner of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LockOwnerState {
    /// It is this process.
    Ourselves,
    /// It runs, as far as this machine can tell.
    Running,
    /// It was killed or is exiting, and releases its locks when it is gone.
    Ending,
    /// This machine has no such process.
    Gone,
}

impl LockOwnerState {
    /// Returns the state of a process. `proc_folder` is `/proc`.
    pub(super) fn read(process: u32, proc_folder: &Path) -> Self {
        if process == std::process::id() {
            return Self::Ourselves;
        }
        let folder = proc_folder.join(process.to_string());
        let Ok(stat) = std::fs::read_to_string(folder.join("stat")) else {
            // Without `/proc`, as on macOS, every process would look like one that is gone.
            let is_known_system = proc_folder.join("self/stat").exists();
            return if is_known_system {
                Self::Gone
            } else {
                Self::Running
            };
        };
        let status = std::fs::read_to_string(folder.join("status")).unwrap_or_default();
        if has_ending_flags(&stat) || has_pending_kill(&status) {
            Self::Ending
        } else {
            Self::Running
        }
    }

    /// Returns how long a lock of such an owner is worth waiting for.
    pub(super) const fn patience(self) -> Duration {
        match self {
            Self::Ourselves => Duration::ZERO,
            // The signal that ends it may be on its way: a shell starts the next command when the
            // program that sent the signal has ended.
            Self::Running => Duration::from_millis(250),
            Self::Ending => Duration::from_secs(60),
            // The process of another machine that shares the store. Or the lock was taken a moment
            // ago, and its owner has not written its name yet.
            Self::Gone => Duration::from_secs(2),
        }
    }
}

/// Returns whether `/proc/N/stat` is that of a process that is exiting or has exited.
fn has_ending_flags(stat: &str) -> bool {
    // The name comes before, in parentheses, and may hold spaces and parentheses itself.
    let mut fields = stat
        .rsplit_once(')')
        .map_or("", |(_, fields)| fields)
        .split_ascii_whitespace();
    let state = fields.next().unwrap_or_default();
    let flags: u32 = fields
        .nth(5)
        .and_then(|flags| flags.parse().ok())
        .unwrap_or(0);
    matches!(state, "Z" | "X" | "x") || flags & ENDING_FLAGS != 0
}

/// Returns whether `/proc/N/status` is that of a process that has not noticed SIGKILL yet.
fn has_pending_kill(status: &str) -> bool {
    let masks = status.lines().filter_map(|line| {
        line.strip_prefix("SigPnd:")
            .or(line.strip_prefix("ShdPnd:"))
    });
    masks
        .filter_map(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .any(|mask| mask & KILL_PENDING != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "77 (a ) Z 4 (b) STATE 1 77 77 0 -1 FLAGS 100 0 0 0";

    /// Returns the state of process 77 with these files.
    fn state_of(state: &str, flags: &str, pending: &str) -> LockOwnerState {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("77")).unwrap();
        let stat = STAT.replace("STATE", state).replace("FLAGS", flags);
        std::fs::write(folder.path().join("77/stat"), stat).unwrap();
        let status = format!("Name:\tx\nSigPnd:\t{pending}\nShdPnd:\t0000000000000000\n");
        std::fs::write(folder.path().join("77/status"), status).unwrap();
        LockOwnerState::read(77, folder.path())
    }

    #[test]
    fn a_killed_process_is_known_before_and_while_it_ends() {
        let none = "0000000000000000";
        assert_eq!(state_of("S", "4194304", none), LockOwnerState::Running);
        assert_eq!(
            state_of("S", "4194304", "0000000000000100"),
            LockOwnerState::Ending
        );
        assert_eq!(state_of("D", "4194308", none), LockOwnerState::Ending);
        assert_eq!(state_of("R", "4195328", none), LockOwnerState::Ending);
        assert_eq!(state_of("Z", "4194304", none), LockOwnerState::Ending);
        // TERM may be caught, so the process may run on for hours.
        assert_eq!(
            state_of("S", "4194304", "0000000000004000"),
            LockOwnerState::Running
        );
    }

    #[test]
    fn a_process_is_gone_only_where_processes_can_be_seen() {
        let folder = tempfile::tempdir().unwrap();
        let state = || LockOwnerState::read(77, folder.path());
        assert_eq!(state(), LockOwnerState::Running);
        std::fs::create_dir(folder.path().join("self")).unwrap();
        std::fs::write(folder.path().join("self/stat"), "").unwrap();
        assert_eq!(state(), LockOwnerState::Gone);
        assert_eq!(
            LockOwnerState::read(std::process::id(), folder.path()),
            LockOwnerState::Ourselves
        );
    }
}
