//! Metrics as Prometheus reads them: the text exposition format, version 0.0.4.

use super::run_metrics::{DURATION_BOUNDS, ProducerDurations, RunMetrics};
use crate::base::json::serialized_name;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Returns the metrics of one run. All are gauges except the histogram of durations.
#[must_use]
pub fn prometheus_text(metrics: &RunMetrics) -> String {
    let mut page = PrometheusText {
        text: String::new(),
        // Escaped once, because every line has it.
        production: escape_label(&metrics.production),
    };
    write_run(&mut page, metrics);
    write_jobs(&mut page, metrics);
    write_durations(&mut page, metrics);
    page.text
}

struct PrometheusText {
    text: String,
    production: String,
}

impl PrometheusText {
    fn write_family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(
            self.text,
            "# HELP production_{name} {help}\n# TYPE production_{name} {kind}"
        );
    }

    /// Writes one line. The label of the production comes first.
    fn write_sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        // Six decimals: a float that was read back from the journal may differ in its last digit,
        // and the same run must give the same text live and later.
        let value = (value * 1e6).round() / 1e6;
        let labels: String = labels
            .iter()
            .map(|(label, value)| format!(",{label}=\"{}\"", escape_label(value)))
            .collect();
        let _ = writeln!(
            self.text,
            "production_{name}{{production=\"{}\"{labels}}} {value}",
            self.production
        );
    }

    /// Writes a family with one line; nothing without a value.
    fn write_single(&mut self, name: &str, help: &str, value: Option<f64>) {
        // A missing line means "unknown". A 0 would be drawn as a measurement.
        if let Some(value) = value {
            self.write_family(name, "gauge", help);
            self.write_sample(name, &[], value);
        }
    }

    /// Writes a family with one line for each value of a label.
    fn write_labelled<'a>(
        &mut self,
        name: &str,
        help: &str,
        label: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) {
        self.write_family(name, "gauge", help);
        values.into_iter().for_each(|(label_value, value)| {
            self.write_sample(name, &[(label, label_value)], value);
        });
    }

    /// Writes a family with one line for each failure class.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    fn write_counts(&mut self, name: &str, help: &str, counts: &BTreeMap<String, u64>) {
        let values = counts
            .iter()
            .map(|(class, count)| (class.as_str(), *count as f64));
        self.write_labelled(name, help, "class", values);
    }
}

fn write_run(page: &mut PrometheusText, metrics: &RunMetrics) {
    let status = metrics
        .status
        .map_or_else(|| "running".to_owned(), |status| serialized_name(&status));
    // Labels carry the name and the state, because a value of Prometheus is a number. Other series
    // have no revision, or each run would begin new ones.
    page.write_family("run_info", "gauge", "The run that these figures are of.");
    page.write_sample(
        "run_info",
        &[("revision", &metrics.revision), ("status", &status)],
        1.0,
    );
    let seconds = |timestamp: Option<jiff::Timestamp>| {
        timestamp.map(|timestamp| timestamp.as_duration().as_secs_f64())
    };
    page.write_single(
        "run_start_timestamp_seconds",
        "When the run began.",
        seconds(metrics.started),
    );
    page.write_single(
        "run_end_timestamp_seconds",
        "When the run ended.",
        seconds(metrics.ended),
    );
    page.write_single(
        "run_duration_seconds",
        "How long the run took.",
        metrics.seconds,
    );
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and bytes stay far below 2^52"
)]
fn write_jobs(page: &mut PrometheusText, metrics: &RunMetrics) {
    let states = &metrics.jobs;
    // All states, those with 0 jobs too: a series that appears and disappears breaks alerts.
    let states = [
        ("made", states.made),
        ("reused", states.reused),
        ("failed", states.failed),
        ("skipped", states.skipped),
        ("running", states.running),
        ("pending", states.pending),
    ];
    let floats = states.map(|(state, count)| (state, count as f64));
    page.write_labelled("run_jobs", "Jobs of the plan by state.", "state", floats);
    page.write_counts(
        "run_failures",
        "Jobs that failed for good, by class.",
        &metrics.failures,
    );
    page.write_counts(
        "run_retries",
        "Attempts that failed and were made again, by class.",
        &metrics.retries,
    );
    let help = "Seconds that jobs waited to be tried again.";
    page.write_single("run_retry_wait_seconds", help, Some(metrics.retry_wait));
    let bytes = [
        ("made", metrics.bytes_made as f64),
        ("reused", metrics.bytes_reused as f64),
    ];
    page.write_labelled(
        "run_bytes",
        "Bytes of what jobs made, and of what was there before.",
        "origin",
        bytes,
    );
    if !metrics.costs.is_empty() {
        let help = "What the jobs cost that were made, by currency.";
        page.write_labelled("run_cost", help, "currency", metrics.costs.amounts());
    }
    let help = "Share of the finished jobs that were there before.";
    page.write_single("run_reuse_ratio", help, metrics.reuse_ratio);
    let units = metrics
        .producers
        .iter()
        .map(|(producer, durations)| (producer.as_str(), durations.units as f64));
    page.write_labelled(
        "run_units",
        "Units of work (frames, files) done, by producer.",
        "producer",
        units,
    );
}

fn write_durations(page: &mut PrometheusText, metrics: &RunMetrics) {
    let name = "job_duration_seconds";
    page.write_family(
        name,
        "histogram",
        "How long jobs that ran to their end took, by producer.",
    );
    for (producer, durations) in &metrics.producers {
        write_histogram(page, name, producer, durations);
    }
}

#[expect(clippy::cast_precision_loss, reason = "job counts stay far below 2^52")]
fn write_histogram(
    page: &mut PrometheusText,
    name: &str,
    producer: &str,
    durations: &ProducerDurations,
) {
    // Histograms consist of these three series, and the bucket without a bound must equal the
    // count.
    let bucket = format!("{name}_bucket");
    for (bound, bucket_count) in DURATION_BOUNDS.iter().zip(durations.bucket_counts) {
        page.write_sample(
            &bucket,
            &[("producer", producer), ("le", &bound.to_string())],
            bucket_count as f64,
        );
    }
    page.write_sample(
        &bucket,
        &[("producer", producer), ("le", "+Inf")],
        durations.jobs as f64,
    );
    page.write_sample(
        &format!("{name}_sum"),
        &[("producer", producer)],
        durations.seconds,
    );
    page.write_sample(
        &format!("{name}_count"),
        &[("producer", producer)],
        durations.jobs as f64,
    );
}

/// Returns the text as it is written between the quotes of a label.
fn escape_label(value: &str) -> String {
    value
        // First, or it would escape the escapes of the other two.
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::run_metrics::tests::metrics;
    use super::*;

    #[test]
    fn a_run_for_prometheus_is_stable() {
        insta::assert_snapshot!(prometheus_text(&metrics()));
    }
}
