//! The metrics file of a run. It is written at the start, with every checkpoint, and at the end.

use super::{RunMetrics, prometheus_text};
use crate::event::{Event, EventSink};
use crate::store::{RunHistory, StoreLayout};

/// Keeps the metrics of a run in a file for Prometheus. Every write replaces the whole file.
pub struct MetricsFileSink<'a> {
    layout: &'a StoreLayout,
    history: &'a RunHistory,
    metrics: RunMetrics,
}

impl<'a> MetricsFileSink<'a> {
    /// Returns the sink of a run that has not started. `history` has the sizes of reused outputs.
    #[must_use]
    pub fn new(layout: &'a StoreLayout, history: &'a RunHistory) -> Self {
        Self {
            layout,
            history,
            metrics: RunMetrics::default(),
        }
    }

    /// Writes the file of this run and that of the last run.
    fn write_files(&self) {
        let text = prometheus_text(&self.metrics);
        // Two files: a collector reads one fixed path, and the file of each revision stays for
        // comparison.
        for path in [
            self.layout.metrics_path(&self.metrics.revision),
            self.layout.last_metrics_path(),
        ] {
            // Replaced by a rename, because a collector may read at any time. Errors are dropped:
            // metrics must not stop a run.
            let _ = self.layout.replace_file(&path, text.as_bytes());
        }
    }
}

impl EventSink for MetricsFileSink<'_> {
    fn record_event(&mut self, event: &Event) {
        self.metrics
            .apply_event(event, &|digest| self.history.stored_bytes(digest));
        if matches!(
            event,
            Event::RunStarted { .. } | Event::CheckpointSaved { .. } | Event::RunEnded { .. }
        ) {
            self.write_files();
        }
    }
}
