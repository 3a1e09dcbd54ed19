//! The span trees of files that were read, each made once and only when someone asks.
//!
//! Later stages carry origins and no trees; what is said about a place in the end is looked up here.

use super::limits::Limits;
use super::tree::{Tree, parse};
use crate::base::{Diagnostics, FileId, Sources};
use std::collections::HashMap;
use std::sync::Arc;

/// Trees by file.
pub struct Trees<'a> {
    sources: &'a Sources,
    limits: Limits,
    parsed: HashMap<FileId, Option<Tree>>,
}

impl<'a> Trees<'a> {
    /// Returns an empty table over these files.
    #[must_use]
    pub fn of(sources: &'a Sources, limits: &Limits) -> Self {
        Self { sources, limits: *limits, parsed: HashMap::new() }
    }

    /// Returns the tree of a file, if it is YAML and can be a tree.
    pub fn get(&mut self, file: FileId) -> Option<&Tree> {
        let (sources, limits) = (self.sources, &self.limits);
        self.parsed.entry(file).or_insert_with(|| tree_of(file, sources, limits)).as_ref()
    }

    /// Returns the files behind the trees.
    #[must_use]
    pub const fn sources(&self) -> &'a Sources {
        self.sources
    }
}

fn tree_of(file: FileId, sources: &Sources, limits: &Limits) -> Option<Tree> {
    let source = sources.get(file)?;
    let yaml = source.path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let text = Arc::clone(&source.text);
    yaml.then(|| parse(file, text, limits, &mut Diagnostics::default())).flatten()
}
