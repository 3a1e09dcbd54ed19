//! Summary of an estimate as a table.

use crate::base::printable::flatten_escaped;
use crate::execute::{PhaseEstimate, RunEstimate};
use crate::report::paint::TextPaint;
use crate::report::plan_facts::{EstimateRange, cost_ranges};
use crate::report::text_format::{format_count, format_duration, format_money};
use crate::report::text_table::{ColumnAlign, format_columns};

/// Returns the table of an estimate: work by phase, time until the last job ends, and the basis of
/// the figures.
#[must_use]
pub fn estimate_table(estimate: &RunEstimate, colour: bool) -> String {
    let paint = TextPaint { colour };
    // A table of zeros would look like a failed estimate.
    if estimate.dirty_jobs == 0 {
        return format!(
            "Nothing to do: {} already made.\n",
            format_count(estimate.reused_jobs, "job")
        );
    }
    let heading = ["Work", "jobs", "at best", "expected", "at worst", "from"]
        .map(str::to_owned)
        .to_vec();
    let rows: Vec<Vec<String>> = std::iter::once(heading)
        .chain(estimate.phases.iter().map(estimate_row))
        .collect();
    let align = [
        ColumnAlign::Left,
        ColumnAlign::Right,
        ColumnAlign::Right,
        ColumnAlign::Right,
        ColumnAlign::Right,
        ColumnAlign::Left,
    ];
    let table = format_columns(&rows, &align, true, paint);
    let (low, middle, high) = estimate.makespan;
    let expected = paint.emphasis(&format!("about {}", format_duration(middle)));
    let jobs = format!(
        "{} to run, {} already made",
        format_count(estimate.dirty_jobs, "job"),
        estimate.reused_jobs
    );
    format!(
        "Done in {expected}, between {} and {}: {jobs}\n{}\n{table}\n{}",
        format_duration(low),
        format_duration(high),
        cost_lines(estimate),
        basis_line(&estimate.basis)
    )
}

fn cost_lines(estimate: &RunEstimate) -> String {
    cost_ranges(estimate)
        .into_iter()
        .map(|(currency, EstimateRange { low, middle, high })| {
            let middle = format_money(middle, &currency);
            // Compared as text: a range whose ends look the same is no range. Prices for each frame
            // have none.
            if format_money(low, &currency) == format_money(high, &currency) {
                format!("Costs {middle}\n")
            } else {
                format!(
                    "Costs about {middle}, between {} and {}\n",
                    format_money(low, &currency),
                    format_money(high, &currency)
                )
            }
        })
        .collect()
}

fn estimate_row(work: &PhaseEstimate) -> Vec<String> {
    let (low, middle, high) = work.seconds;
    // Shown for each phase, because one phase can be measured and the next one guessed.
    let from = if work.samples == 0 {
        "a rough guess".to_owned()
    } else {
        format_count(work.samples, "sample")
    };
    vec![
        work.phase.name().to_owned(),
        work.jobs.to_string(),
        format_duration(low),
        format_duration(middle),
        format_duration(high),
        from,
    ]
}

fn basis_line(basis: &str) -> String {
    if basis.is_empty() {
        String::new()
    } else {
        format!("  Based on {}\n", flatten_escaped(basis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CostAmount, CostTotals, Phase};

    #[test]
    fn an_estimate_shows_ranges_by_phase_and_what_they_rest_on() {
        let work = |phase, seconds, jobs, samples| PhaseEstimate {
            phase,
            seconds,
            jobs,
            samples,
        };
        let phases = vec![
            work(Phase::Shots, (62.0, 130.0, 360.0), 32, 211),
            work(Phase::Export, (4.0, 8.5, 21.0), 8, 0),
        ];
        let basis = "212 jobs recorded on this machine".to_owned();
        let shown = estimate_table(
            &RunEstimate {
                phases,
                makespan: (30.0, 65.0, 190.0),
                costs: Default::default(),
                dirty_jobs: 40,
                reused_jobs: 3,
                basis,
            },
            false,
        );
        insta::assert_snapshot!(shown);
    }

    #[test]
    fn an_estimate_of_priced_work_has_its_cost() {
        let mut dear = costly(&[0.5, 0.75, 2.0]);
        assert_eq!(
            cost_lines(&dear),
            "Costs about 0.75 EUR, between 0.50 EUR and 2.00 EUR\n"
        );
        dear.costs = costly(&[0.04; 3]).costs;
        assert_eq!(cost_lines(&dear), "Costs 0.04 EUR\n");
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a test's small amounts"
    )]
    fn costly(amounts: &[f64; 3]) -> RunEstimate {
        let costs = amounts.map(|amount| {
            let mut costs = CostTotals::default();
            costs.add(&CostAmount {
                millionths: (amount * 1e6) as u64,
                currency: "EUR".into(),
            });
            costs
        });
        let basis = String::new();
        RunEstimate {
            phases: vec![],
            makespan: (1.0, 2.0, 3.0),
            costs,
            dirty_jobs: 1,
            reused_jobs: 0,
            basis,
        }
    }

    #[test]
    fn an_estimate_of_a_finished_plan_is_nothing_to_do() {
        let nothing = RunEstimate {
            phases: vec![],
            makespan: (0.0, 0.0, 0.0),
            costs: Default::default(),
            dirty_jobs: 0,
            reused_jobs: 12,
            basis: String::new(),
        };
        assert_eq!(
            estimate_table(&nothing, false),
            "Nothing to do: 12 jobs already made.\n"
        );
    }
}
