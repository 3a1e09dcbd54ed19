//! A run in figures, for those who watch many: jobs by state and class, durations, bytes, how much was reused.
//!
//! [`RunMetrics`] is folded from the events of one run, live or from its journal. [`prometheus_text()`] writes it for Prometheus,
//! [`summary::metrics`](super::summary::metrics_text) for people, and serde for everything else. [`MetricsFileSink`] keeps a file of it while a run goes.

mod metrics_file;
mod prometheus;
pub(super) mod run_metrics;

pub use metrics_file::MetricsFileSink;
pub use prometheus::prometheus_text;
pub use run_metrics::{ProducerDurations, RunMetrics};
