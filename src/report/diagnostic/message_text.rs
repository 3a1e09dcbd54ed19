//! Messages, labels and help: escaped, on as many lines as they have, and not endless.

use crate::base::printable::push_escaped;

/// Longest message, label or help, in characters.
// A message can quote a value of the document, which can be megabytes long.
const MAX_TEXT_CHARS: usize = 400;

/// Returns the text with control and disguising characters escaped, and cut if it is very long.
/// Line breaks stay.
pub(super) fn escape_unprintable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(4 * MAX_TEXT_CHARS));
    for c in text.chars().take(MAX_TEXT_CHARS) {
        if c == '\n' {
            shown.push(c);
        } else {
            push_escaped(&mut shown, c);
        }
    }
    // `nth` stops at the limit; counting would read all of a long text.
    if text.chars().nth(MAX_TEXT_CHARS).is_some() {
        shown.push('…');
    }
    shown
}
