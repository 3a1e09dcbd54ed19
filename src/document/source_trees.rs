//! The files that were read, as trees for looking up places. Each tree is built once, on demand.
//!
//! Later stages carry spans and no trees. When a finding is reported, its place is looked up here.

use super::cell_table::CellTable;
use super::input_limits::InputLimits;
use super::shot_table::{self, ShotTable};
use super::span_tree::{SpanTree, parse_yaml};
use crate::base::{Diagnostics, FileId, SourceMap};
use std::collections::HashMap;
use std::sync::Arc;

/// The parsed form of one file.
pub(super) enum SourceTree {
    Yaml(SpanTree),
    Table(ShotTable),
    /// A table that is no list of shots.
    Cells(CellTable),
    /// A screenplay, or a file that cannot be parsed.
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

    /// Returns the tree of a file. None if it is not YAML or cannot be parsed.
    pub fn get(&mut self, file: FileId) -> Option<&SpanTree> {
        match self.source_tree(file) {
            SourceTree::Yaml(tree) => Some(tree),
            SourceTree::Table(_) | SourceTree::Cells(_) | SourceTree::Other => None,
        }
    }

    pub(super) fn source_tree(&mut self, file: FileId) -> &SourceTree {
        let sources = self.sources;
        let limits = &self.limits;
        self.trees
            .entry(file)
            .or_insert_with(|| parse_source(file, limits, sources))
    }

    /// Returns the sources that the trees are built from.
    #[must_use]
    pub const fn sources(&self) -> &'a SourceMap {
        self.sources
    }
}

fn parse_source(file: FileId, limits: &InputLimits, sources: &SourceMap) -> SourceTree {
    let Some(source) = sources.get(file) else {
        return SourceTree::Other;
    };
    // The file was parsed before, and its findings were reported then.
    let text = Arc::clone(&source.text);
    let mut diagnostics = Diagnostics::default();
    if source.data_of.is_some() {
        return match shot_table::is_table(&source.path) {
            true => SourceTree::Cells(CellTable::read(&text)),
            false => SourceTree::Other,
        };
    }
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
