//! Metrics of a run as text for people.

use crate::base::json::serialized_name;
use crate::report::metrics::RunMetrics;
use crate::report::paint::TextPaint;
use crate::report::text_format::{
    format_bytes, format_count, format_duration, format_money, format_number, identifier_words,
};
use crate::report::text_table::{ColumnAlign, format_columns};
use std::collections::BTreeMap;

/// Returns the metrics as text.
#[must_use]
pub fn metrics_text(metrics: &RunMetrics, colour: bool) -> String {
    let paint = TextPaint { colour };
    // The journal of a killed run ends like that of a running one. Only the lock of the store shows
    // the difference, and metrics are computed from events alone.
    let status = metrics.status.map_or_else(
        || "running, or cut off".to_owned(),
        |status| serialized_name(&status),
    );
    let elapsed = metrics
        .seconds
        .map(|seconds| format!(" in {}", format_duration(seconds)))
        .unwrap_or_default();
    let head = format!("{}  {status}{elapsed}", paint.emphasis(&metrics.revision));
    format!(
        "{head}\n\n{}{}",
        metrics_rows(metrics, paint),
        producer_rows(metrics, paint)
    )
}

fn metrics_rows(metrics: &RunMetrics, paint: TextPaint) -> String {
    // Rows without a value are left out: most runs have no failures, retries or costs.
    let rows = [
        ("jobs", Some(job_states(metrics))),
        ("failures", failure_classes(&metrics.failures)),
        ("tried again", retries(metrics)),
        ("cost", costs(metrics)),
        ("written", Some(written_bytes(metrics))),
        ("reused", reused_share(metrics)),
    ];
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .filter_map(|(name, value)| Some(vec![name.to_owned(), value?]))
        .collect();
    format_columns(&rows, &[ColumnAlign::Left, ColumnAlign::Left], false, paint)
}

#[expect(clippy::cast_possible_truncation, reason = "counts of jobs")]
fn job_states(metrics: &RunMetrics) -> String {
    let jobs = &metrics.jobs;
    let states = [
        (jobs.made, "made"),
        (jobs.reused, "already made"),
        (jobs.failed, "failed"),
        (jobs.skipped, "skipped"),
        (jobs.running, "running"),
        (jobs.pending, "not made"),
    ];
    let states: Vec<String> = states
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, state)| format!("{} {state}", format_number(count as usize)))
        .collect();
    states.join(", ")
}

/// Returns the number of attempts by class. `None`: there are none.
fn failure_classes(classes: &BTreeMap<String, u64>) -> Option<String> {
    let counts: Vec<String> = classes
        .iter()
        .map(|(class, count)| format!("{count} {}", identifier_words(class)))
        .collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

fn retries(metrics: &RunMetrics) -> Option<String> {
    let classes = failure_classes(&metrics.retries)?;
    let wait = format_duration(metrics.retry_wait);
    Some(format!("{classes}, {wait} of waiting"))
}

fn costs(metrics: &RunMetrics) -> Option<String> {
    let amounts: Vec<String> = metrics
        .costs
        .amounts()
        .map(|(currency, amount)| format_money(amount, currency))
        .collect();
    (!metrics.costs.is_empty()).then(|| amounts.join(", "))
}

fn written_bytes(metrics: &RunMetrics) -> String {
    format!(
        "{} made, {} reused",
        format_bytes(metrics.bytes_made),
        format_bytes(metrics.bytes_reused)
    )
}

fn reused_share(metrics: &RunMetrics) -> Option<String> {
    metrics
        .reuse_ratio
        .map(|ratio| format!("{:.0}% of jobs", ratio * 100.0))
}

#[expect(clippy::cast_possible_truncation, reason = "counts of jobs and frames")]
fn producer_rows(metrics: &RunMetrics, paint: TextPaint) -> String {
    if metrics.producers.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = metrics
        .producers
        .iter()
        .map(|(producer, durations)| {
            vec![
                producer.clone(),
                format_count(durations.jobs as usize, "job"),
                format_count(durations.units as usize, "unit"),
                format_duration(durations.seconds),
                format!("longest {}", format_duration(durations.longest)),
            ]
        })
        .collect();
    let left = ColumnAlign::Left;
    let right = ColumnAlign::Right;
    format!(
        "\n{}",
        format_columns(&rows, &[left, right, right, right, left], false, paint)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::metrics::run_metrics::tests::metrics as figures;

    #[test]
    fn a_run_in_figures_is_stable() {
        insta::assert_snapshot!(metrics_text(&figures(), false));
    }
}
