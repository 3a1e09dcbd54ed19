//! When a failed job is tried again: by the class of its failure, later each time, and never more
//! often than the policy allows.
//!
//! Waits grow fourfold, and vary a little from job to job so that jobs that failed together do not
//! return together. The variation follows from a seed, the job and the attempt, so a run can be
//! repeated exactly.

use crate::base::Digest;
use crate::producers::FailureClass;
use std::time::Duration;

/// The wait before the second attempt. Each further one is four times as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The first wait for a licence. Each further one is twice as long.
// Longer at first than after a crash, but growing slower: a licence is free when somebody finishes,
// which no wait of ours makes sooner.
const FIRST_LICENCE_WAIT: Duration = Duration::from_secs(5);
/// The longest wait for a licence.
const LONGEST_LICENCE_WAIT: Duration = Duration::from_secs(60);
/// The largest fraction of a wait that is added to it or subtracted.
const JITTER: f64 = 0.2;
/// How often a job may lose its machine without spending an attempt.
// A limit, because the job itself may be what takes machines down.
const MAX_LOST_HOSTS: u32 = 3;

/// How often jobs are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most attempts after the first.
    pub max_retries: u32,
    /// The longest time that a job may wait for licences in all. `None`: no limit.
    pub max_licence_wait: Option<Duration>,
    /// The seed of the variation between waits. `None`: no variation.
    pub seed: Option<u64>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 1,
            max_licence_wait: None,
            seed: None,
        }
    }
}

/// What happened to one job so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RetryState {
    /// Attempts that were started.
    pub attempts: u32,
    /// Failures that spent an attempt.
    counted_failures: u32,
    /// Failures because every licence was taken.
    licence_failures: u32,
    /// The time that it has waited for licences.
    licence_waited: Duration,
    /// Machines that it has lost.
    lost_hosts: u32,
}

impl RetryPolicy {
    /// Adds a failure of `job` to its state. Returns the wait before the next attempt. `None`: no
    /// further attempt.
    // A licence that is taken and a machine that is lost are not the job's fault, so they spend no
    // attempt. With one retry, a busy evening would otherwise fail a whole run.
    #[must_use]
    pub fn retry_delay(
        self,
        job: &str,
        class: FailureClass,
        state: &mut RetryState,
    ) -> Option<Duration> {
        match class {
            FailureClass::Licence => self.licence_delay(job, state),
            FailureClass::HostLost if state.lost_hosts < MAX_LOST_HOSTS => {
                state.lost_hosts += 1;
                Some(self.with_jitter(FIRST_WAIT, job, state.attempts))
            }
            _ => {
                // The failure counts before the comparison: `max_retries` are attempts after the
                // first, so the first failure is number 1.
                state.counted_failures += 1;
                let again = state.counted_failures <= self.max_retries && is_retryable(class);
                let factor = 4_u32.saturating_pow(state.counted_failures.saturating_sub(1));
                let wait = FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT);
                again.then(|| self.with_jitter(wait, job, state.attempts))
            }
        }
    }

    /// Returns how often a job was tried, as the end of its last failure, if `retries` of the
    /// document's limits is what ends it. `None`: it may be tried again, or never helps.
    #[must_use]
    pub fn spent_text(class: FailureClass, own_retries: u32, state: &RetryState) -> Option<String> {
        let is_spent = is_retryable(class) && state.counted_failures > own_retries;
        let times = match state.attempts {
            0 | 1 => "once".to_owned(),
            attempts => format!("{attempts} times"),
        };
        is_spent.then(|| {
            format!("; tried {times}, since `retries` of `limits` in the document is {own_retries}")
        })
    }

    fn licence_delay(self, job: &str, state: &mut RetryState) -> Option<Duration> {
        let factor = 2_u32.saturating_pow(state.licence_failures);
        let wait = FIRST_LICENCE_WAIT
            .saturating_mul(factor)
            .min(LONGEST_LICENCE_WAIT);
        state.licence_failures += 1;
        let wait = self.with_jitter(wait, job, state.attempts);
        // The coming wait counts: a job must not wait longer than the limit only to learn that it
        // is exceeded.
        let waited = state.licence_waited + wait;
        let within = self.max_licence_wait.is_none_or(|limit| waited <= limit);
        state.licence_waited = waited;
        within.then_some(wait)
    }

    /// Returns the wait, up to a fifth longer or shorter.
    fn with_jitter(self, wait: Duration, job: &str, attempt: u32) -> Duration {
        // A digest and not a random number: tests and replays of a run get the same waits.
        let Some(seed) = self.seed else { return wait };
        let digest = Digest::hash_bytes(format!("{seed} {attempt} {job}").as_bytes()).hex_string();
        let share = u32::from_str_radix(&digest[..8], 16)
            .map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
        wait.mul_f64(1.0 + JITTER * (2.0 * share - 1.0))
            .min(LONGEST_WAIT)
    }
}

