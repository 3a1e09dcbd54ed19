//! Text that cannot disturb a terminal or disguise itself.

use crate::base::invisible_chars::{is_hidden, is_invisible};
use std::borrow::Cow;

/// Longest message, label or help, in characters.
const MAX_TEXT_CHARS: usize = 400;

/// Returns the text with control and disguising characters escaped, cut when very long.
pub(super) fn escape_unprintable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * MAX_TEXT_CHARS));
    for c in text.chars().take(MAX_TEXT_CHARS) {
        if c.is_control() && c != '\n' || is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(MAX_TEXT_CHARS).is_some() {
        shown.push('…');
    }
    shown
}

/// Replaces control and disguising characters by visible ones of the same length, so that places stay right.
pub(super) fn mask_unprintable(text: &str) -> Cow<'_, str> {
    let ends_line = |offset: usize| text[offset + 1..].starts_with('\n');
    let harmful = |offset: usize, c: char| match c {
        '\n' | '\t' => false,
        '\r' => !ends_line(offset),
        _ => is_hidden(c),
    };
    if !text.char_indices().any(|(offset, c)| harmful(offset, c)) {
        return Cow::Borrowed(text);
    }
    let shown = |(offset, c)| {
        if harmful(offset, c) {
            replacement_char(c)
        } else {
            c
        }
    };
    Cow::Owned(text.char_indices().map(shown).collect())
}

fn replacement_char(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '\u{a4}',
        _ => '\u{fffd}',
    }
}
