//! The file of figures that a run keeps: written when it begins, with every checkpoint, and when it ends.

use super::{RunMetrics, prometheus_text};
use crate::event::{Event, EventSink};
use crate::store::{RunHistory, StoreLayout};

/// A sink that keeps the figures of a run as a file for Prometheus. Each time it is replaced whole.
pub struct MetricsFileSink<'a> {
    layout: &'a StoreLayout,
    history: &'a RunHistory,
    metrics: RunMetrics,
}

impl<'a> MetricsFileSink<'a> {
    /// Returns the gauge of a run that begins; `history` knows what was made before.
    #[must_use]
    pub fn new(layout: &'a StoreLayout, history: &'a RunHistory) -> Self {
        Self {
            layout,
            history,
            metrics: RunMetrics::default(),
        }
    }

    /// Writes the file of this run, and the one that always tells of the last run. Neither can stop the run.
    fn write_files(&self) {
        let text = prometheus_text(&self.metrics);
        for path in [
            self.layout.metrics_path(&self.metrics.revision),
            self.layout.last_metrics_path(),
        ] {
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
