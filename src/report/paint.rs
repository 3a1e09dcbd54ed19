//! Colour on a terminal: a few meanings with one style each. All are off if colour is off.

use anstyle::{AnsiColor, Style};

/// The style of each meaning; plain text if colour is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
// Callers name a meaning and not a colour, so "failed" has the same colour in every command. Only
// the sixteen colours of the terminal are used: its user chose them to be readable.
pub struct TextPaint {
    /// Whether to write colour codes at all.
    pub colour: bool,
}

impl TextPaint {
    /// Returns the text in the style of a success.
    #[must_use]
    pub fn success(self, text: &str) -> String {
        self.apply_style(AnsiColor::Green.on_default(), text)
    }

    /// Returns the text in the style of a failure.
    #[must_use]
    pub fn failure(self, text: &str) -> String {
        self.apply_style(AnsiColor::Red.on_default().bold(), text)
    }

    /// Returns the text in the style of a warning.
    #[must_use]
    pub fn warning(self, text: &str) -> String {
        self.apply_style(AnsiColor::Yellow.on_default(), text)
    }

    /// Returns the text in the style of a heading or a name.
    #[must_use]
    pub fn emphasis(self, text: &str) -> String {
        self.apply_style(Style::new().bold(), text)
    }

    /// Returns the text in the style of a side note.
    #[must_use]
    pub fn dimmed(self, text: &str) -> String {
        self.apply_style(Style::new().dimmed(), text)
    }

    /// Returns the text in the style of running work.
    #[must_use]
    pub fn in_progress(self, text: &str) -> String {
        self.apply_style(AnsiColor::Cyan.on_default(), text)
    }

    fn apply_style(self, style: Style, text: &str) -> String {
        // An empty text between two codes is invisible but not empty, and would widen a column.
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
