//! How a process ended.

use std::fmt;
use std::process::ExitStatus;

/// How a process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProcessExit {
    /// Its exit status, if it ended by itself.
    pub status: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether the system killed any process for want of memory meanwhile; none where it does not say.
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

    /// Returns whether it ended by itself, without an error.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, Some(0))
    }

    /// Returns the signal that ended it: its own, or that of a child whose end a shell passed on as 128 and the number.
    #[must_use]
    pub const fn kill_signal(&self) -> Option<i32> {
        match (self.signal, self.status) {
            (Some(signal), _) => Some(signal),
            (None, Some(status)) if status > 128 && status <= 128 + 64 => Some(status - 128),
            _ => None,
        }
    }
}

impl fmt::Display for ProcessExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.status, self.signal) {
            (Some(status), _) => write!(f, "ended with status {status}"),
            (None, Some(signal)) => write!(f, "was killed by signal {}", signal_name(signal)),
            (None, None) => f.write_str("ended without a status"),
        }
    }
}

/// Returns a signal's number, with its name where everyone knows it by name.
fn signal_name(signal: i32) -> String {
    let name = match signal {
        1 => "HUP",
        2 => "INT",
        4 => "ILL",
        6 => "ABRT",
        7 => "BUS",
        8 => "FPE",
        9 => "KILL",
        11 => "SEGV",
        13 => "PIPE",
        15 => "TERM",
        24 => "XCPU",
        25 => "XFSZ",
        _ => return signal.to_string(),
    };
    format!("{signal} ({name})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_above_128_tells_the_signal_that_a_shell_passed_on() {
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
