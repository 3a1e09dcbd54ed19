//! Text that cannot disguise itself or disturb a terminal: which characters are hidden, and the two
//! ways to show a text that has some. [`flatten_escaped`] makes one line that says what was there;
//! [`mask_unprintable`] keeps every byte's place, for text that carets point into.

use std::borrow::Cow;

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

/// Returns a character and its number, such as "`ä` (U+00E4)": one that no font has cannot be
/// recognised by its picture.
#[must_use]
pub fn character_label(c: char) -> String {
    format!("`{c}` (U+{:04X})", u32::from(c))
}

/// Appends a character, escaped if it is hidden.
pub fn push_escaped(text: &mut String, c: char) {
    if is_hidden(c) {
        text.extend(c.escape_default());
    } else {
        text.push(c);
    }
}

/// Returns text from outside on one line: hidden characters escaped, line breaks and tabs as
/// spaces, the ends trimmed.
#[must_use]
pub fn flatten_escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            _ => push_escaped(&mut shown, c),
        }
    }
    shown
}

/// Returns text with a visible character of the same length in bytes for every hidden one, so that
/// places stay right. Line ends and tabs stay.
#[must_use]
pub fn mask_unprintable(text: &str) -> Cow<'_, str> {
    let ends_line = |offset: usize| text[offset + 1..].starts_with('\n');
    let harmful = |offset: usize, c: char| match c {
        '\n' | '\t' => false,
        '\r' => !ends_line(offset),
        _ => is_hidden(c),
    };
    if !text.char_indices().any(|(offset, c)| harmful(offset, c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(
        text.char_indices()
            .map(|(offset, c)| {
                if harmful(offset, c) {
                    replacement_char(c)
                } else {
                    c
                }
            })
            .collect(),
    )
}

/// Returns text without characters that a terminal would obey or hide: they are shown as escapes.
/// Line ends and tabs stay, and so do joiners, which Persian and emoji need. With `colour`, so do
/// the codes of colours, which cannot move the cursor or reach the title or the clipboard.
// The last step before a terminal, for text from any source: a name from a document that
// one forgot to escape would otherwise write over the lines before it.
#[must_use]
pub fn escape_terminal(text: &str, colour: bool) -> Cow<'_, str> {
    let is_harmless = |c: char| matches!(c, '\n' | '\t' | '\u{200c}' | '\u{200d}') || !is_hidden(c);
    if text.chars().all(is_harmless) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match colour_code_length(rest) {
            Some(length) if colour => {
                shown.push_str(&rest[..length]);
                length
            }
            // A carriage return alone would go back to the start of the line.
            _ if rest.starts_with("\r\n") || is_harmless(c) => {
                shown.push(c);
                c.len_utf8()
            }
            _ => {
                shown.extend(c.escape_default());
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    Cow::Owned(shown)
}

/// Returns the length of the code of a colour that begins here: `ESC [`, numbers and semicolons,
/// `m`.
fn colour_code_length(text: &str) -> Option<usize> {
    let code = text.strip_prefix("\u{1b}[")?;
    let end = code.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
    code[end..].starts_with('m').then_some(end + 3)
}

fn replacement_char(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '\u{a4}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flattened_text_is_one_line_with_hidden_characters_escaped() {
        assert_eq!(
            flatten_escaped(" a\u{1b}[31m\nb\tc\u{202e}\r"),
            "a\\u{1b}[31m b c\\u{202e}"
        );
    }

    #[test]
    fn a_terminal_gets_no_code_but_colours() {
        let text = "\u{1b}[1;31mred\u{1b}[0m\u{1b}[2J\u{1b}]0;x\u{7}\tb\r\nc\rd\u{9b}m\u{1b}";
        let rest = "\\u{1b}[2J\\u{1b}]0;x\\u{7}\tb\r\nc\\rd\\u{9b}m\\u{1b}";
        assert_eq!(
            escape_terminal(text, true),
            format!("\u{1b}[1;31mred\u{1b}[0m{rest}")
        );
        assert_eq!(
            escape_terminal(text, false),
            format!("\\u{{1b}}[1;31mred\\u{{1b}}[0m{rest}")
        );
        assert!(matches!(escape_terminal("a\n", false), Cow::Borrowed(_)));
    }

    #[test]
    fn text_on_a_terminal_is_read_in_the_order_in_which_it_is_written() {
        assert_eq!(
            escape_terminal("out/\u{202e}4pm.exe a\u{200b}b \u{2066}c\u{2028}", true),
            "out/\\u{202e}4pm.exe a\\u{200b}b \\u{2066}c\\u{2028}"
        );
        let joined = "می\u{200c}روم 👩\u{200d}🚀";
        assert_eq!(escape_terminal(joined, false), joined);
    }

    #[test]
    fn masked_text_keeps_every_byte_in_its_place() {
        let text = "a\u{1b}b\u{85}c\u{202e}d\r\ne\rf";
        let masked = mask_unprintable(text);
        assert_eq!(masked, "a?b\u{a4}c\u{fffd}d\r\ne?f");
        assert_eq!(masked.len(), text.len());
        assert!(matches!(mask_unprintable("plain\n"), Cow::Borrowed(_)));
    }
}
