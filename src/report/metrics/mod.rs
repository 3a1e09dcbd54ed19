//! Metrics of a run for monitoring: jobs by state and class, durations, bytes, share of reuse.
//!
//! [`RunMetrics`] is computed from the events of one run, live or from its journal.
//! [`prometheus_text()`] writes it for Prometheus, [`metrics_text`](super::summary::metrics_text)
//! for people, and serde for other programs. [`MetricsFileSink`] keeps its file up to date during a
//! run.

mod metrics_file;
mod prometheus;
pub(super) mod run_metrics;

pub use metrics_file::MetricsFileSink;
pub use prometheus::prometheus_text;
pub use run_metrics::{ProducerDurations, RunMetrics};
