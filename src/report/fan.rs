//! Several sinks as one, and the sink that fits an output mode.

use super::plain::Plain;
use super::roster::Roster;
use super::terminal::Terminal;
use crate::base::Clock;
use crate::event::{Event, EventSink};
use std::io::Write;

/// How a run shows itself while it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
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
pub struct Fan<'a> {
    sinks: Vec<Box<dyn EventSink + 'a>>,
}

impl<'a> Fan<'a> {
    /// Returns the sink for `show`; plain lines go to `out`.
    #[must_use]
    pub fn showing(
        show: Show,
        roster: Roster,
        clock: &'a dyn Clock,
        out: Box<dyn Write + 'a>,
    ) -> Self {
        match show {
            Show::Nothing => Self::default(),
            Show::Lines => Self::default().and(Plain::new(roster, clock, out)),
            Show::Bars { colour } => {
                Self::default().and(Terminal::on_stderr(roster, clock, colour))
            }
        }
    }

    /// Adds one more sink.
    #[must_use]
    pub fn and(mut self, sink: impl EventSink + 'a) -> Self {
        self.sinks.push(Box::new(sink));
        self
    }
}

impl EventSink for Fan<'_> {
    fn record_event(&mut self, event: &Event) {
        for sink in &mut self.sinks {
            sink.record_event(event);
        }
    }
}
