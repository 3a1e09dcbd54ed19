//! Exit status and signal of a process.

use std::fmt;
use std::process::ExitStatus;

/// How a process ended. `status` and `signal` are both `None` if the system reported neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcessExit {
    /// Exit status. `None` if a signal ended the process.
    pub status: Option<i32>,
    /// Number of the signal that ended the process. Always `None` on Windows.
    pub signal: Option<i32>,
    /// Whether the system killed any process for want of memory during the call. `None`: unknown.
    pub memory_ran_out: Option<bool>,
}

impl ProcessExit {
    pub(super) fn from_status(status: ExitStatus, memory_ran_out: Option<bool>) -> Self {
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal = None;
        Self {
            status: status.code(),
            signal,
            memory_ran_out,
        }
    }

    /// Returns whether the exit status is 0.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, Some(0))
    }

    /// Returns the signal that ended the process, or that ended a child of its shell: shells exit
    /// with 128 plus the number.
    #[must_use]
    pub const fn kill_signal(&self) -> Option<i32> {
        match (self.signal, self.status) {
            (Some(signal), _) => Some(signal),
            // Linux has 64 signals. Higher statuses, such as 255 of ssh, are not signals.
            (None, Some(status)) if status > 128 && status <= 128 + 64 => Some(status - 128),
            _ => None,
        }
    }
}

impl fmt::Display for ProcessExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.signal) {
            (Some(status), _) => write!(f, "ended with status {status}"),
            (None, Some(signal)) => write!(f, "was killed by signal {}", numbered_signal(signal)),
            (None, None) => f.write_str("ended without a status"),
        }
    }
}

/// Returns the number of a signal, with its name if it is a common one.
fn numbered_signal(signal: i32) -> String {
    match crate::base::signal_names::signal_name(signal) {
        Some(name) => format!("{signal} ({name})"),
        None => signal.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_above_128_is_a_signal_from_a_shell() {
        let ended = |status| ProcessExit {
            status: Some(status),
            ..ProcessExit::default()
        };
        assert_eq!(
            [0, 1, 128, 137, 139, 255].map(|status| ended(status).kill_signal()),
            [None, None, None, Some(9), Some(11), None]
        );
    }

    #[test]
    fn signals_that_have_well_known_names_are_shown_with_them() {
        let killed = |signal| {
            ProcessExit {
                signal: Some(signal),
                ..ProcessExit::default()
            }
            .to_string()
        };
        assert_eq!(
            [killed(9), killed(50)],
            ["was killed by signal 9 (KILL)", "was killed by signal 50"]
        );
    }
}
