//! Waiting for what another machine wrote: a shared file system shows it late, never at once.
//!
//! Between two looks the folder is listed, because that makes network file systems ask their server again. The wait is
//! bounded; at its end it says what was seen in place of what was wanted.

use crate::base::{CancelToken, Clock};
use std::path::Path;
use std::time::Duration;

/// The first wait; each further one is twice as long.
const FIRST: Duration = Duration::from_millis(50);
/// The longest wait between two looks.
const LONGEST: Duration = Duration::from_secs(5);
/// Names that are told of a folder in which something is missing.
const TOLD: usize = 3;

/// How long to wait, and for whom to stop.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    /// In all, from the first look.
    pub most: Duration,
    /// Says how long it has been.
    pub clock: &'a dyn Clock,
    /// Ends the wait early.
    pub cancel: &'a CancelToken,
}

impl Patience<'_> {
    /// Looks until something is seen; none when it was not seen in time.
    pub fn until<T>(&self, mut look: impl FnMut() -> Option<T>) -> Option<T> {
        let since = self.clock.elapsed();
        let mut wait = FIRST;
        loop {
            if let Some(seen) = look() {
                return Some(seen);
            }
            let left = self
                .most
                .saturating_sub(self.clock.elapsed().saturating_sub(since));
            if left.is_zero() || self.cancel.is_draining() {
                return None;
            }
            std::thread::sleep(wait.min(left));
            wait = (wait * 2).min(LONGEST);
        }
    }
}

/// Returns what a folder shows, for whoever missed something in it.
#[must_use]
pub(super) fn seen_in(folder: &Path) -> String {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return format!("{} cannot be listed: {error}", folder.display()),
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    match names.len() {
        0 => format!("{} is empty", folder.display()),
        count => {
            let first = names[..count.min(TOLD)].join(", ");
            let more = if count > TOLD { ", ..." } else { "" };
            format!("{} holds {count} files ({first}{more})", folder.display())
        }
    }
}
