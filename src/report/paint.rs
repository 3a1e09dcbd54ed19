//! Colour on a terminal: a few meanings, each with one style, all of them off when colour is off.

use anstyle::{AnsiColor, Style};

/// Whether to colour, and how each meaning looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPaint {
    /// Whether to write colour codes at all.
    pub colour: bool,
}

impl TextPaint {
    /// Returns the text as something that went well.
    #[must_use]
    pub fn success(self, text: &str) -> String {
        self.apply_style(AnsiColor::Green.on_default(), text)
    }

    /// Returns the text as something that failed.
    #[must_use]
    pub fn failure(self, text: &str) -> String {
        self.apply_style(AnsiColor::Red.on_default().bold(), text)
    }

    /// Returns the text as something to look at.
    #[must_use]
    pub fn warning(self, text: &str) -> String {
        self.apply_style(AnsiColor::Yellow.on_default(), text)
    }

    /// Returns the text as a heading or a name.
    #[must_use]
    pub fn emphasis(self, text: &str) -> String {
        self.apply_style(Style::new().bold(), text)
    }

    /// Returns the text as a side note.
    #[must_use]
    pub fn dimmed(self, text: &str) -> String {
        self.apply_style(Style::new().dimmed(), text)
    }

    /// Returns the text as something under way.
    #[must_use]
    pub fn in_progress(self, text: &str) -> String {
        self.apply_style(AnsiColor::Cyan.on_default(), text)
    }

    fn apply_style(self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
