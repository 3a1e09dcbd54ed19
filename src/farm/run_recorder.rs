//! Records the events of a farm run, and reports notices to the user.

use crate::event::{Event, EventSink};
use crate::execute::ExecuteError;
use crate::store::Journal;
use std::collections::BTreeSet;

/// The journal, which stores events, and the sinks, which show them.
pub(super) struct RunRecorder<'a, 'b> {
    pub(super) journal: &'a mut Journal,
    pub(super) sinks: &'a mut [&'b mut dyn EventSink],
}

impl RunRecorder<'_, '_> {
    pub(super) fn write_event(&mut self, event: &Event) -> Result<(), ExecuteError> {
        Ok(self.journal.append_and_show(event, self.sinks)?)
    }
}

/// Reports each message once. A scheduler that does not answer is polled every few seconds, and the
/// notice about it must not fill the screen.
pub(super) struct OnceReporter<'a> {
    report_message: &'a mut dyn FnMut(&str),
    reported: BTreeSet<String>,
}

impl<'a> OnceReporter<'a> {
    pub(super) fn new(report_message: &'a mut dyn FnMut(&str)) -> Self {
        Self {
            report_message,
            reported: BTreeSet::new(),
        }
    }

    pub(super) fn report(&mut self, text: String) {
        if !self.reported.contains(&text) {
            (self.report_message)(&text);
            self.reported.insert(text);
        }
    }
}
