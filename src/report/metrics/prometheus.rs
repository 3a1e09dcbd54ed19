//! A run in figures as Prometheus reads it: the text exposition format, version 0.0.4.

use super::measure::{BOUNDS, Durations, Metrics, word};
use std::fmt::Write;

/// Returns the figures for Prometheus. All are gauges of one run, but for the histogram of durations.
#[must_use]
pub fn prometheus(metrics: &Metrics) -> String {
    let mut page = Page {
        text: String::new(),
        production: escaped(&metrics.production),
    };
    run(&mut page, metrics);
    jobs(&mut page, metrics);
    durations(&mut page, metrics);
    page.text
}

struct Page {
    text: String,
    production: String,
}

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(
            self.text,
            "# HELP production_{name} {help}\n# TYPE production_{name} {kind}"
        );
    }

    /// Writes one line; labels come after that of the production.
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        // A number read back from the journal may differ in its last digit from the one that was written.
        let value = (value * 1e6).round() / 1e6;
        let labels: String = labels
            .iter()
            .map(|(label, value)| format!(",{label}=\"{}\"", escaped(value)))
            .collect();
        let _ = writeln!(
            self.text,
            "production_{name}{{production=\"{}\"{labels}}} {value}",
            self.production
        );
    }

    /// Writes a family of one line, if there is a value.
    fn single(&mut self, name: &str, help: &str, value: Option<f64>) {
        if let Some(value) = value {
            self.family(name, "gauge", help);
            self.sample(name, &[], value);
        }
    }

    /// Writes a family with a line for each value of one label.
    fn each<'a>(
        &mut self,
        (name, help): (&str, &str),
        label: &str,
        values: impl IntoIterator<Item = (&'a str, f64)>,
    ) {
        self.family(name, "gauge", help);
        values
            .into_iter()
            .for_each(|(of, value)| self.sample(name, &[(label, of)], value));
    }
}

fn run(page: &mut Page, metrics: &Metrics) {
    let status = metrics
        .status
        .map_or_else(|| "running".to_owned(), |status| word(&status));
    page.family("run_info", "gauge", "The run that these figures are of.");
    page.sample(
        "run_info",
        &[("revision", &metrics.revision), ("status", &status)],
        1.0,
    );
    let seconds = |at: Option<jiff::Timestamp>| at.map(|at| at.as_duration().as_secs_f64());
    page.single(
        "run_start_timestamp_seconds",
        "When the run began.",
        seconds(metrics.started),
    );
    page.single(
        "run_end_timestamp_seconds",
        "When the run ended.",
        seconds(metrics.ended),
    );
    page.single(
        "run_duration_seconds",
        "How long the run took.",
        metrics.seconds,
    );
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and bytes stay far below 2^52"
)]
fn jobs(page: &mut Page, metrics: &Metrics) {
    let states = &metrics.jobs;
    let states = [
        ("made", states.made),
        ("reused", states.reused),
        ("failed", states.failed),
        ("skipped", states.skipped),
        ("running", states.running),
        ("pending", states.pending),
    ];
    let floats = states.map(|(state, count)| (state, count as f64));
    page.each(("run_jobs", "Jobs of the plan by state."), "state", floats);
    let classes = metrics
        .failures
        .iter()
        .map(|(class, count)| (class.as_str(), *count as f64));
    page.each(
        ("run_failures", "Jobs that failed for good, by class."),
        "class",
        classes,
    );
    let classes = metrics
        .retries
        .iter()
        .map(|(class, count)| (class.as_str(), *count as f64));
    page.each(
        (
            "run_retries",
            "Attempts that failed and were made again, by class.",
        ),
        "class",
        classes,
    );
    let help = "Seconds that jobs waited to be tried again.";
    page.single("run_retry_wait_seconds", help, Some(metrics.retry_wait));
    let bytes = [
        ("made", metrics.bytes_made as f64),
        ("reused", metrics.bytes_reused as f64),
    ];
    page.each(
        (
            "run_bytes",
            "Bytes of what jobs made, and of what was there before.",
        ),
        "origin",
        bytes,
    );
    if !metrics.costs.is_empty() {
        let help = "What the jobs cost that were made, by currency.";
        page.each(("run_cost", help), "currency", metrics.costs.amounts());
    }
    let help = "Share of the finished jobs that were there before.";
    page.single("run_reuse_ratio", help, metrics.reuse_ratio);
    let units = metrics
        .producers
        .iter()
        .map(|(producer, durations)| (producer.as_str(), durations.units as f64));
    page.each(
        (
            "run_units",
            "Units of work (frames, files) done, by producer.",
        ),
        "producer",
        units,
    );
}

fn durations(page: &mut Page, metrics: &Metrics) {
    let name = "job_duration_seconds";
    page.family(
        name,
        "histogram",
        "How long jobs that ran to their end took, by producer.",
    );
    for (producer, durations) in &metrics.producers {
        histogram(page, name, producer, durations);
    }
}

#[expect(clippy::cast_precision_loss, reason = "job counts stay far below 2^52")]
fn histogram(page: &mut Page, name: &str, producer: &str, durations: &Durations) {
    let bucket = format!("{name}_bucket");
    for (bound, within) in BOUNDS.iter().zip(durations.within) {
        page.sample(
            &bucket,
            &[("producer", producer), ("le", &bound.to_string())],
            within as f64,
        );
    }
    page.sample(
        &bucket,
        &[("producer", producer), ("le", "+Inf")],
        durations.jobs as f64,
    );
    page.sample(
        &format!("{name}_sum"),
        &[("producer", producer)],
        durations.seconds,
    );
    page.sample(
        &format!("{name}_count"),
        &[("producer", producer)],
        durations.jobs as f64,
    );
}

/// Returns the value of a label as it may stand in quotes.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::measure::tests::metrics;
    use super::*;

    #[test]
    fn a_run_for_prometheus_is_stable() {
        insta::assert_snapshot!(prometheus(&metrics()));
    }
}
