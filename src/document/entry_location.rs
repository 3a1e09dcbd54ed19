//! Which entry of which section a finding is about, for those that ask what it may have changed.

use super::json_pointer::root_pointer;
use super::shot_table;
use super::source_file::SECTIONS;
use super::source_trees::{SourceTree, SourceTrees};
use super::span_tree::{NodeId, SpanTree};
use crate::base::{FileId, FileSpan};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Where a finding is in the document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryLocation {
    /// Section, or key of the production. Empty: none, as in a file of another kind.
    pub section: String,
    /// The bytes of the entry. `None`: the place is in no entry.
    pub entry: Option<FileSpan>,
    /// The field of the entry, or of the section if that has no entries. Empty: none.
    pub field: String,
    /// The keys of the map that holds the field, or of the production for a section.
    pub keys: Rc<HashSet<String>>,
    /// Whether the place is in the value of the field, and not the field itself.
    pub is_deeper: bool,
}

/// Looks up entries. Each is measured once, however many findings it has.
#[derive(Default)]
pub struct EntryLocator {
    spans: HashMap<(FileId, NodeId), FileSpan>,
    keys: HashMap<(FileId, NodeId), Rc<HashSet<String>>>,
    tops: HashMap<FileId, usize>,
}

impl EntryLocator {
    /// Returns the location of a place.
    pub fn locate_entry(&mut self, trees: &mut SourceTrees<'_>, origin: FileSpan) -> EntryLocation {
        let file = origin.file;
        let Some(source) = trees.sources().get(file) else {
            return EntryLocation::default();
        };
        if let Some(field) = source.data_of {
            return EntryLocation {
                section: field.to_owned(),
                ..EntryLocation::default()
            };
        }
        match trees.source_tree(file) {
            SourceTree::Yaml(tree) => {
                let depth = self.tops.entry(file);
                // How many steps of a pointer are above the root of the file.
                let depth = *depth.or_insert_with(|| {
                    let top = root_pointer(tree, source);
                    top.matches('/').count()
                });
                let section = source.path.file_stem().map(|stem| stem.to_string_lossy());
                self.locate_in_tree(tree, origin, depth, &section.unwrap_or_default())
            }
            SourceTree::Table(table) => {
                let (_, pointer) = table.describe_location(origin);
                let mut steps = pointer.split('/').skip(3);
                let index = steps.next().and_then(|index| index.parse().ok());
                EntryLocation {
                    section: "shots".to_owned(),
                    entry: index.and_then(|index| table.entry_origin(index)),
                    field: steps.next().unwrap_or_default().to_owned(),
                    ..EntryLocation::default()
                }
            }
            // A table that could not be read.
            SourceTree::Other if shot_table::is_table(&source.path) => EntryLocation {
                section: "shots".to_owned(),
                ..EntryLocation::default()
            },
            SourceTree::Cells(_) | SourceTree::Other => EntryLocation::default(),
        }
    }

    fn locate_in_tree(
        &mut self,
        tree: &SpanTree,
        origin: FileSpan,
        depth: usize,
        stem: &str,
    ) -> EntryLocation {
        let Some(root) = tree.root() else {
            return EntryLocation::default();
        };
        let mut node = root;
        let mut location = EntryLocation::default();
        // A whole document has everything below `production`.
        if depth == 0 {
            let Some((key, inner)) = step_towards(tree, node, origin) else {
                return location;
            };
            if key != "production" {
                return location;
            }
            node = inner;
        }
        // A file of one section is named after it.
        if depth == 2 {
            location.section = stem.to_owned();
        } else {
            location.keys = self.map_keys(tree, node);
            let Some((key, inner)) = step_towards(tree, node, origin) else {
                return location;
            };
            location.section = key;
            node = inner;
        }
        if SECTIONS.contains(&location.section.as_str()) {
            let Some((_, entry)) = step_towards(tree, node, origin) else {
                return location;
            };
            location.entry = Some(self.full_span(tree, entry));
            node = entry;
        }
        let keys = self.map_keys(tree, node);
        if let Some((field, value)) = step_towards(tree, node, origin) {
            location.field = field;
            location.keys = keys;
            // A finding at the key is about the field as a whole.
            location.is_deeper = tree.origin(value).start <= origin.start;
        }
        location
    }

    fn full_span(&mut self, tree: &SpanTree, node: NodeId) -> FileSpan {
        let span = self.spans.entry((tree.file(), node));
        *span.or_insert_with(|| tree.full_origin(node))
    }

    fn map_keys(&mut self, tree: &SpanTree, node: NodeId) -> Rc<HashSet<String>> {
        let keys = self.keys.entry((tree.file(), node));
        let keys = keys.or_insert_with(|| {
            let pairs = tree.pairs(node).into_iter().flatten();
            let keys = pairs.filter_map(|(key, _)| Some(tree.scalar(key)?.text.to_owned()));
            Rc::new(keys.collect())
        });
        Rc::clone(keys)
    }
}

/// Returns the key, or the index, and the value of the part of a node that begins last before a
/// place.
fn step_towards(tree: &SpanTree, node: NodeId, origin: FileSpan) -> Option<(String, NodeId)> {
    if let Some((key, value)) = tree.last_pair_before(node, origin.start) {
        return Some((tree.scalar(key)?.text.to_owned(), value));
    }
    let items = tree.items(node)?;
    let after = items.partition_point(|item| tree.origin(*item).start <= origin.start);
    let index = after.checked_sub(1)?;
    Some((index.to_string(), items[index]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::SourceMap;
    use crate::document::InputLimits;

    fn located(path: &str, text: &str, word: &str) -> (String, Option<String>, String) {
        let mut sources = SourceMap::default();
        let file = sources.add_file(path, text);
        let start = u32::try_from(text.find(word).unwrap()).unwrap();
        let mut trees = SourceTrees::new(&sources, &InputLimits::default());
        let place = FileSpan::new(file, start, start + 1);
        let location = EntryLocator::default().locate_entry(&mut trees, place);
        let entry = location
            .entry
            .map(|entry| sources.span_text(entry).to_owned());
        (location.section, entry, location.field)
    }

    #[test]
    fn the_entry_of_a_place_is_found_in_every_form() {
        let some = |section: &str, entry: &str, field: &str| {
            (section.to_owned(), Some(entry.to_owned()), field.to_owned())
        };
        let list =
            "production:\n  title: T\n  shots:\n    - name: a\n      lens: 1\n    - name: b\n";
        assert_eq!(
            located("p.yaml", list, "lens"),
            some("shots", "name: a\n      lens: 1", "lens")
        );
        assert_eq!(
            located("p.yaml", list, "1"),
            some("shots", "name: a\n      lens: 1", "lens")
        );
        assert_eq!(
            located("p.yaml", list, "T"),
            ("title".into(), None, String::new())
        );
        let map = "characters:\n  mara: {modle: x}\n";
        assert_eq!(
            located("more.yaml", map, "modle"),
            some("characters", "{modle: x}", "modle")
        );
        assert_eq!(
            located("shots.yaml", "- lens: 1\n", "1"),
            some("shots", "lens: 1", "lens")
        );
        let table = "name,scene\na,x\n";
        assert_eq!(
            located("shots.csv", table, "x"),
            some("shots", "a,x", "scene")
        );
        assert_eq!(located("p.yaml", "x-a: {b: 1}\n", "1").0, "x-a");
    }
}
