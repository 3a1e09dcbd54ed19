//! Placeholders in words of a command: `{frame}`, `{input.set}`; `{{` and `}}` are braces. Pure.

use std::ops::Range;

/// A part of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePiece<'a> {
    /// Text as it is.
    Text(&'a str),
    /// The name between braces, with its place in the text, braces and all.
    Placeholder(&'a str, Range<usize>),
}

/// Names that stand for one value each. Besides them `input.SLOT`, for what the job is made from, and `file.NAME`, for what
/// the provider names under `files`.
pub const PLACEHOLDER_NAMES: [&str; 26] = [
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
pub fn parse_pieces(text: &str) -> Result<Vec<TemplatePiece<'_>>, Range<usize>> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(index) = text[rest..].find(['{', '}']).map(|index| rest + index) {
        pieces.push(TemplatePiece::Text(&text[rest..index]));
        let brace = &text[index..=index];
        if text[index + 1..].starts_with(brace) {
            pieces.push(TemplatePiece::Text(brace));
            rest = index + 2;
            continue;
        }
        let end = text[index..]
            .find('}')
            .filter(|_| brace == "{")
            .map(|end| index + end + 1);
        let Some(end) = end else {
            return Err(index..index + 1);
        };
        pieces.push(TemplatePiece::Placeholder(
            text[index + 1..end - 1].trim(),
            index..end,
        ));
        rest = end;
    }
    pieces.push(TemplatePiece::Text(&text[rest..]));
    pieces.retain(|piece| *piece != TemplatePiece::Text(""));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubled_braces_are_braces_and_a_lone_one_is_a_slip() {
        let cut = parse_pieces("a{frame}b{{c}} { input.set }").unwrap();
        let names: Vec<&str> = cut
            .iter()
            .filter_map(|piece| match piece {
                TemplatePiece::Placeholder(name, _) => Some(*name),
                TemplatePiece::Text(_) => None,
            })
            .collect();
        assert_eq!(names, ["frame", "input.set"]);
        let text: String = cut
            .iter()
            .filter_map(|piece| match piece {
                TemplatePiece::Text(text) => Some(*text),
                TemplatePiece::Placeholder(..) => None,
            })
            .collect();
        assert_eq!(text, "ab{c} ");
        assert_eq!(
            (parse_pieces("a}"), parse_pieces("a {frame")),
            (Err(1..2), Err(2..3))
        );
    }
}
