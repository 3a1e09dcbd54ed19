//! How messages quote values of a document: short, in backquotes, control characters escaped.
//!
//! Owns the rule that no input reaches a terminal unescaped.

use crate::base::printable::is_hidden;

/// Longest quoted value, in characters.
const MAX_QUOTED_CHARS: usize = 60;

/// Returns the value in backquotes, cut after 60 characters, with control characters escaped.
#[must_use]
pub fn quote_value(value: &str) -> String {
    // Cut before escaping, so that an escape is never cut in half.
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
    // A value could move the cursor, hide text or change the terminal's title.
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
