//! The title page: keys and values at the very top, up to the first blank line.

use super::lines::Line;

/// Keys that the syntax names; any other key needs a value to be one.
const KNOWN: [&str; 9] = [
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

/// Returns the title page, and how many lines it takes.
pub(super) fn title_page(lines: &[Line<'_>]) -> (Vec<(String, String)>, usize) {
    let length = lines.iter().take_while(|line| !line.is_blank()).count();
    let block = &lines[..length];
    let mut page: Vec<(String, Vec<&str>)> = Vec::new();
    for line in block {
        match (key(line.text), page.last_mut()) {
            (Some((key, value)), _) => {
                page.push((key.to_owned(), some(value).into_iter().collect()))
            }
            (None, Some((_, values))) if is_indented(line.text) => values.push(line.text.trim()),
            _ => return (Vec::new(), 0),
        }
    }
    let is_page = page
        .iter()
        .any(|(key, values)| !values.is_empty() || KNOWN.contains(&key.to_lowercase().as_str()));
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

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn is_indented(text: &str) -> bool {
    text.starts_with('\t') || text.starts_with("  ")
}

fn key(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let named = key.chars().next().is_some_and(char::is_alphabetic);
    named.then_some((key.trim(), value))
}
