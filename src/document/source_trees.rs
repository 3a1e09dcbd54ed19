//! The files that were read, as their places are looked up: each made once, and only when someone asks.
//!
//! Later stages carry origins and no trees; what is said about a place in the end is looked up here.

use super::input_limits::InputLimits;
use super::shot_table::{self, ShotTable};
use super::span_tree::{SpanTree, parse_yaml};
use crate::base::{Diagnostics, FileId, SourceMap};
use std::collections::HashMap;
use std::sync::Arc;

/// What the places of one file are looked up in.
pub(super) enum SourceTree {
    Yaml(SpanTree),
    Table(ShotTable),
    /// A screenplay, or a file that is no tree.
    Other,
}

/// Trees by file.
pub struct SourceTrees<'a> {
    sources: &'a SourceMap,
    limits: InputLimits,
    trees: HashMap<FileId, SourceTree>,
}

impl<'a> SourceTrees<'a> {
    /// Returns an empty table over these files.
    #[must_use]
    pub fn new(sources: &'a SourceMap, limits: &InputLimits) -> Self {
        Self {
            sources,
            limits: *limits,
            trees: HashMap::new(),
        }
    }

    /// Returns the tree of a file, if it is YAML and can be a tree.
    pub fn get(&mut self, file: FileId) -> Option<&SpanTree> {
        match self.source_tree(file) {
            SourceTree::Yaml(tree) => Some(tree),
            SourceTree::Table(_) | SourceTree::Other => None,
        }
    }

    pub(super) fn source_tree(&mut self, file: FileId) -> &SourceTree {
        let (sources, limits) = (self.sources, &self.limits);
        self.trees
            .entry(file)
            .or_insert_with(|| parse_source(file, limits, sources))
    }

    /// Returns the files behind the trees.
    #[must_use]
    pub const fn sources(&self) -> &'a SourceMap {
        self.sources
    }
}

fn parse_source(file: FileId, limits: &InputLimits, sources: &SourceMap) -> SourceTree {
    let Some(source) = sources.get(file) else {
        return SourceTree::Other;
    };
    let (text, mut diagnostics) = (Arc::clone(&source.text), Diagnostics::default());
    if shot_table::is_table(&source.path) {
        return shot_table::read_shot_table(file, &text, limits, &mut diagnostics)
            .map_or(SourceTree::Other, SourceTree::Table);
    }
    let yaml = source
        .path
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    let tree = yaml
        .then(|| parse_yaml(file, text, limits, &mut diagnostics))
        .flatten();
    tree.map_or(SourceTree::Other, SourceTree::Yaml)
}
