//! When a failed job is tried again: by the class of its failure, later each time, and never more often than asked.
//!
//! Waits grow fourfold, and differ a little from job to job so that jobs that failed together do not come back together.
//! By how much follows from a seed, the job and the try: a run can be told again exactly.

use crate::base::Digest;
use crate::producers::FailureClass;
use std::time::Duration;

/// The wait before the second try; each further one waits four times as long.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The first wait for a licence, which comes back when somebody finishes; each further one is twice as long.
const FIRST_LICENCE_WAIT: Duration = Duration::from_secs(5);
/// The longest wait for a licence.
const LONGEST_LICENCE_WAIT: Duration = Duration::from_secs(60);
/// The largest part of a wait that is added to it or taken off.
const SPREAD: f64 = 0.2;
/// How often a job that takes its machine down may begin anew without spending a try.
const LOST_HOSTS: u32 = 3;

/// How often jobs are tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// The most tries after the first.
    pub most: u32,
    /// How long a job may wait for licences in all; none for no limit.
    pub licence: Option<Duration>,
    /// What the differences between waits follow from; none for no differences.
    pub seed: Option<u64>,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            most: 1,
            licence: None,
            seed: None,
        }
    }
}

/// What one job has gone through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// Attempts that were begun.
    pub begun: u32,
    /// Failures that spent a try.
    spent: u32,
    /// Failures in a row for want of a licence.
    short: u32,
    /// How long it has waited for licences.
    waited: Duration,
    /// Machines that it has lost.
    lost: u32,
}

impl Retries {
    /// Notes a failure of `job`, and returns how long to wait before trying again; `None` to give up.
    ///
    /// A licence that is taken, and a machine that is gone, are not the job's fault: they spend no try.
    #[must_use]
    pub fn wait(self, job: &str, class: FailureClass, tries: &mut Tries) -> Option<Duration> {
        match class {
            FailureClass::Licence => self.wait_for_licence(job, tries),
            FailureClass::HostLost if tries.lost < LOST_HOSTS => {
                tries.lost += 1;
                Some(self.spread(FIRST_WAIT, job, tries.begun))
            }
            _ => {
                tries.spent += 1;
                let again = tries.spent <= self.most && may_pass(class);
                let factor = 4_u32.saturating_pow(tries.spent.saturating_sub(1));
                let wait = FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT);
                again.then(|| self.spread(wait, job, tries.begun))
            }
        }
    }

    fn wait_for_licence(self, job: &str, tries: &mut Tries) -> Option<Duration> {
        let factor = 2_u32.saturating_pow(tries.short);
        let wait = FIRST_LICENCE_WAIT
            .saturating_mul(factor)
            .min(LONGEST_LICENCE_WAIT);
        tries.short += 1;
        let wait = self.spread(wait, job, tries.begun);
        let waited = tries.waited + wait;
        let within = self.licence.is_none_or(|most| waited <= most);
        tries.waited = waited;
        within.then_some(wait)
    }

    /// Returns the wait, a little longer or shorter.
    fn spread(self, wait: Duration, job: &str, attempt: u32) -> Duration {
        let Some(seed) = self.seed else { return wait };
        let digest = Digest::hash_bytes(format!("{seed} {attempt} {job}").as_bytes()).hex_string();
        let share = u32::from_str_radix(&digest[..8], 16)
            .map_or(0.5, |n| f64::from(n) / f64::from(u32::MAX));
        wait.mul_f64(1.0 + SPREAD * (2.0 * share - 1.0))
            .min(LONGEST_WAIT)
    }
}

/// Returns whether the same work may succeed at another time, with nothing changed by a person.
const fn may_pass(class: FailureClass) -> bool {
    match class {
        FailureClass::Crash
        | FailureClass::Timeout
        | FailureClass::NoOutput
        | FailureClass::NoProgress
        | FailureClass::OutOfMemory
        | FailureClass::BadOutput
        | FailureClass::HostLost
        | FailureClass::Licence => true,
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
    fn waits(retries: Retries, classes: &[FailureClass]) -> Vec<Option<u64>> {
        let mut tries = Tries::default();
        let mut wait = |class: &FailureClass| {
            tries.begun += 1;
            retries
                .wait("job", *class, &mut tries)
                .map(|wait| wait.as_secs())
        };
        classes.iter().map(&mut wait).collect()
    }

    #[test]
    fn a_crash_is_tried_again_later_each_time_and_then_given_up() {
        let retries = Retries {
            most: 3,
            ..Retries::default()
        };
        assert_eq!(
            waits(retries, &[FailureClass::Crash; 4]),
            [Some(1), Some(4), Some(16), None]
        );
    }

    #[test]
    fn what_only_a_person_can_mend_is_not_tried_again() {
        for class in [
            FailureClass::MissingInput,
            FailureClass::MissingTool,
            FailureClass::DiskFull,
        ] {
            assert_eq!(
                waits(
                    Retries {
                        most: 9,
                        ..Retries::default()
                    },
                    &[class]
                ),
                [None],
                "{class:?}"
            );
        }
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
        assert_eq!(waits(Retries::default(), &classes), expected);
    }

    #[test]
    fn a_limit_on_the_wait_for_licences_holds_for_all_waits_together() {
        let retries = Retries {
            licence: Some(Duration::from_secs(20)),
            ..Retries::default()
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
            waits(Retries::default(), &[FailureClass::HostLost; 5]),
            expected
        );
    }

    proptest! {
        #[test]
        fn waits_differ_within_a_fifth_and_follow_from_the_seed(seed: u64, job in "[a-z]{1,8}", most in 1u32..40) {
            let retries = Retries { most, seed: Some(seed), ..Retries::default() };
            let (mut one, mut two) = (Tries::default(), Tries::default());
            for _ in 0..most {
                let exact = FIRST_WAIT.saturating_mul(4_u32.saturating_pow(one.spent)).min(LONGEST_WAIT);
                let wait = retries.wait(&job, FailureClass::Crash, &mut one);
                prop_assert_eq!(wait, retries.wait(&job, FailureClass::Crash, &mut two));
                let wait = wait.unwrap();
                prop_assert!(wait <= LONGEST_WAIT && wait >= exact.mul_f64(0.799) && wait <= exact.mul_f64(1.201));
            }
        }
    }
}
