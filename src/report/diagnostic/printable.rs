//! Text that cannot disturb a terminal or disguise itself.

use crate::base::invisible_chars::{is_hidden, is_invisible};
use std::borrow::Cow;

/// Longest message, label or help, in characters.
const LONGEST: usize = 400;

/// Returns the text with control and disguising characters escaped, cut when very long.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * LONGEST));
    for c in text.chars().take(LONGEST) {
        if c.is_control() && c != '\n' || is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// Replaces control and disguising characters by visible ones of the same length, so that places stay right.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let ends_line = |at: usize| text[at + 1..].starts_with('\n');
    let harmful = |at: usize, c: char| match c {
        '\n' | '\t' => false,
        '\r' => !ends_line(at),
        _ => is_hidden(c),
    };
    if !text.char_indices().any(|(at, c)| harmful(at, c)) {
        return Cow::Borrowed(text);
    }
    let shown = |(at, c)| if harmful(at, c) { stand_in(c) } else { c };
    Cow::Owned(text.char_indices().map(shown).collect())
}

fn stand_in(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '\u{a4}',
        _ => '\u{fffd}',
    }
}
