//! How values from a document are echoed in a message: short, in backquotes, control characters escaped.
//!
//! Owns the rule that no input reaches a terminal raw.

use crate::base::printable::is_hidden;

/// Longest echoed value, in characters.
const MAX_QUOTED_CHARS: usize = 60;

/// Returns the value in backquotes, cut after 60 characters, with control characters escaped.
#[must_use]
pub fn quote_value(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(MAX_QUOTED_CHARS)
        .flat_map(escape_hidden)
        .collect();
    if value.chars().nth(MAX_QUOTED_CHARS).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn escape_hidden(c: char) -> impl Iterator<Item = char> {
    let escape = is_hidden(c);
    let escaped = escape.then(|| c.escape_default()).into_iter().flatten();
    escaped.chain((!escape).then_some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_long_values_cut() {
        assert_eq!(quote_value("a\u{1b}[31m"), "`a\\u{1b}[31m`");
        assert_eq!(
            quote_value(&"x".repeat(61)),
            format!("`{}…`", "x".repeat(60))
        );
    }
}
