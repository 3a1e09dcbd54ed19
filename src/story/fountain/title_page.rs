//! The title page: keys and values at the start of the file, up to the first blank line or scene
//! heading.

use super::manuscript::FountainLine;
use super::scene_heading::parse_heading;

/// Keys that the specification names. Any other key needs a value.
const KNOWN_KEYS: [&str; 9] = [
    "title",
    "credit",
    "author",
    "authors",
    "source",
    "notes",
    "draft date",
    "date",
    "contact",
];

/// Returns the title page, and the number of its lines. Both are empty if there is none.
pub(super) fn parse_title_page(lines: &[FountainLine<'_>]) -> (Vec<(String, String)>, usize) {
    // `INT. HOUSE: ATTIC` has a colon as a key does. What is indented is a value in any case.
    let is_heading =
        |line: &FountainLine<'_>| !is_indented(line.text) && parse_heading(line.text).is_some();
    let length = lines
        .iter()
        .take_while(|line| !line.is_blank() && !is_heading(line))
        .count();
    let block = &lines[..length];
    let mut page: Vec<(String, Vec<&str>)> = Vec::new();
    for line in block {
        match (split_key(line.text), page.last_mut()) {
            (Some((key, value)), _) => {
                page.push((key.to_owned(), non_empty(value).into_iter().collect()));
            }
            (None, Some((_, values))) if is_indented(line.text) => values.push(line.text.trim()),
            // One line that is neither a key nor an indented value means that the block is the
            // first paragraph of the script, such as an opening line with a colon.
            _ => return (Vec::new(), 0),
        }
    }
    // `FADE IN:` alone looks like a key without a value, so a page needs a value or a known key.
    let is_page = page
        .iter()
        .any(|(key, values)| !values.is_empty() || is_known_key(key));
    if is_page {
        (
            page.into_iter()
                .map(|(key, values)| (key, values.join("\n")))
                .collect(),
            length,
        )
    } else {
        (Vec::new(), 0)
    }
}

/// Returns whether a key is one that the specification names.
pub(super) fn is_known_key(key: &str) -> bool {
    KNOWN_KEYS.contains(&key.trim().to_lowercase().as_str())
}

fn non_empty(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn is_indented(text: &str) -> bool {
    // The specification asks for a tab or three spaces. Two spaces are accepted as well, because
    // nothing else on a title page begins with them.
    text.starts_with('\t') || text.starts_with("  ")
}

fn split_key(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let named = key.chars().next().is_some_and(char::is_alphabetic);
    named.then_some((key.trim(), value))
}
