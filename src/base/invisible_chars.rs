//! Invisible characters, which could disguise a text or disturb a terminal.

/// Returns whether this character changes the reading direction or is invisible.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    // The marks of direction can reorder a line on the screen, so that one path looks like another.
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether this character is a control character or invisible.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_invisible(c)
}
