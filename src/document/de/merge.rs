//! Merge keys: the entries of a map after `<<` has been read, own keys first, then each source in order.
//!
//! Owns precedence and the merge budget. Duplicate keys were checked on the tree, before merging, so that overriding
//! a merged key is no mistake.

use super::refusal::Refusal;
use super::run::Run;
use crate::base::Diagnostic;
use crate::document::tree::{NodeId, Shape};
use std::collections::HashSet;

/// One entry of a map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) key: NodeId,
    pub(super) value: NodeId,
    /// The merge that brought it, unless it stands in the map itself.
    pub(super) via: Option<NodeId>,
}

/// Below this, comparing all is faster than hashing; above, a map of many keys would take minutes.
const HASHED_FROM: usize = 24;

struct Merge<'r, 't> {
    run: &'r mut Run<'t>,
    entries: Vec<Entry>,
    /// The text of each entry's key.
    texts: Vec<&'t str>,
    seen: HashSet<&'t str>,
}

/// Returns the entries of this map, merges included. Keys that are not text were reported with the tree.
pub(super) fn entries(run: &mut Run<'_>, map: NodeId) -> Result<Vec<Entry>, Refusal> {
    let count = run.tree.pairs(map).map_or(0, |pairs| pairs.len());
    let (entries, texts) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut merge = Merge {
        run,
        entries,
        texts,
        seen: HashSet::new(),
    };
    merge.add(map, None, 0)?;
    Ok(merge.entries)
}

impl<'t> Merge<'_, 't> {
    fn add(&mut self, map: NodeId, via: Option<NodeId>, depth: usize) -> Result<(), Refusal> {
        self.run.check_depth(depth, map)?;
        let tree = self.run.tree;
        let mut sources = Vec::new();
        for (key, value) in tree.pairs(map).into_iter().flatten() {
            match tree.scalar(key) {
                Some(scalar) if scalar.plain && scalar.text == "<<" => sources.push(value),
                Some(scalar) => self.entry(scalar.text, Entry { key, value, via })?,
                None => {}
            }
        }
        sources
            .into_iter()
            .try_for_each(|source| self.source(source, via.unwrap_or(source), depth + 1))
    }

    fn entry(&mut self, text: &'t str, entry: Entry) -> Result<(), Refusal> {
        if entry.via.is_some() {
            self.run.step(entry.key)?;
        }
        if !self.is_known(text) {
            self.entries.push(entry);
            self.texts.push(text);
            self.remember(text);
        }
        Ok(())
    }

    fn is_known(&self, text: &str) -> bool {
        if self.texts.len() > HASHED_FROM {
            self.seen.contains(text)
        } else {
            self.texts.contains(&text)
        }
    }

    fn source(&mut self, source: NodeId, via: NodeId, depth: usize) -> Result<(), Refusal> {
        self.run.step(source)?;
        let tree = self.run.tree;
        match tree.shape(source) {
            Shape::Map => self.add(source, Some(via), depth),
            Shape::List => {
                self.run.check_depth(depth, source)?;
                let items = tree.items(source).unwrap_or_default();
                items
                    .iter()
                    .try_for_each(|item| self.source(*item, *item, depth + 1))
            }
            Shape::Broken => Ok(()),
            Shape::Scalar | Shape::Null => {
                let found = Diagnostic::error(
                    "production::yaml::bad_merge",
                    tree.origin(source),
                    "`<<` must name a map",
                );
                self.run
                    .report(found.with_help("write `<<: *anchor`, where `&anchor` marks a map"));
                Ok(())
            }
        }
    }

    fn remember(&mut self, text: &'t str) {
        if self.texts.len() == HASHED_FROM + 1 {
            self.seen = self.texts.iter().copied().collect();
        }
        if self.texts.len() > HASHED_FROM {
            self.seen.insert(text);
        }
    }
}
