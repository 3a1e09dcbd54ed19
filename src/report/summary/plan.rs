//! What a plan will do, by phase, and why.

use super::columns::{Align, columns};
use crate::model::Phase;
use crate::plan::{Plan, Planned, Reason};
use crate::report::figures::{count, number};
use crate::report::paint::Paint;
use std::collections::BTreeMap;

/// Jobs of one phase.
#[derive(Default)]
struct Tally {
    jobs: usize,
    run: usize,
    reasons: BTreeMap<&'static str, usize>,
}

/// Returns the table of a plan: wanted jobs by phase, how many will run, and for what reasons.
#[must_use]
pub fn plan(plan: &Plan, colour: bool) -> String {
    let wanted = || plan.jobs().map(|(_, planned)| planned).filter(|planned| planned.wanted);
    let runs = wanted().filter(|planned| planned.reason.is_dirty()).count();
    let all = wanted().count();
    let heading = ["Phase", "jobs", "to run", "why"].map(str::to_owned).to_vec();
    let rows = tallies(wanted()).into_iter().map(|(phase, tally)| row(phase, &tally));
    let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows).collect();
    let table =
        columns(&rows, &[Align::Left, Align::Right, Align::Right, Align::Left], true, Paint { colour });
    format!("{}: {} to run, {} already made\n\n{table}", count(all, "job"), number(runs), number(all - runs))
}

fn tallies<'a>(wanted: impl Iterator<Item = &'a Planned>) -> BTreeMap<Phase, Tally> {
    let mut tallies: BTreeMap<Phase, Tally> = BTreeMap::new();
    for planned in wanted {
        let tally = tallies.entry(planned.job.phase).or_default();
        tally.jobs += 1;
        tally.run += usize::from(planned.reason.is_dirty());
        *tally.reasons.entry(word(&planned.reason)).or_default() += 1;
    }
    tallies
}

fn row(phase: Phase, tally: &Tally) -> Vec<String> {
    let why: Vec<String> =
        tally.reasons.iter().map(|(word, count)| format!("{} {word}", number(*count))).collect();
    vec![phase.name().to_owned(), number(tally.jobs), number(tally.run), why.join(", ")]
}

fn word(reason: &Reason) -> &'static str {
    match reason {
        Reason::Reused => "already made",
        Reason::Initial => "new",
        Reason::InputsChanged => "changed",
        Reason::ProducesMissing => "lost from the store",
        Reason::Propagated { .. } => "after a job that will run",
    }
}

#[cfg(test)]
mod tests {
    use crate::report::fixture;

    #[test]
    fn a_plan_shows_jobs_by_phase_with_their_reasons() {
        insta::assert_snapshot!(super::plan(&fixture::planned(), false));
    }
}
