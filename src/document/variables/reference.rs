//! The notation: `${name}` for a value, `$${` for the characters themselves.
//!
//! Owns how text is cut into parts, and where each part stands in the file. Knows no variable.

use crate::base::FileSpan;

/// A piece of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// A variable, with the bytes of its `${name}` in the text.
    Name(&'a str, (usize, usize)),
    /// A `${` that names nothing, with its bytes, and why.
    Wrong((usize, usize), &'static str),
}

const OPEN: &str = "${";

/// Cuts a text into its parts.
pub(super) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut done = 0;
    while let Some(at) = text[done..].find(OPEN).map(|at| at + done) {
        if text[done..at].ends_with('$') {
            parts.extend([Part::Text(&text[done..at - 1]), Part::Text(OPEN)]);
            done = at + OPEN.len();
            continue;
        }
        parts.push(Part::Text(&text[done..at]));
        let part = reference(text, at);
        done = part_end(part);
        parts.push(part);
    }
    parts.push(Part::Text(&text[done..]));
    parts.retain(|part| *part != Part::Text(""));
    parts
}

fn reference(text: &str, at: usize) -> Part<'_> {
    let inner = at + OPEN.len();
    let Some(len) = text[inner..].find('}') else {
        return Part::Wrong((at, text.len()), "no `}` closes it");
    };
    let (name, range) = (&text[inner..inner + len], (at, inner + len + 1));
    match name {
        "" => Part::Wrong(range, "it names no variable"),
        name if is_name(name) => Part::Name(name, range),
        _ => Part::Wrong(range, "a name is made of letters, digits, `_` and `-`"),
    }
}

fn part_end(part: Part<'_>) -> usize {
    match part {
        Part::Name(_, (_, end)) | Part::Wrong((_, end), _) => end,
        Part::Text(_) => 0,
    }
}

/// Returns whether this can be the name of a variable.
pub(super) fn is_name(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    starts
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// Returns whether the text holds the notation, so that it must be looked at.
pub(super) fn is_marked(text: &str) -> bool {
    text.contains(OPEN)
}

/// Returns text that is read back as it stands.
#[must_use]
pub fn escaped(text: &str) -> String {
    text.replace(OPEN, "$${")
}

/// Returns the place of a part of `text` in the file, where it was `written` between other characters or with escapes.
pub(super) fn place(
    origin: FileSpan,
    written: &str,
    text: &str,
    (start, end): (usize, usize),
) -> FileSpan {
    let shift = written.find(text).map(|shift| shift + start);
    let marks = text[..start].matches(OPEN).count();
    let at = shift.or_else(|| written.match_indices(OPEN).nth(marks).map(|(at, _)| at));
    let part = |n: usize| u32::try_from(n).unwrap_or(0);
    match at {
        Some(at) if at + end - start <= written.len() => {
            origin.sub_span(part(at), part(end - start))
        }
        _ => origin,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_at_names_and_a_doubled_sign_stands_for_itself() {
        use Part::{Name, Text, Wrong};
        assert_eq!(parts("a ${b}c"), [Text("a "), Name("b", (2, 6)), Text("c")]);
        assert_eq!(parts("$${b} $ {"), [Text("${"), Text("b} $ {")]);
        assert_eq!(parts("${b"), [Wrong((0, 3), "no `}` closes it")]);
        assert!(matches!(parts("${}")[..], [Wrong((0, 3), _)]));
        assert!(matches!(
            parts("${é-1}${1}")[..],
            [Name("é-1", _), Wrong((7, 11), _)]
        ));
    }

    #[test]
    fn escaped_text_is_read_back_as_it_stood() {
        for text in ["${a}", "$${a}", "plain", "$$", "${${"] {
            let read = escaped(text);
            let back: String = parts(&read)
                .iter()
                .map(|part| match part {
                    Part::Text(text) => *text,
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
            place(origin, "'a ${b}'", "a ${b}", (2, 6)),
            origin.sub_span(3, 4)
        );
        assert_eq!(
            place(origin, "\"\\ta ${b}\"", "\ta ${b}", (3, 7)),
            origin.sub_span(5, 4)
        );
    }
}
