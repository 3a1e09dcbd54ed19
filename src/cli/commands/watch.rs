//! What a command prints again and again: redrawn on a terminal, a line for each change elsewhere.

use crate::base::printable::escape_terminal;
use crate::cli::cli_settings::CliSettings;
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Time between two looks.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);

/// Moves to the first column of the first line.
const HOME: &str = "\u{1b}[H";
/// Clears from here to the end of the line, and of the screen.
const CLEAR_LINE: &str = "\u{1b}[K";
const CLEAR_BELOW: &str = "\u{1b}[J";

/// The standard output of a command that watches.
pub(super) struct WatchOutput<'a> {
    settings: &'a CliSettings,
    is_terminal: bool,
    /// Whether the screen was cleared for the first picture.
    is_drawn: bool,
    last_key: Option<String>,
}

impl<'a> WatchOutput<'a> {
    pub(super) fn new(settings: &'a CliSettings) -> Self {
        Self {
            settings,
            is_terminal: std::io::stdout().is_terminal(),
            is_drawn: false,
            last_key: None,
        }
    }

    /// Returns whether text is redrawn in place.
    pub(super) const fn is_redrawn(&self) -> bool {
        self.is_terminal
    }

    /// Draws the text in place of the last one.
    pub(super) fn redraw(&mut self, text: &str) {
        let colour = self.settings.out_colour;
        let text = self.settings.session.secrets.redact_text(text);
        let text = escape_terminal(&text, colour);
        // Drawn over the old text and cleared behind each line: a screen that is cleared first
        // flickers.
        let lines: String = text
            .lines()
            .map(|line| format!("{line}{CLEAR_LINE}\n"))
            .collect();
        let first = if self.is_drawn { "" } else { CLEAR_BELOW };
        let mut out = std::io::stdout().lock();
        let written = write!(out, "{HOME}{first}{lines}{CLEAR_BELOW}").and_then(|()| out.flush());
        self.is_drawn = true;
        self.settings
            .output_failure
            .note_write("standard output", written);
    }

    /// Prints a line if `key` is another one than last time.
    pub(super) fn print_if_changed(&mut self, key: &str, line: impl FnOnce() -> String) {
        if self.last_key.as_deref() != Some(key) {
            self.last_key = Some(key.to_owned());
            self.settings.print_stdout(&line());
        }
    }

    /// Returns whether the output cannot be written any more: its reader has ended.
    pub(super) fn has_failed(&self) -> bool {
        self.settings.output_failure.failure_text().is_some()
    }

    /// Waits until it is time for the next look.
    pub(super) fn wait(&self) {
        std::thread::sleep(LOOK_INTERVAL);
    }
}
