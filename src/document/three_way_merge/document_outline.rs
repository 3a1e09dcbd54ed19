//! A document as entries with their texts. Written out again, it is the same text.

use super::outline_entry::OutlineEntry;
use super::outline_reader::OutlineReader;
use crate::base::{Diagnostics, FileId, Severity};
use crate::document::input_limits::InputLimits;
use crate::document::span_tree::{NodeId, SpanTree, ValueShape, parse_yaml};

/// A document as the fields of its outermost map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentOutline {
    pub(super) entries: Vec<OutlineEntry>,
    /// What follows the last entry.
    pub(super) tail: String,
    /// Whether the map was in brackets. Its text is then another than that which was read.
    pub(super) is_flow: bool,
}

/// Why a text has no outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineFault {
    /// The line of the text, from 1.
    pub line: usize,
    /// What is wrong there, as a lower-case fragment.
    pub why: String,
}

impl OutlineFault {
    fn new(text: &str, place: usize, why: impl Into<String>) -> Self {
        // What is missing at the end is missing in the last line.
        let place = place.min(text.trim_end().len());
        let before = text.get(..place).unwrap_or(text);
        Self {
            line: 1 + before.matches('\n').count(),
            why: why.into(),
        }
    }
}

/// Returns a text with the line ends of Unix in place of its own.
pub(super) fn with_plain_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

impl DocumentOutline {
    /// Reads an outline.
    ///
    /// # Errors
    /// Fails unless the text is YAML without errors, and a map, with a field on each line or in
    /// brackets.
    pub(super) fn from_text(text: &str) -> Result<Self, OutlineFault> {
        let mut text = with_plain_line_ends(text);
        // Each entry then ends with a line break, and one that is moved needs no special case.
        if !text.ends_with('\n') {
            text.push('\n');
        }
        let mut diagnostics = Diagnostics::default();
        let tree = parse_yaml(
            FileId(0),
            text.as_str().into(),
            &InputLimits::default(),
            &mut diagnostics,
        );
        let mut found = diagnostics.as_slice().iter();
        // A key that is there twice has two values, and only one would survive.
        if let Some(error) = found.find(|found| found.severity == Severity::Error) {
            let place = error.origin.start as usize;
            return Err(OutlineFault::new(&text, place, error.message.clone()));
        }
        let root = tree.as_ref().and_then(|tree| Some((tree, tree.root()?)));
        let Some((tree, root)) = root else {
            return Err(OutlineFault::new(&text, 0, "it is empty"));
        };
        Self::from_tree(&text, tree, root)
    }

    fn from_tree(text: &str, tree: &SpanTree, root: NodeId) -> Result<Self, OutlineFault> {
        let reader = OutlineReader::new(tree);
        let start = tree.origin(root).start as usize;
        if tree.shape(root) != ValueShape::Map {
            return Err(OutlineFault::new(text, start, "it is no map of fields"));
        }
        if let Some((entries, end)) = reader.block_entries(root, 0) {
            return Ok(Self {
                entries,
                tail: text.get(end..).unwrap_or_default().to_owned(),
                is_flow: false,
            });
        }
        if let Some(outline) = Self::from_flow(text, tree, root, &reader) {
            return Ok(outline);
        }
        // The first entry that failed is named: the whole file as the place would say nothing in a
        // long document.
        let (place, why) = match reader.failed_at() {
            Some(place) => (
                place,
                "an entry has a form that a renewal cannot keep, such as an anchor or a `?` before a key, or \
                 another document on its line; write it as `key: value`",
            ),
            None => (start, "it has no fields"),
        };
        Err(OutlineFault::new(text, place, why))
    }

    /// Reads a document that is a map in brackets, as JSON is.
    fn from_flow(
        text: &str,
        tree: &SpanTree,
        root: NodeId,
        reader: &OutlineReader<'_>,
    ) -> Option<Self> {
        let lines = reader.flow_lines(root, 0)?;
        let mut entries = lines.entries;
        // With anchor and tag, which are before the bracket.
        let place = tree.full_origin(root);
        // The comments above the bracket go to the first entry, because the bracket itself is not
        // written again.
        let lead = text.get(..place.start as usize)?.trim_end();
        if !lead.is_empty() {
            let first = entries.first_mut()?;
            first.lead = format!("{lead}\n{}", first.lead);
        }
        let tail = text
            .get(place.end as usize..)?
            .trim_start_matches([' ', '\n']);
        Some(Self {
            entries,
            tail: tail.to_owned(),
            is_flow: true,
        })
    }

    /// Returns the text of the document.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        for entry in &self.entries {
            entry.write(entry.column, false, &mut text);
        }
        text.push_str(&self.tail);
        text
    }
}
