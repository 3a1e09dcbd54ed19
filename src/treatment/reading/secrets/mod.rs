//! Finds what may be a password or a key in a line of text: values with a label that names a secret, in
//! many languages, and keys of well-known services by their form. Knows nothing of Markdown or
//! treatments beyond the marks that hide a word from a search.

mod command_secrets;
mod key_forms;
mod label_search;
mod labelled_values;
mod login_pairs;
mod payment_numbers;
mod secret_labels;
mod secret_names;
mod secret_values;
#[cfg(test)]
mod tests;
mod value_facts;
mod value_search;
mod visible_text;

pub(super) use key_forms::{is_key, is_known_key};
pub(in crate::treatment) use secret_names::{
    SecretName, SecretWait, names_secret_alone, waits_for_secret,
};
pub(in crate::treatment) use secret_values::{is_cell_secret, is_waited_secret};

use std::ops::Range;
use visible_text::VisibleText;

/// Returns the bytes of everything that may be a secret, in order and apart from each other.
pub(super) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let mut ranges = visible_secrets(text);
    // A comment of HTML is seen by nobody, and is in the file.
    for (at, _) in text.match_indices("<!--") {
        let start = at + "<!--".len();
        let rest = text.get(start..).unwrap_or_default();
        let rest = rest.find("<!--").map_or(rest, |end| &rest[..end]);
        let comment = rest.find("-->").map_or(rest, |end| &rest[..end]);
        let found = visible_secrets(comment).into_iter();
        ranges.extend(found.map(|range| start + range.start..start + range.end));
    }
    joined_ranges(ranges)
}

/// Returns the bytes of everything that may be a secret in what is seen of a text.
fn visible_secrets(text: &str) -> Vec<Range<usize>> {
    let visible = VisibleText::new(text);
    let mut found = key_forms::key_places(&visible);
    found.extend(payment_numbers::payment_numbers(&visible));
    found.extend(labelled_values::value_places(&visible));
    let ranges = found.into_iter().map(|place| visible.bytes(&place));
    ranges.collect()
}

/// Returns the ranges in order, with those that overlap as one.
pub(in crate::treatment) fn joined_ranges(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}
