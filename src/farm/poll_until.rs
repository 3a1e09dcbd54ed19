//! Polling until something appears, such as a file of another machine: a shared file system may
//! show it late.
//!
//! Callers list the folder in each probe, because that makes network file systems ask their server
//! again. The wait is bounded, and [`describe_folder`] says what was there when it ended.

use crate::base::folder_names::folder_names;
use crate::base::{CancelToken, Clock};
use std::path::Path;
use std::time::Duration;

/// The first wait. Each further one is twice as long: most files appear within milliseconds, and
/// the rest must not be polled that often.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest wait between two probes.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// Names of a folder that a message lists.
const MAX_LISTED_NAMES: usize = 3;

/// Returns whether a step that was done at `last`, and is done once in each `period`, is due.
pub(super) fn is_due(last: Option<Duration>, now: Duration, period: Duration) -> bool {
    last.is_none_or(|last| now.saturating_sub(last) >= period)
}

/// The limits of a wait.
#[derive(Clone, Copy)]
pub struct PollUntil<'a> {
    /// The longest total wait, from the first probe.
    pub timeout: Duration,
    /// The clock that measures the wait.
    pub clock: &'a dyn Clock,
    /// The cancel token, which ends the wait early.
    pub cancel: &'a CancelToken,
}

impl PollUntil<'_> {
    /// Calls `probe` until it returns a value. `None` after the timeout, or when the run is
    /// cancelled.
    pub fn wait_for<T>(&self, mut probe: impl FnMut() -> Option<T>) -> Option<T> {
        let started = self.clock.elapsed();
        let mut wait = FIRST_WAIT;
        loop {
            // The probe comes before the check of the time, so a timeout of zero still probes once.
            if let Some(value) = probe() {
                return Some(value);
            }
            let remaining = self
                .timeout
                .saturating_sub(self.clock.elapsed().saturating_sub(started));
            if remaining.is_zero() || self.cancel.is_draining() {
                return None;
            }
            // The last wait is cut to the time that is left, so one more probe happens at the end.
            std::thread::sleep(wait.min(remaining));
            wait = (wait * 2).min(MAX_WAIT);
        }
    }
}

/// Returns what a folder contains, for messages about a missing file. The first names tell a wrong
/// folder from a late file.
#[must_use]
pub(super) fn describe_folder(folder: &Path) -> String {
    let names = match folder_names(folder, usize::MAX, |_| true) {
        Ok(names) => names,
        Err(error) => return format!("{} cannot be listed: {error}", folder.display()),
    };
    match names.len() {
        0 => format!("{} is empty", folder.display()),
        count => {
            let first = names[..count.min(MAX_LISTED_NAMES)].join(", ");
            let more = if count > MAX_LISTED_NAMES {
                ", ..."
            } else {
                ""
            };
            format!("{} holds {count} files ({first}{more})", folder.display())
        }
    }
}
