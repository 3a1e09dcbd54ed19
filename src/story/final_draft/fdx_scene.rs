//! A scene heading with what the program keeps about the scene: its number, its summary, its length,
//! whether it is omitted.

use super::fdx_text::{ParagraphText, unmarked_text};
use crate::base::{FileSpan, Spanned};
use crate::story::fountain::{
    HeadingLine, ScriptScene, is_omitted, parse_heading, parse_omission, parse_place,
};
use roxmltree::Node;

/// Reads a heading as the start of a scene. `number` is that of the paragraph, and `has_omission`
/// says that the scene is inside of it, because it was omitted. `None`: it is empty.
pub(super) fn read_scene(
    paragraph: Node<'_, '_>,
    text: &ParagraphText,
    origin: FileSpan,
    number: Option<String>,
    has_omission: bool,
) -> Option<ScriptScene> {
    // The program shows headings in capitals, also those that were typed in small letters.
    let written = unmarked_text(&text.plain_text().to_uppercase());
    let parts = parse_heading(&written)
        .or_else(|| parse_omission(&written))
        .unwrap_or_else(|| HeadingLine::from_text(&written));
    let number = number.or(parts.number.map(str::to_owned));
    let omitted = has_omission || is_omitted(parts.text) || parse_omission(&written).is_some();
    let heading = match heading_text(parts.text, omitted) {
        Some(heading) => heading,
        // Programs leave empty headings behind. One with a number is a scene.
        None if number.is_none() => return None,
        None => "SCENE".to_owned(),
    };
    let properties = paragraph
        .children()
        .find(|child| child.has_tag_name("SceneProperties"));
    let counted_eighths = properties
        .and_then(|properties| properties.attribute("Length"))
        .and_then(read_eighths);
    Some(ScriptScene {
        number,
        omitted,
        place: parse_place(&heading),
        heading: Spanned::new(heading, origin),
        synopsis: properties.and_then(scene_summary),
        elements: Vec::new(),
        revisions: Vec::new(),
        counted_eighths,
    })
}

/// Returns a heading as Fountain can have it. `None`: nothing is left of it.
fn heading_text(text: &str, is_omitted_scene: bool) -> Option<String> {
    if is_omitted_scene && !is_omitted(text) && parse_omission(text).is_none() {
        return Some("OMITTED".to_owned());
    }
    if parse_heading(text).is_some() || parse_omission(text).is_some() {
        return Some(text.to_owned());
    }
    // A heading that is forced begins with a letter or a digit.
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    (!text.is_empty()).then(|| text.to_owned())
}

/// Returns the summary of a scene, or its title. `None`: it has neither.
fn scene_summary(properties: Node<'_, '_>) -> Option<String> {
    let summary = properties
        .children()
        .filter(|child| child.has_tag_name("Summary"))
        .flat_map(|summary| summary.descendants())
        .filter(|child| child.has_tag_name("Paragraph"))
        .flat_map(|paragraph| ParagraphText::read(paragraph).plain_lines());
    let summary = summary.collect::<Vec<_>>().join(" ");
    let title = || properties.attribute("Title").unwrap_or_default().to_owned();
    let text = Some(summary)
        .filter(|summary| !summary.is_empty())
        .unwrap_or_else(title);
    let text = unmarked_text(text.trim_start_matches(['=', ' ']));
    (!text.is_empty()).then_some(text)
}

/// Reads a length in eighths of a page: `2/8`, `1 3/8`, `2`. `None`: it is none.
fn read_eighths(text: &str) -> Option<u32> {
    let mut eighths: Option<u32> = None;
    for word in text.split_whitespace() {
        let count = match word.split_once('/') {
            Some((count, "8")) => count.parse().ok()?,
            Some(_) => return None,
            None => word.parse::<u32>().ok()?.checked_mul(8)?,
        };
        eighths = Some(eighths.unwrap_or(0).checked_add(count)?);
    }
    eighths
}

#[cfg(test)]
mod tests {
    use super::read_eighths;

    #[test]
    fn lengths_are_pages_and_eighths() {
        assert_eq!(read_eighths("2/8"), Some(2));
        assert_eq!(read_eighths("1 3/8"), Some(11));
        assert_eq!(read_eighths("2"), Some(16));
        for text in ["", "2/9", "x", "99999999999", "4294967295 7/8"] {
            assert_eq!(read_eighths(text), None, "{text}");
        }
    }
}
