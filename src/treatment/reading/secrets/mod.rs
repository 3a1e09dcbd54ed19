//! Finds what may be a password or a key in a line of text: values with a label that names a secret, in
//! many languages, and keys of well-known services by their form. Knows nothing of Markdown or
//! treatments beyond the marks that hide a word from a search.

mod command_secrets;
mod key_forms;
mod labelled_values;
mod secret_labels;
mod secret_values;
#[cfg(test)]
mod tests;
mod value_facts;
mod visible_text;

pub(super) use key_forms::is_key;
pub(in crate::treatment) use labelled_values::{names_secret_alone, waits_for_secret};
pub(in crate::treatment) use secret_values::{is_cell_secret, looks_secret};

use std::ops::Range;
use visible_text::VisibleText;

/// Returns the bytes of everything that may be a secret, in order and apart from each other.
pub(super) fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    let visible = VisibleText::new(text);
    let mut found = key_forms::key_places(&visible);
    found.extend(labelled_values::value_places(&visible));
    let ranges = found.into_iter().map(|place| visible.bytes(&place));
    joined_ranges(ranges.collect())
}

/// Returns the ranges in order, with those that overlap as one.
pub(super) fn joined_ranges(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
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
