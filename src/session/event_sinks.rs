//! Who hears the events of a run: the journal first, then progress, figures and whoever reads
//! events as they happen.

use super::production_session::ProductionSession;
use crate::event::{Event, EventSink};
use crate::report::metrics::MetricsFileSink;
use crate::report::{JobIndex, JsonLinesSink, MultiSink, ProgressDisplay};
use crate::store::{Journal, StoreError};
use std::io::Write;

/// Where a run shows its progress and writes its events.
pub struct RunOutputs {
    /// How progress is shown.
    pub display: ProgressDisplay,
    /// Where progress as plain lines goes.
    pub progress: Box<dyn Write>,
    /// Where each event goes as it happens, one JSON object a line.
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
    /// Returns everyone who hears the events of a run besides its journal.
    pub(super) fn build_sinks<'a>(
        self,
        job_index: JobIndex,
        session: &'a ProductionSession<'_>,
    ) -> MultiSink<'a> {
        let sinks = MultiSink::for_display(self.display, job_index, &session.clock, self.progress);
        let sinks = sinks.with_sink(MetricsFileSink::new(&session.layout, &session.history));
        match self.events {
            Some(out) => sinks.with_sink(JsonLinesSink::new(&session.clock, out)),
            None => sinks,
        }
    }
}

/// Writes an event into the journal, then shows it. When the journal fails, nobody has heard of
/// what a replay would not know.
pub(super) fn emit_event(
    journal: &mut Journal,
    sinks: &mut MultiSink<'_>,
    event: &Event,
) -> Result<(), StoreError> {
    journal.append(event)?;
    sinks.record_event(event);
    Ok(())
}
