//! Placeholders in words of a command: `{frame}`, `{input.set}`; `{{` and `}}` are braces. Pure.

use std::ops::Range;

/// A part of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The name between braces, with its place in the text, braces and all.
    Placeholder(&'a str, Range<usize>),
}

/// Names that stand for one value each. Besides them `input.SLOT`, for what the job is made from, and `file.NAME`, for what
/// the provider names under `files`.
pub const NAMES: [&str; 26] = [
    "description",
    "frame",
    "frames",
    "frames.list",
    "chunk.start",
    "chunk.end",
    "chunk.size",
    "output",
    "output.folder",
    "scene",
    "seed",
    "width",
    "height",
    "samples",
    "threads",
    "rate",
    "camera.eye",
    "camera.right",
    "camera.up",
    "camera.forward",
    "camera.angle",
    "camera.lens",
    "camera.sensor",
    "key.toward",
    "key.colour",
    "scratch",
];

/// Cuts a text into its pieces.
///
/// # Errors
/// Fails with the place of a brace that has no partner.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Range<usize>> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find(['{', '}']).map(|at| rest + at) {
        pieces.push(Piece::Text(&text[rest..at]));
        let brace = &text[at..=at];
        if text[at + 1..].starts_with(brace) {
            pieces.push(Piece::Text(brace));
            rest = at + 2;
            continue;
        }
        let end = text[at..]
            .find('}')
            .filter(|_| brace == "{")
            .map(|end| at + end + 1);
        let Some(end) = end else {
            return Err(at..at + 1);
        };
        pieces.push(Piece::Placeholder(text[at + 1..end - 1].trim(), at..end));
        rest = end;
    }
    pieces.push(Piece::Text(&text[rest..]));
    pieces.retain(|piece| *piece != Piece::Text(""));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_braces_are_braces_and_a_lone_one_is_a_slip() {
        let cut = pieces("a{frame}b{{c}} { input.set }").unwrap();
        let names: Vec<&str> = cut
            .iter()
            .filter_map(|piece| match piece {
                Piece::Placeholder(name, _) => Some(*name),
                Piece::Text(_) => None,
            })
            .collect();
        assert_eq!(names, ["frame", "input.set"]);
        let text: String = cut
            .iter()
            .filter_map(|piece| match piece {
                Piece::Text(text) => Some(*text),
                Piece::Placeholder(..) => None,
            })
            .collect();
        assert_eq!(text, "ab{c} ");
        assert_eq!((pieces("a}"), pieces("a {frame")), (Err(1..2), Err(2..3)));
    }
}
