//! Several sinks as one, and the sink that fits an output mode.

use super::job_index::JobIndex;
use super::plain::PlainSink;
use super::terminal::TerminalSink;
use crate::base::Clock;
use crate::event::{Event, EventSink};
use std::io::Write;

/// How a run shows itself while it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgressDisplay {
    /// Not at all.
    Nothing,
    /// As plain lines.
    Lines,
    /// As bars that move, on the terminal behind the standard error stream.
    Bars {
        /// Whether to colour.
        colour: bool,
    },
}

/// Sinks that are all told the same, in order.
#[derive(Default)]
pub struct MultiSink<'a> {
    sinks: Vec<Box<dyn EventSink + 'a>>,
}

impl<'a> MultiSink<'a> {
    /// Returns the sink for `show`; plain lines go to `out`.
    #[must_use]
    pub fn for_display(
        display: ProgressDisplay,
        job_index: JobIndex,
        clock: &'a dyn Clock,
        out: Box<dyn Write + 'a>,
    ) -> Self {
        match display {
            ProgressDisplay::Nothing => Self::default(),
            ProgressDisplay::Lines => {
                Self::default().with_sink(PlainSink::new(job_index, clock, out))
            }
            ProgressDisplay::Bars { colour } => {
                Self::default().with_sink(TerminalSink::on_stderr(job_index, clock, colour))
            }
        }
    }

    /// Adds one more sink.
    #[must_use]
    pub fn with_sink(mut self, sink: impl EventSink + 'a) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }
}

impl EventSink for MultiSink<'_> {
    fn record_event(&mut self, event: &Event) {
        for sink in &mut self.sinks {
            sink.record_event(event);
        }
    }
}
