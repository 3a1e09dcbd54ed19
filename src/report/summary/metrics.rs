//! A run in figures, for people.

use super::columns::{Align, columns};
use crate::report::figures::{bytes, count, money, number, span, words};
use crate::report::metrics::measure::word;
use crate::report::metrics::{Durations, Metrics};
use crate::report::paint::Paint;

/// Returns the figures as text.
#[must_use]
pub fn metrics(metrics: &Metrics, colour: bool) -> String {
    let paint = Paint { colour };
    let status = metrics
        .status
        .map_or_else(|| "running, or cut off".to_owned(), |status| word(&status));
    let took = metrics
        .seconds
        .map(|seconds| format!(" in {}", span(seconds)))
        .unwrap_or_default();
    let head = format!("{}  {status}{took}", paint.strong(&metrics.revision));
    format!(
        "{head}\n\n{}{}",
        facts(metrics, paint),
        producers(metrics, paint)
    )
}

#[expect(clippy::cast_possible_truncation, reason = "counts of jobs")]
fn facts(metrics: &Metrics, paint: Paint) -> String {
    let states = &metrics.jobs;
    let states = [
        (states.made, "made"),
        (states.reused, "already made"),
        (states.failed, "failed"),
        (states.skipped, "skipped"),
        (states.running, "running"),
        (states.pending, "not made"),
    ];
    let states = states.into_iter().filter(|(count, _)| *count > 0);
    let states: Vec<String> = states
        .map(|(count, state)| format!("{} {state}", number(count as usize)))
        .collect();
    let classes = |classes: &std::collections::BTreeMap<String, u64>| {
        let one = |(class, count): (&String, &u64)| format!("{count} {}", words(class));
        classes.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let wait = format!(
        "{}, {} of waiting",
        classes(&metrics.retries),
        span(metrics.retry_wait)
    );
    let written = format!(
        "{} made, {} reused",
        bytes(metrics.bytes_made),
        bytes(metrics.bytes_reused)
    );
    let paid = metrics
        .costs
        .amounts()
        .map(|(currency, amount)| money(amount, currency));
    let reused = metrics
        .reuse_ratio
        .map(|ratio| format!("{:.0}% of jobs", ratio * 100.0));
    let rows = [
        ("jobs", states.join(", "), true),
        (
            "failures",
            classes(&metrics.failures),
            !metrics.failures.is_empty(),
        ),
        ("tried again", wait, !metrics.retries.is_empty()),
        (
            "cost",
            paid.collect::<Vec<_>>().join(", "),
            !metrics.costs.is_empty(),
        ),
        ("written", written, true),
        (
            "reused",
            reused.clone().unwrap_or_default(),
            reused.is_some(),
        ),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(name, value, _)| vec![name.to_owned(), value])
        .collect();
    columns(&rows, &[Align::Left, Align::Left], false, paint)
}

#[expect(clippy::cast_possible_truncation, reason = "counts of jobs and frames")]
fn producers(metrics: &Metrics, paint: Paint) -> String {
    if metrics.producers.is_empty() {
        return String::new();
    }
    let row = |(producer, durations): (&String, &Durations)| {
        vec![
            producer.clone(),
            count(durations.jobs as usize, "job"),
            count(durations.units as usize, "unit"),
            span(durations.seconds),
            format!("longest {}", span(durations.longest)),
        ]
    };
    let rows: Vec<Vec<String>> = metrics.producers.iter().map(row).collect();
    let (left, right) = (Align::Left, Align::Right);
    format!(
        "\n{}",
        columns(&rows, &[left, right, right, right, left], false, paint)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::metrics::measure::tests::metrics as figures;

    #[test]
    fn a_run_in_figures_is_stable() {
        insta::assert_snapshot!(metrics(&figures(), false));
    }
}
