//! Several sinks as one, and the progress sink of each display mode.

use super::job_index::JobIndex;
use super::plain::PlainSink;
use super::terminal::TerminalSink;
use crate::base::Clock;
use crate::event::{Event, EventSink};
use std::io::Write;
use std::sync::Arc;

/// How progress is shown during a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressDisplay {
    /// No progress, for example because programs read the result.
    Nothing,
    /// As plain lines.
    Lines,
    /// As plain lines, with one for each job that ends.
    EveryJob,
    /// As bars that move, on the terminal behind the standard error stream.
    Bars {
        /// Whether to colour.
        colour: bool,
    },
}

/// Passes each event to all its sinks, in the order in which they were added.
#[derive(Default)]
pub struct MultiSink<'a> {
    sinks: Vec<Box<dyn EventSink + 'a>>,
}

impl<'a> MultiSink<'a> {
    /// Returns the progress sink of `display`. Only plain lines go to `out`; bars draw on standard
    /// error.
    #[must_use]
    pub fn for_display(
        display: ProgressDisplay,
        job_index: Arc<JobIndex>,
        clock: &'a dyn Clock,
        out: Box<dyn Write + 'a>,
    ) -> Self {
        // No display is an empty list of sinks, not a sink that does nothing: callers add further
        // sinks, such as the metrics file, in every mode.
        match display {
            ProgressDisplay::Nothing => Self::default(),
            ProgressDisplay::Lines => {
                Self::default().with_sink(PlainSink::new(job_index, clock, out))
            }
            ProgressDisplay::EveryJob => {
                let sink = PlainSink::new(job_index, clock, out).with_every_job();
                Self::default().with_sink(sink)
            }
            ProgressDisplay::Bars { colour } => {
                Self::default().with_sink(TerminalSink::on_stderr(job_index, clock, colour))
            }
        }
    }

    /// Returns the sinks with `sink` as the last.
    #[must_use]
    pub fn with_sink(mut self, sink: impl EventSink + 'a) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }
}

impl EventSink for MultiSink<'_> {
    fn record_event(&mut self, event: &Event) {
        // The dispatcher's thread calls this between two decisions. A sink must not block for long,
        // and none returns an error: a broken display is no reason to stop a run.
        for sink in &mut self.sinks {
            sink.record_event(event);
        }
    }
}
