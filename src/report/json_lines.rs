//! The events of a run as they happen, one JSON object a line, for programs that watch.
//!
//! A line is an event as the journal records it, after the version of the format and the time. It
//! also has progress, which the journal leaves out. Each line is written and flushed whole.

use crate::base::Clock;
use crate::base::json::{escape_hidden, to_json_string};
use crate::event::{EVENT_FORMAT_VERSION, Event, EventSink};
use serde::Serialize;
use std::io::Write;

/// A sink that writes JSON lines.
pub struct JsonLinesSink<'a> {
    clock: &'a dyn Clock,
    // `None` after a write that failed.
    out: Option<Box<dyn Write + 'a>>,
}

#[derive(Serialize)]
struct EventLine<'a> {
    v: u32,
    time: jiff::Timestamp,
    #[serde(flatten)]
    event: &'a Event,
}

impl<'a> JsonLinesSink<'a> {
    /// Returns a sink that writes to `out`.
    #[must_use]
    pub fn new(clock: &'a dyn Clock, out: Box<dyn Write + 'a>) -> Self {
        Self {
            clock,
            out: Some(out),
        }
    }
}

impl EventSink for JsonLinesSink<'_> {
    fn record_event(&mut self, event: &Event) {
        let Some(out) = &mut self.out else { return };
        let line = EventLine {
            v: EVENT_FORMAT_VERSION,
            time: self.clock.now(),
            event,
        };
        let line = escape_hidden(to_json_string(&line)) + "\n";
        // A reader that closed its pipe gets no further lines, and the run continues.
        if out
            .write_all(line.as_bytes())
            .and_then(|()| out.flush())
            .is_err()
        {
            self.out = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan::{self, ManualClock};

    #[test]
    fn every_line_is_the_event_with_version_and_time_in_front() {
        let clock = ManualClock::default();
        let mut out = Vec::new();
        let mut stream = JsonLinesSink::new(&clock, Box::new(&mut out));
        let story: Vec<Event> = test_plan::run_events()
            .into_iter()
            .map(|(_, event)| event)
            .collect();
        story.iter().for_each(|event| stream.record_event(event));
        drop(stream);
        let text = String::from_utf8(out).unwrap();
        let written: Vec<Event> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(written, story);
        assert!(
            text.lines()
                .all(|line| line.starts_with("{\"v\":1,\"time\":\"")),
            "{text}"
        );
    }

    #[test]
    fn a_closed_reader_is_not_written_to_again() {
        struct FailsOnceWriter(u8);
        impl Write for FailsOnceWriter {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                self.0 += 1;
                assert_eq!(self.0, 1);
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let clock = ManualClock::default();
        let mut stream = JsonLinesSink::new(&clock, Box::new(FailsOnceWriter(0)));
        test_plan::run_events()
            .iter()
            .for_each(|(_, event)| stream.record_event(event));
    }
}