/// Returns whether the same work may succeed later without a change by a person.
const fn is_retryable(class: FailureClass) -> bool {
    match class {
        FailureClass::Crash
        | FailureClass::Timeout
        | FailureClass::NoOutput
        | FailureClass::NoProgress
        | FailureClass::OutOfMemory
        | FailureClass::BadOutput
        | FailureClass::HostLost
        | FailureClass::Licence => true,
        // Here somebody must act first, or did: trying again would delay the report and change
        // nothing.
        FailureClass::MissingInput
        | FailureClass::MissingTool
        | FailureClass::DiskFull
        | FailureClass::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the waits in seconds after failures of these classes, one after another.
    fn waits(retries: RetryPolicy, classes: &[FailureClass]) -> Vec<Option<u64>> {
        let mut tries = RetryState::default();
        let mut wait = |class: &FailureClass| {
            tries.attempts += 1;
            retries
                .retry_delay("job", *class, &mut tries)
                .map(|wait| wait.as_secs())
        };
        classes.iter().map(&mut wait).collect()
    }

    #[test]
    fn a_crash_is_tried_again_later_each_time_and_then_given_up() {
        let retries = RetryPolicy {
            max_retries: 3,
            ..RetryPolicy::default()
        };
        assert_eq!(
            waits(retries, &[FailureClass::Crash; 4]),
            [Some(1), Some(4), Some(16), None]
        );
    }

    #[test]
    fn a_failure_that_only_a_person_can_fix_is_not_retried() {
        for class in [
            FailureClass::MissingInput,
            FailureClass::MissingTool,
            FailureClass::DiskFull,
        ] {
            assert_eq!(
                waits(
                    RetryPolicy {
                        max_retries: 9,
                        ..RetryPolicy::default()
                    },
                    &[class]
                ),
                [None],
                "{class:?}"
            );
        }
    }

    #[test]
    fn the_last_failure_names_the_field_that_ends_it() {
        use FailureClass::{Crash, MissingTool};
        let policy = RetryPolicy {
            max_retries: 1,
            ..RetryPolicy::default()
        };
        let mut state = RetryState::default();
        let mut spent_text = |class| {
            state.attempts += 1;
            let _ = policy.retry_delay("job", class, &mut state);
            RetryPolicy::spent_text(class, 1, &state)
        };
        assert_eq!(spent_text(Crash), None);
        assert_eq!(
            spent_text(Crash).as_deref(),
            Some("; tried 2 times, since `retries` of `limits` in the document is 1")
        );
        assert_eq!(spent_text(MissingTool), None);
    }

    #[test]
    fn a_licence_is_waited_for_without_spending_a_try() {
        use FailureClass::{Crash, Licence};
        let classes = [
            Licence, Licence, Licence, Licence, Licence, Licence, Crash, Crash,
        ];
        let expected = [
            Some(5),
            Some(10),
            Some(20),
            Some(40),
            Some(60),
            Some(60),
            Some(1),
            None,
        ];
        assert_eq!(waits(RetryPolicy::default(), &classes), expected);
    }

    #[test]
    fn a_limit_on_the_wait_for_licences_holds_for_all_waits_together() {
        let retries = RetryPolicy {
            max_licence_wait: Some(Duration::from_secs(20)),
            ..RetryPolicy::default()
        };
        assert_eq!(
            waits(retries, &[FailureClass::Licence; 3]),
            [Some(5), Some(10), None]
        );
    }

    #[test]
    fn a_job_that_takes_its_machine_down_again_and_again_is_given_up() {
        let expected = [Some(1), Some(1), Some(1), Some(1), None];
        assert_eq!(
            waits(RetryPolicy::default(), &[FailureClass::HostLost; 5]),
            expected
        );
    }

    proptest! {
        #[test]
        fn waits_differ_within_a_fifth_and_follow_from_the_seed(seed: u64, job in "[a-z]{1,8}", most in 1u32..40) {
            let retries = RetryPolicy { max_retries: most, seed: Some(seed), ..RetryPolicy::default() };
            let mut one = RetryState::default();
            let mut two = RetryState::default();
            for _ in 0..most {
                let exact = FIRST_WAIT.saturating_mul(4_u32.saturating_pow(one.counted_failures)).min(LONGEST_WAIT);
                let wait = retries.retry_delay(&job, FailureClass::Crash, &mut one);
                prop_assert_eq!(wait, retries.retry_delay(&job, FailureClass::Crash, &mut two));
                let wait = wait.unwrap();
                prop_assert!(wait <= LONGEST_WAIT && wait >= exact.mul_f64(0.799) && wait <= exact.mul_f64(1.201));
            }
        }
    }
}
