//! Waiting for what another machine wrote: a shared file system shows it late, never at once.
//!
//! Between two looks the folder is listed, because that makes network file systems ask their server
//! again. The wait is bounded; at its end it says what was seen in place of what was wanted.

use crate::base::folder_names::folder_names;
use crate::base::{CancelToken, Clock};
use std::path::Path;
use std::time::Duration;

/// The first wait; each further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(50);
/// The longest wait between two looks.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// Names that are told of a folder in which something is missing.
const MAX_LISTED_NAMES: usize = 3;

/// Returns whether what was done `last`, and is done once in every `period`, is to be done again.
pub(super) fn is_due(last: Option<Duration>, now: Duration, period: Duration) -> bool {
    last.is_none_or(|last| now.saturating_sub(last) >= period)
}

/// How long to wait, and for whom to stop.
#[derive(Clone, Copy)]
pub struct PollUntil<'a> {
    /// In all, from the first look.
    pub timeout: Duration,
    /// Says how long it has been.
    pub clock: &'a dyn Clock,
    /// Ends the wait early.
    pub cancel: &'a CancelToken,
}

impl PollUntil<'_> {
    /// Looks until something is seen; none when it was not seen in time.
    pub fn wait_for<T>(&self, mut probe: impl FnMut() -> Option<T>) -> Option<T> {
        let started = self.clock.elapsed();
        let mut wait = FIRST_WAIT;
        loop {
            if let Some(value) = probe() {
                return Some(value);
            }
            let remaining = self
                .timeout
                .saturating_sub(self.clock.elapsed().saturating_sub(started));
            if remaining.is_zero() || self.cancel.is_draining() {
                return None;
            }
            std::thread::sleep(wait.min(remaining));
            wait = (wait * 2).min(MAX_WAIT);
        }
    }
}

/// Returns what a folder shows, for whoever missed something in it.
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
