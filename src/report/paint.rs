//! Colour on a terminal: a few meanings, each with one style, all of them off when colour is off.

use anstyle::{AnsiColor, Style};

/// Whether to colour, and how each meaning looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paint {
    /// Whether to write colour codes at all.
    pub colour: bool,
}

impl Paint {
    /// Returns the text as something that went well.
    #[must_use]
    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// Returns the text as something that failed.
    #[must_use]
    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    /// Returns the text as something to look at.
    #[must_use]
    pub fn odd(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Returns the text as a heading or a name.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Returns the text as a side note.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// Returns the text as something under way.
    #[must_use]
    pub fn live(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
