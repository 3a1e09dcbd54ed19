//! The file of figures that a run keeps: written when it begins, with every checkpoint, and when it ends.

use super::{Metrics, prometheus};
use crate::event::{Event, EventSink};
use crate::store::{RunHistory, StoreLayout};

/// A sink that keeps the figures of a run as a file for Prometheus. Each time it is replaced whole.
pub struct Gauge<'a> {
    layout: &'a StoreLayout,
    history: &'a RunHistory,
    metrics: Metrics,
}

impl<'a> Gauge<'a> {
    /// Returns the gauge of a run that begins; `history` knows what was made before.
    #[must_use]
    pub fn new(layout: &'a StoreLayout, history: &'a RunHistory) -> Self {
        Self {
            layout,
            history,
            metrics: Metrics::default(),
        }
    }

    /// Writes the file of this run, and the one that always tells of the last run. Neither can stop the run.
    fn write(&self) {
        let text = prometheus(&self.metrics);
        for path in [
            self.layout.metrics_path(&self.metrics.revision),
            self.layout.last_metrics_path(),
        ] {
            let _ = self.layout.replace_file(&path, text.as_bytes());
        }
    }
}

impl EventSink for Gauge<'_> {
    fn record_event(&mut self, event: &Event) {
        self.metrics
            .note(event, &|digest| self.history.stored_bytes(digest));
        if matches!(
            event,
            Event::RunStarted { .. } | Event::CheckpointSaved { .. } | Event::RunEnded { .. }
        ) {
            self.write();
        }
    }
}
