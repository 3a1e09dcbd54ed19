//! A document as entries with their texts. Written out again, it is the same text.

use super::outline_entry::OutlineEntry;
use super::outline_reader::OutlineReader;
use crate::base::{Diagnostics, FileId};
use crate::document::input_limits::InputLimits;
use crate::document::span_tree::{NodeId, SpanTree, parse_yaml};

/// A document as the fields of its outermost map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DocumentOutline {
    pub(super) entries: Vec<OutlineEntry>,
    /// What follows the last entry.
    pub(super) tail: String,
    /// Whether the map was in brackets. Its text is then another than that which was read.
    pub(super) is_flow: bool,
}

impl DocumentOutline {
    /// Reads an outline. `None` unless the text is YAML without errors, and a map with a field on
    /// each line, or one in brackets without comments in it.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let text = text.replace("\r\n", "\n");
        let text = if text.ends_with('\n') {
            text
        } else {
            format!("{text}\n")
        };
        let mut diagnostics = Diagnostics::default();
        let tree = parse_yaml(
            FileId(0),
            text.as_str().into(),
            &InputLimits::default(),
            &mut diagnostics,
        )?;
        // A key that is there twice has two values, and only one would survive.
        if diagnostics.has_errors() {
            return None;
        }
        let root = tree.root()?;
        let reader = OutlineReader::new(&tree);
        let Some((entries, end)) = reader.block_entries(root, 0) else {
            return Self::from_flow(&text, &tree, root);
        };
        let tail = text.get(end..)?.to_owned();
        Some(Self {
            entries,
            tail,
            is_flow: false,
        })
    }

    /// Reads a document that is a map in brackets, as JSON is.
    fn from_flow(text: &str, tree: &SpanTree, root: NodeId) -> Option<Self> {
        let lines = OutlineReader::new(tree).flow_lines(root, 0)?;
        let mut entries = lines.entries;
        let place = tree.full_origin(root);
        let lead = text.get(..place.start as usize)?.trim_end();
        if !lead.is_empty() {
            entries.first_mut()?.lead = format!("{lead}\n");
        }
        let tail = text
            .get(place.end as usize..)?
            .trim_start_matches([' ', '\n']);
        (!lines.is_list).then(|| Self {
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
