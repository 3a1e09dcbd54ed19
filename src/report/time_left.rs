//! The time left of a run: what is ahead by the estimate, corrected by how far the estimates of
//! each kind of work were off so far, over the pace at which the run works.

use crate::model::ActionKind;
use std::collections::BTreeMap;

/// Seconds during which the plan's estimate weighs more than the measured pace.
// The first jobs are imports and other small ones, and workers are still starting. Their pace says
// little about rendering.
const ESTIMATE_TRUST_SECONDS: f64 = 15.0;

/// Estimated seconds of a kind of work that count as much as what the kind has shown.
const KIND_TRUST_SECONDS: f64 = 5.0;

/// Estimated and true seconds by kind of work.
#[derive(Debug, Clone, Default)]
pub(super) struct WorkTally {
    kinds: BTreeMap<ActionKind, KindTally>,
}

#[derive(Debug, Clone, Copy, Default)]
struct KindTally {
    /// Estimated seconds of jobs that have not ended, running ones included.
    ahead: f64,
    /// Estimated seconds of jobs that were made.
    expected: f64,
    /// What these jobs took, as they ran beside others.
    actual: f64,
}

impl WorkTally {
    /// Adds a job that is still to do.
    pub(super) fn add_job(&mut self, kind: ActionKind, estimated: f64) {
        self.kinds.entry(kind).or_default().ahead += estimated;
    }

    /// Removes a job that ended. `actual` is what it took; `None`: it was not made in this run.
    pub(super) fn end_job(&mut self, kind: ActionKind, estimated: f64, actual: Option<f64>) {
        let tally = self.kinds.entry(kind).or_default();
        tally.ahead -= estimated;
        // Reused, failed and skipped jobs show no pace.
        if let Some(actual) = actual {
            tally.expected += estimated;
            tally.actual += actual;
        }
    }

    /// Returns the seconds left. `running` has the kind and the estimated seconds of the done part
    /// of each running job, `ran` the seconds since the start, `parallelism` the estimated seconds
    /// of work per second that the plan expects. `None`: nothing is ahead.
    pub(super) fn seconds_left(
        &self,
        running: &[(ActionKind, f64)],
        ran: f64,
        parallelism: f64,
    ) -> Option<f64> {
        let expected: f64 = self.kinds.values().map(|tally| tally.expected).sum();
        let actual: f64 = self.kinds.values().map(|tally| tally.actual).sum();
        let under_way: f64 = running.iter().map(|(_, seconds)| seconds).sum();
        // How much slower jobs were than estimated, all kinds together. The pace has this already,
        // so a kind counts only by how it differs from it.
        let overall = if expected > 0.0 && actual > 0.0 {
            actual / expected
        } else {
            1.0
        };
        let ahead: f64 = self
            .kinds
            .iter()
            .map(|(kind, tally)| {
                let done = running.iter().filter(|(other, _)| other == kind);
                let done: f64 = done.map(|(_, seconds)| seconds).sum();
                let shown = (tally.actual / overall + KIND_TRUST_SECONDS)
                    / (tally.expected + KIND_TRUST_SECONDS);
                (tally.ahead - done).max(0.0) * shown
            })
            .sum();
        // The estimate enters as if the run had worked at the planned pace for
        // `ESTIMATE_TRUST_SECONDS` before its start. Its weight fades without a threshold, so the
        // figure never jumps.
        let pace = ESTIMATE_TRUST_SECONDS.mul_add(parallelism, expected + under_way)
            / (ran + ESTIMATE_TRUST_SECONDS);
        (ahead > 0.0 && pace > 0.0)
            .then(|| ahead / pace)
            // "about 0s left" helps nobody.
            .filter(|seconds| *seconds >= 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally() -> WorkTally {
        let mut tally = WorkTally::default();
        tally.add_job(ActionKind::Render, 200.0);
        tally.add_job(ActionKind::Encode, 100.0);
        tally
    }

    #[test]
    fn at_the_start_the_plan_decides() {
        let left = tally().seconds_left(&[], 0.0, 2.0).unwrap();
        assert!((left - 150.0).abs() < 1e-9, "{left}");
    }

    #[test]
    fn a_kind_that_takes_longer_than_estimated_moves_what_is_ahead_of_it() {
        let left = |encode_seconds: f64| {
            let mut tally = tally();
            for _ in 0..10 {
                tally.end_job(ActionKind::Render, 10.0, Some(10.0));
                tally.end_job(ActionKind::Encode, 5.0, Some(encode_seconds));
            }
            tally.seconds_left(&[], 100.0, 1.5).unwrap()
        };
        assert!(left(10.0) > 0.9 * left(5.0));
        let mut slow_render = tally();
        slow_render.end_job(ActionKind::Encode, 90.0, Some(90.0));
        slow_render.end_job(ActionKind::Render, 20.0, Some(60.0));
        let mut as_estimated = tally();
        as_estimated.end_job(ActionKind::Encode, 90.0, Some(90.0));
        as_estimated.end_job(ActionKind::Render, 20.0, Some(20.0));
        let slow = slow_render.seconds_left(&[], 150.0, 1.0).unwrap();
        let fair = as_estimated.seconds_left(&[], 110.0, 1.0).unwrap();
        assert!(slow > 1.8 * fair, "{slow} {fair}");
    }

    #[test]
    fn the_done_part_of_a_running_job_is_not_ahead() {
        let whole = tally().seconds_left(&[], 10.0, 1.0).unwrap();
        let running = [(ActionKind::Render, 10.0)];
        assert!(tally().seconds_left(&running, 10.0, 1.0).unwrap() < whole - 9.0);
    }

    #[test]
    fn no_job_ahead_is_no_time_left() {
        assert_eq!(WorkTally::default().seconds_left(&[], 3.0, 1.0), None);
    }
}
