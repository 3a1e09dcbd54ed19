//! Metrics of a run as text for people.

use crate::base::json::serialized_name;
use crate::report::metrics::RunMetrics;
use crate::report::paint::TextPaint;
use crate::report::text_format::{
    format_bytes, format_count, format_duration, format_money, format_number, identifier_words,
};
use crate::report::text_table::{ColumnAlign, format_columns};

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

#[expect(clippy::cast_possible_truncation, reason = "counts of jobs")]
fn metrics_rows(metrics: &RunMetrics, paint: TextPaint) -> String {
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
        .map(|(count, state)| format!("{} {state}", format_number(count as usize)))
        .collect();
    let classes = |classes: &std::collections::BTreeMap<String, u64>| {
        classes
            .iter()
            .map(|(class, count)| format!("{count} {}", identifier_words(class)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let wait = format!(
        "{}, {} of waiting",
        classes(&metrics.retries),
        format_duration(metrics.retry_wait)
    );
    let written = format!(
        "{} made, {} reused",
        format_bytes(metrics.bytes_made),
        format_bytes(metrics.bytes_reused)
    );
    let paid = metrics
        .costs
        .amounts()
        .map(|(currency, amount)| format_money(amount, currency));
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
        // Rows without a value are left out: most runs have no failures, retries or costs.
        .filter(|(.., shown)| *shown)
        .map(|(name, value, _)| vec![name.to_owned(), value])
        .collect();
    format_columns(&rows, &[ColumnAlign::Left, ColumnAlign::Left], false, paint)
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
