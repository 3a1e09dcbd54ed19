//! The sinks of a run: first the journal, then progress, metrics and a reader of JSON lines.

use super::production_session::ProductionSession;
use crate::event::{Event, EventSink};
use crate::report::metrics::MetricsFileSink;
use crate::report::{JobIndex, JsonLinesSink, LiveRunSink, MultiSink, ProgressDisplay, SharedRun};
use crate::store::{Journal, StoreError};
use std::io::Write;
use std::sync::Arc;

/// Where a run writes its progress and its events.
pub struct RunOutputs {
    /// The kind of progress display.
    pub display: ProgressDisplay,
    /// Stream for progress as plain lines.
    pub progress: Box<dyn Write>,
    /// Stream for events, one JSON object a line. `None` writes none.
    pub events: Option<Box<dyn Write>>,
}

impl Default for RunOutputs {
    fn default() -> Self {
        Self {
            display: ProgressDisplay::Nothing,
            progress: Box::new(std::io::sink()),
            events: None,
        }
    }
}

impl RunOutputs {
    /// Returns the sinks of a run besides its journal.
    pub(super) fn build_sinks<'a>(
        self,
        job_index: Arc<JobIndex>,
        live: SharedRun,
        session: &'a ProductionSession<'_>,
    ) -> MultiSink<'a> {
        let sinks = MultiSink::for_display(self.display, job_index, &session.clock, self.progress);
        let sinks = sinks.with_sink(LiveRunSink::new(live, &session.clock));
        let sinks = sinks.with_sink(MetricsFileSink::new(&session.layout, &session.history));
        match self.events {
            Some(out) => sinks.with_sink(JsonLinesSink::new(&session.clock, out)),
            None => sinks,
        }
    }
}

/// Writes an event into the journal, then sends it to the sinks.
pub(super) fn emit_event(
    journal: &mut Journal,
    sinks: &mut MultiSink<'_>,
    event: &Event,
) -> Result<(), StoreError> {
    // The journal comes first. If it fails, no sink has shown an event that a replay would not
    // know.
    journal.append(event)?;
    sinks.record_event(event);
    Ok(())
}
