//! When a failed job is tried again: by the class of its failure, later each time, and never more often than asked.

use crate::producers::FailureClass;
use std::time::Duration;

/// The wait before the second try; each further one waits four times as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// How often jobs are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// The most tries after the first.
    pub most: u32,
}

impl Default for Retries {
    fn default() -> Self {
        Self { most: 1 }
    }
}

impl Retries {
    /// Returns how long to wait before trying again after `tries` of which the last failed so; `None` to give up.
    #[must_use]
    pub fn wait(self, class: FailureClass, tries: u32) -> Option<Duration> {
        let again = tries <= self.most && may_pass(class);
        again.then(|| {
            FIRST_WAIT.saturating_mul(4_u32.saturating_pow(tries.saturating_sub(1))).min(LONGEST_WAIT)
        })
    }
}

/// Returns whether the same work may succeed at another time, with nothing changed by a person.
const fn may_pass(class: FailureClass) -> bool {
    match class {
        FailureClass::Crash
        | FailureClass::Timeout
        | FailureClass::NoProgress
        | FailureClass::OutOfMemory
        | FailureClass::BadOutput => true,
        FailureClass::MissingInput
        | FailureClass::MissingTool
        | FailureClass::DiskFull
        | FailureClass::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_is_tried_again_later_each_time_and_then_given_up() {
        let waits: Vec<_> =
            (1..5).map(|tries| Retries { most: 3 }.wait(FailureClass::Crash, tries)).collect();
        let seconds = |s| Some(Duration::from_secs(s));
        assert_eq!(waits, [seconds(1), seconds(4), seconds(16), None]);
    }

    #[test]
    fn what_only_a_person_can_mend_is_not_tried_again() {
        for class in [FailureClass::MissingInput, FailureClass::MissingTool, FailureClass::DiskFull] {
            assert_eq!(Retries { most: 9 }.wait(class, 1), None, "{class:?}");
        }
    }

    #[test]
    fn a_wait_never_exceeds_five_minutes() {
        assert_eq!(Retries { most: 99 }.wait(FailureClass::Timeout, 60), Some(LONGEST_WAIT));
    }
}
