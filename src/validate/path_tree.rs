//! Finds which of many paths overlap, in time that grows with their length alone.
//!
//! Comparing each path with each other takes minutes for the outputs of a large game. Paths are
//! compared by their text, in normal form; the disk is not read.

use super::project_paths::normalized_path;
use crate::base::work_counter::count_work;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Component, Path};

/// Paths by their components, each with a number. Of paths that overlap, the lowest number is
/// found.
#[derive(Debug, Default)]
pub(super) struct PathTree {
    folders: Vec<PathFolder>,
}

/// One folder of the tree, or a file.
#[derive(Debug, Default)]
struct PathFolder {
    inner: HashMap<OsString, usize>,
    /// The lowest number of a path that ends here.
    ends: Option<usize>,
    /// The lowest number of a path that ends here or further in.
    passes: Option<usize>,
}

impl PathTree {
    /// Returns the tree of these paths, each with its position as its number.
    pub(super) fn from_paths<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Self {
        let mut tree = Self::default();
        for (number, path) in paths.into_iter().enumerate() {
            tree.insert(path, number);
        }
        tree
    }

    /// Adds a path. One that leads out of the project is left out: it overlaps nothing in it.
    pub(super) fn insert(&mut self, path: &Path, number: usize) {
        let Some(path) = normalized_path(path) else {
            return;
        };
        let lower = |known: Option<usize>| Some(known.map_or(number, |known| known.min(number)));
        let mut folder = self.root();
        self.folders[folder].passes = lower(self.folders[folder].passes);
        for name in component_names(&path) {
            let next = self.folders.len();
            let inner = &mut self.folders[folder].inner;
            folder = *inner.entry(name.to_owned()).or_insert(next);
            if folder == next {
                self.folders.push(PathFolder::default());
            }
            self.folders[folder].passes = lower(self.folders[folder].passes);
        }
        self.folders[folder].ends = lower(self.folders[folder].ends);
    }

    /// Returns the lowest number of a path that is equal to this one, contains it, or is inside it.
    pub(super) fn first_overlap(&self, path: &Path) -> Option<usize> {
        let path = normalized_path(path)?;
        let mut folder = self.folders.first()?;
        let mut lowest = folder.ends;
        for name in component_names(&path) {
            let Some(next) = folder.inner.get(name) else {
                return lowest;
            };
            folder = &self.folders[*next];
            // A path that ends on the way here contains this one.
            lowest = lowest.into_iter().chain(folder.ends).min();
        }
        // Those that go on from here are inside it.
        lowest.into_iter().chain(folder.passes).min()
    }

    fn root(&mut self) -> usize {
        if self.folders.is_empty() {
            self.folders.push(PathFolder::default());
        }
        0
    }
}

fn component_names(path: &Path) -> impl Iterator<Item = &std::ffi::OsStr> {
    path.components().filter_map(|component| {
        count_work(1);
        match component {
            Component::Normal(name) => Some(name),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::project_paths::paths_overlap;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_tree_finds_what_comparing_each_with_each_finds(
            paths in prop::collection::vec("(\\./)?[ab](/[ab]){0,3}|\\.\\./a|\\.", 0..12),
            wanted in "[ab](/[ab]){0,3}|\\."
        ) {
            let tree = PathTree::from_paths(paths.iter().map(Path::new));
            let first = paths.iter().position(|path| paths_overlap(Path::new(path), Path::new(&wanted)));
            prop_assert_eq!(tree.first_overlap(Path::new(&wanted)), first);
        }
    }
}
