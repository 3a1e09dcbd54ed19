//! Placeholders in the words of a command, such as `{frame}` and `{input.set}`. `{{` and `}}` are
//! braces.

use std::ops::Range;

/// A piece of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplatePiece<'a> {
    /// Literal text.
    Text(&'a str),
    /// The name between braces, and the bytes of the placeholder with its braces.
    Placeholder(&'a str, Range<usize>),
}

/// Names with one value each. The others are `input.SLOT` for inputs of the job, and `file.NAME`
/// for files of the provider.
// A closed list, so that a misspelt name is an error of the document and not an empty word in a
// command.
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

/// Splits a text into its pieces.
///
/// # Errors
/// Fails with the bytes of a brace that has no partner.
pub fn parse_pieces(text: &str) -> Result<Vec<TemplatePiece<'_>>, Range<usize>> {
    let mut pieces = Vec::new();
    let mut rest = 0;
    while let Some(index) = text[rest..].find(['{', '}']).map(|index| rest + index) {
        pieces.push(TemplatePiece::Text(&text[rest..index]));
        let brace = &text[index..=index];
        // Doubled braces are literal, as in Rust and Python. Scene files that a provider writes are
        // full of them.
        if text[index + 1..].starts_with(brace) {
            pieces.push(TemplatePiece::Text(brace));
            rest = index + 2;
            continue;
        }
        // A closing brace without an opening one is refused as well: it is nearly always half of a
        // placeholder.
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
    // Empty texts arise between neighbouring placeholders.
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
