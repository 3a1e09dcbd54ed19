//! The files that were read, as their places are looked up: each made once, and only when someone asks.
//!
//! Later stages carry origins and no trees; what is said about a place in the end is looked up here.

use super::limits::Limits;
use super::table::{self, Table};
use super::tree::{Tree, parse};
use crate::base::{Diagnostics, FileId, SourceMap};
use std::collections::HashMap;
use std::sync::Arc;

/// What the places of one file are looked up in.
pub(super) enum Page {
    Yaml(Tree),
    Table(Table),
    /// A screenplay, or a file that is no tree.
    Other,
}

/// Trees by file.
pub struct Trees<'a> {
    sources: &'a SourceMap,
    limits: Limits,
    pages: HashMap<FileId, Page>,
}

impl<'a> Trees<'a> {
    /// Returns an empty table over these files.
    #[must_use]
    pub fn of(sources: &'a SourceMap, limits: &Limits) -> Self {
        Self {
            sources,
            limits: *limits,
            pages: HashMap::new(),
        }
    }

    /// Returns the tree of a file, if it is YAML and can be a tree.
    pub fn get(&mut self, file: FileId) -> Option<&Tree> {
        match self.page(file) {
            Page::Yaml(tree) => Some(tree),
            Page::Table(_) | Page::Other => None,
        }
    }

    pub(super) fn page(&mut self, file: FileId) -> &Page {
        let (sources, limits) = (self.sources, &self.limits);
        self.pages
            .entry(file)
            .or_insert_with(|| page_of(file, limits, sources))
    }

    /// Returns the files behind the trees.
    #[must_use]
    pub const fn sources(&self) -> &'a SourceMap {
        self.sources
    }
}

fn page_of(file: FileId, limits: &Limits, sources: &SourceMap) -> Page {
    let Some(source) = sources.get(file) else {
        return Page::Other;
    };
    let (text, mut told) = (Arc::clone(&source.text), Diagnostics::default());
    if table::is_table(&source.path) {
        return table::read(file, &text, limits, &mut told).map_or(Page::Other, Page::Table);
    }
    let yaml = source
        .path
        .extension()
        .is_some_and(|extension| extension == "yaml" || extension == "yml");
    let tree = yaml.then(|| parse(file, text, limits, &mut told)).flatten();
    tree.map_or(Page::Other, Page::Yaml)
}
