//! Merge keys: the entries of a map after `<<` is applied, its own keys first, then those of each
//! source in order.
//!
//! Owns precedence and the budget of merges. Duplicate keys are checked on the tree, before
//! merging, so overriding a merged key is no mistake.

use super::decode_error::DecodeError;
use super::decode_pass::DecodePass;
use crate::base::Diagnostic;
use crate::document::span_tree::{NodeId, ValueShape};
use std::collections::HashSet;

/// One entry of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct MapEntry {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    /// The merge that brought the entry. None if it is written in the map itself.
    pub(super) via: Option<NodeId>,
}

/// Up to this number of keys, comparing all is faster than hashing. A map of many keys would take
/// minutes without the hash.
const HASHED_FROM: usize = 24;

struct EntryMerger<'r, 't> {
    pass: &'r mut DecodePass<'t>,
    entries: Vec<MapEntry>,
    /// The text of each entry's key, once a key must be compared with those before it.
    texts: Vec<&'t str>,
    seen: HashSet<&'t str>,
}

/// Returns the entries of this map, merges included. Keys that are not text are skipped: the tree
/// reported them.
pub(super) fn merged_entries(
    pass: &mut DecodePass<'_>,
    map: NodeId,
) -> Result<Vec<MapEntry>, DecodeError> {
    let count = pass.tree.pairs(map).map_or(0, |pairs| pairs.len());
    let entries = Vec::with_capacity(count);
    let mut merger = EntryMerger {
        pass,
        entries,
        texts: Vec::new(),
        seen: HashSet::new(),
    };
    merger.add_map(map, None, 0)?;
    Ok(merger.entries)
}

impl<'t> EntryMerger<'_, 't> {
    fn add_map(
        &mut self,
        map: NodeId,
        via: Option<NodeId>,
        depth: usize,
    ) -> Result<(), DecodeError> {
        self.pass.check_depth(depth, map)?;
        let tree = self.pass.tree;
        // Sources are read after all own keys, wherever `<<` is written: an own key wins over a
        // merged one.
        let mut sources = Vec::new();
        for (key, value) in tree.pairs(map).into_iter().flatten() {
            match tree.scalar(key) {
                // A quoted "<<" is an ordinary key, as YAML's merge type requires a plain scalar.
                Some(scalar) if scalar.plain && scalar.text == "<<" => sources.push(value),
                Some(scalar) => self.add_entry(scalar.text, MapEntry { key, value, via })?,
                None => {}
            }
        }
        // `via` is the outermost merge, which is in the user's map. A finding points there, not at
        // a `<<` inside of the anchor.
        sources
            .into_iter()
            .try_for_each(|source| self.add_source(source, via.unwrap_or(source), depth + 1))
    }

    fn add_entry(&mut self, text: &'t str, entry: MapEntry) -> Result<(), DecodeError> {
        // Own keys come first, and nearly all files were found to have each once.
        if entry.via.is_none() && !self.pass.tree.may_repeat_keys() {
            self.entries.push(entry);
            return Ok(());
        }
        // Merged keys cost budget, own keys do not: the file's size bounds own keys, but nested
        // merges repeat the same keys exponentially.
        if entry.via.is_some() {
            self.pass.count_visit(entry.key)?;
        }
        self.collect_texts();
        // The first entry wins. Own keys were added first, then sources in the order of the YAML
        // merge specification.
        if !self.is_known(text) {
            self.entries.push(entry);
            self.texts.push(text);
            self.remember_key(text);
        }
        Ok(())
    }

    /// Adds the texts of entries that were not compared.
    fn collect_texts(&mut self) {
        let tree = self.pass.tree;
        for index in self.texts.len()..self.entries.len() {
            let key = tree.scalar(self.entries[index].key);
            let text = key.map_or("", |key| key.text);
            self.texts.push(text);
            self.remember_key(text);
        }
    }

    fn is_known(&self, text: &str) -> bool {
        if self.texts.len() > HASHED_FROM {
            self.seen.contains(text)
        } else {
            self.texts.contains(&text)
        }
    }

    fn add_source(&mut self, source: NodeId, via: NodeId, depth: usize) -> Result<(), DecodeError> {
        self.pass.count_visit(source)?;
        let tree = self.pass.tree;
        match tree.shape(source) {
            ValueShape::Map => self.add_map(source, Some(via), depth),
            ValueShape::List => {
                self.pass.check_depth(depth, source)?;
                // A list may hold lists only through aliases, which the depth check bounds.
                let items = tree.items(source).unwrap_or_default();
                items
                    .iter()
                    .try_for_each(|item| self.add_source(*item, *item, depth + 1))
            }
            // The tree reported the mistake at its own place.
            ValueShape::Broken => Ok(()),
            ValueShape::Scalar | ValueShape::Null => {
                let diagnostic = Diagnostic::error(
                    "production::yaml::bad_merge",
                    tree.origin(source),
                    "`<<` must name a map",
                );
                self.pass.report_mistake(
                    diagnostic.with_help("write `<<: *anchor`, where `&anchor` marks a map"),
                );
                Ok(())
            }
        }
    }

    fn remember_key(&mut self, text: &'t str) {
        // The set is filled once, when the map grows past the bound. Maps below it never allocate
        // one.
        if self.texts.len() == HASHED_FROM + 1 {
            self.seen = self.texts.iter().copied().collect();
        }
        if self.texts.len() > HASHED_FROM {
            self.seen.insert(text);
        }
    }
}
