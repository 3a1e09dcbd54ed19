//! The notation: `${name}` for a value, `$${` for the characters themselves.
//!
//! Owns the split of a text into parts and the place of each part in the file. Knows no variable.

use crate::base::FileSpan;

/// A piece of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScalarPart<'a> {
    /// Literal text.
    Text(&'a str),
    /// A variable's name, with the byte range of its `${name}` in the text.
    Name(&'a str, (usize, usize)),
    /// A `${` that names no variable: its byte range, and why.
    Malformed((usize, usize), &'static str),
}

const REFERENCE_START: &str = "${";

/// Splits a text into its parts.
pub(super) fn split_references(text: &str) -> Vec<ScalarPart<'_>> {
    let mut parts = Vec::new();
    let mut done = 0;
    while let Some(start) = text[done..].find(REFERENCE_START).map(|start| start + done) {
        // Only the sign directly before counts. `$$${a}` is a `$` and an escaped `${`, which keeps
        // `escape_references` and this function inverse to each other.
        if text[done..start].ends_with('$') {
            parts.extend([
                ScalarPart::Text(&text[done..start - 1]),
                ScalarPart::Text(REFERENCE_START),
            ]);
            done = start + REFERENCE_START.len();
            continue;
        }
        parts.push(ScalarPart::Text(&text[done..start]));
        let part = parse_reference(text, start);
        done = part_end(part);
        parts.push(part);
    }
    parts.push(ScalarPart::Text(&text[done..]));
    // Empty parts would make a reference alone look like one inside of text.
    parts.retain(|part| *part != ScalarPart::Text(""));
    parts
}

fn parse_reference(text: &str, start: usize) -> ScalarPart<'_> {
    let inner = start + REFERENCE_START.len();
    let Some(len) = text[inner..].find('}') else {
        // Without a brace the rest of the text is taken, so one mistake gives one diagnostic.
        return ScalarPart::Malformed((start, text.len()), "no `}` closes it");
    };
    let name = &text[inner..inner + len];
    let range = (start, inner + len + 1);
    match name {
        "" => ScalarPart::Malformed(range, "it names no variable"),
        name if is_name(name) => ScalarPart::Name(name, range),
        _ => ScalarPart::Malformed(range, "a name is made of letters, digits, `_` and `-`"),
    }
}

fn part_end(part: ScalarPart<'_>) -> usize {
    match part {
        ScalarPart::Name(_, (_, end)) | ScalarPart::Malformed((_, end), _) => end,
        // Not reached: `parse_reference` returns no text.
        ScalarPart::Text(_) => 0,
    }
}

/// Returns whether this can be the name of a variable.
pub(super) fn is_name(name: &str) -> bool {
    // A digit first is refused, so that a price such as `${5}` is reported and not taken for a
    // variable.
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Returns whether the text contains the notation, escaped or not.
pub(super) fn has_reference(text: &str) -> bool {
    text.contains(REFERENCE_START)
}

/// Escapes the notation, so that the text is read back unchanged.
#[must_use]
pub fn escape_references(text: &str) -> String {
    text.replace(REFERENCE_START, "$${")
}

/// Returns the place of a part of `text` in the file. `written` is the source of the value, with
/// quotes or escapes that `text` no longer has.
pub(super) fn part_origin(
    origin: FileSpan,
    written: &str,
    text: &str,
    range: (usize, usize),
) -> FileSpan {
    let (start, end) = range;
    // If the text has no escapes, it is found inside the quotes as it is. Else the n-th `${` of the
    // source is taken for the n-th of the text, which is wrong only if an escape makes one.
    let shift = written.find(text).map(|shift| shift + start);
    let marks = text[..start].matches(REFERENCE_START).count();
    let offset = shift.or_else(|| {
        written
            .match_indices(REFERENCE_START)
            .nth(marks)
            .map(|(offset, _)| offset)
    });
    let part = |n: usize| u32::try_from(n).unwrap_or(0);
    match offset {
        // A part that would end outside of the value was not found; the whole value is marked
        // instead.
        Some(offset) if offset + end - start <= written.len() => {
            origin.sub_span(part(offset), part(end - start))
        }
        _ => origin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_split_at_names_and_a_doubled_dollar_is_literal() {
        use ScalarPart::{Malformed, Name, Text};
        assert_eq!(
            split_references("a ${b}c"),
            [Text("a "), Name("b", (2, 6)), Text("c")]
        );
        assert_eq!(split_references("$${b} $ {"), [Text("${"), Text("b} $ {")]);
        assert_eq!(
            split_references("${b"),
            [Malformed((0, 3), "no `}` closes it")]
        );
        assert!(matches!(
            split_references("${}")[..],
            [Malformed((0, 3), _)]
        ));
        assert!(matches!(
            split_references("${é-1}${1}")[..],
            [Name("é-1", _), Malformed((7, 11), _)]
        ));
    }

    #[test]
    fn escaped_text_is_read_back_as_it_stood() {
        for text in ["${a}", "$${a}", "plain", "$$", "${${"] {
            let read = escape_references(text);
            let back: String = split_references(&read)
                .iter()
                .map(|part| match part {
                    ScalarPart::Text(text) => *text,
                    _ => "?",
                })
                .collect();
            assert_eq!(back, text);
        }
    }

    #[test]
    fn a_part_is_found_behind_quotes_and_escapes() {
        let origin = FileSpan {
            start: 10,
            end: 30,
            ..FileSpan::default()
        };
        assert_eq!(
            part_origin(origin, "'a ${b}'", "a ${b}", (2, 6)),
            origin.sub_span(3, 4)
        );
        assert_eq!(
            part_origin(origin, "\"\\ta ${b}\"", "\ta ${b}", (3, 7)),
            origin.sub_span(5, 4)
        );
    }
}
