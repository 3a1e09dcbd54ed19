//! JSON pointers for findings that only have bytes.
//!
//! Later stages carry spans, not paths. When findings are reported, each span is looked up in the
//! tree of its file. A finding in a table gets its row and column as well.

use super::shot_table;
use super::source_file::SECTIONS;
use super::source_trees::{SourceTree, SourceTrees};
use super::span_tree::{NodeId, SpanTree, ValueShape};
use crate::base::work_counter::count_work;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceFile};
use std::collections::HashMap;

/// Gives every finding without a path the JSON pointer of the value at its place, if the file is
/// YAML or a table.
///
/// `presets` are files of their own: pointers into them begin at their root and not at
/// `/production`.
#[must_use]
pub fn add_pointers(
    diagnostics: Diagnostics,
    trees: &mut SourceTrees<'_>,
    presets: &[FileId],
) -> Diagnostics {
    let mut located = Diagnostics::default();
    // The pointer of each file's root: finding it walks over the keys of the root.
    let mut tops: HashMap<FileId, String> = HashMap::new();
    for mut diagnostic in diagnostics {
        let file = diagnostic.origin.file;
        let source = trees.sources().get(file);
        // The decoder sets paths itself. A finding in a table still needs row and column in its
        // message.
        let source = source
            .filter(|source| diagnostic.path.is_empty() || shot_table::is_table(&source.path));
        if let Some(source) = source {
            let top = tops.entry(file).or_insert_with(|| match trees.get(file) {
                // Preset files have no `production` key.
                Some(tree) if !presets.contains(&file) => root_pointer(tree, source),
                _ => String::new(),
            });
            add_pointer(&mut diagnostic, trees.source_tree(file), top);
        }
        located.push(diagnostic);
    }
    located
}

fn add_pointer(diagnostic: &mut Diagnostic, source_tree: &SourceTree, top: &str) {
    let path = match source_tree {
        SourceTree::Yaml(tree) => pointer_at(tree, diagnostic.origin, top),
        SourceTree::Table(table) => {
            let (words, path) = table.describe_location(diagnostic.origin);
            // Users see a table in a spreadsheet, which shows rows and columns but no byte or line.
            diagnostic.message = format!("{words}: {}", diagnostic.message);
            path
        }
        SourceTree::Cells(table) => {
            if let Some(words) = table.describe_location(diagnostic.origin) {
                diagnostic.message = format!("{words}: {}", diagnostic.message);
            }
            return;
        }
        SourceTree::Other => return,
    };
    if diagnostic.path.is_empty() {
        diagnostic.path = path;
    }
}

/// Returns the pointer of a file's root. The root of a part without the top key is the production,
/// a bare list is its section.
#[must_use]
pub fn root_pointer(tree: &SpanTree, source: &SourceFile) -> String {
    let is_whole = tree
        .root()
        .is_none_or(|root| tree.find_key(root, "production").is_some());
    let is_list = tree
        .root()
        .is_some_and(|root| tree.shape(root) == ValueShape::List);
    let stem = source.path.file_stem().and_then(|stem| stem.to_str());
    // Only a list can be a section, and only its file's name says which, as when it was loaded.
    match SECTIONS
        .into_iter()
        .find(|section| is_list && Some(*section) == stem)
    {
        Some(section) => format!("/production/{section}"),
        None if is_whole => String::new(),
        None => "/production".to_owned(),
    }
}

/// Returns the pointer, below `top`, of the innermost value that contains the first byte of
/// `origin`. A key counts as its value.
#[must_use]
pub fn pointer_at(tree: &SpanTree, origin: FileSpan, top: &str) -> String {
    let mut path = top.to_owned();
    let Some(mut node) = tree.root() else {
        return path;
    };
    while let Some((step, inner)) = step_into(tree, node, origin) {
        path.push('/');
        path.push_str(&step.replace('~', "~0").replace('/', "~1"));
        match inner {
            Some(inner) => node = inner,
            None => break,
        }
    }
    path
}

/// Returns the step towards `origin`, and the value to search next. The value is `None` if the key
/// itself is at `origin`.
///
/// The origin of a list or map covers only its first line, so the start of the next entry decides,
/// not the end of this one.
fn step_into(tree: &SpanTree, node: NodeId, origin: FileSpan) -> Option<(String, Option<NodeId>)> {
    let begins = |node: NodeId| tree.origin(node).start <= origin.start;
    if let Some((key, value)) = tree.last_pair_before(node, origin.start) {
        let name = tree.scalar(key)?.text.to_owned();
        // A place between key and value, such as the colon, belongs to the key.
        let is_key = contains_start(tree, key, origin) || !begins(value);
        let ends_here = is_key || is_alias(tree, value);
        return (is_key || is_within(tree, value, origin))
            .then_some((name, (!ends_here).then_some(value)));
    }
    count_work(1);
    let items = tree.items(node)?;
    // A list of shots can have a hundred thousand entries, so the entry is found by bisection.
    let index = items.partition_point(|item| begins(*item)).checked_sub(1)?;
    let item = items[index];
    is_within(tree, item, origin)
        .then(|| (index.to_string(), (!is_alias(tree, item)).then_some(item)))
}

/// Returns whether a value is written elsewhere. No step into it leads to a place here.
fn is_alias(tree: &SpanTree, node: NodeId) -> bool {
    tree.resolve_alias(node) != node
}

/// Returns whether a value that begins before `origin` contains it. A list or map reaches to its
/// last value, a scalar to its last byte.
fn is_within(tree: &SpanTree, node: NodeId, origin: FileSpan) -> bool {
    let nested = tree.pairs(node).is_some() || tree.items(node).is_some();
    if nested {
        origin.start <= nested_end(tree, node)
    } else {
        contains_start(tree, node, origin)
    }
}

/// Returns where the last value inside a list or map ends. Its own origin covers the first line
/// only.
fn nested_end(tree: &SpanTree, node: NodeId) -> u32 {
    let last_item = tree.items(node).and_then(|items| items.last().copied());
    let last = last_item.or_else(|| {
        let last = tree.last_pair_before(node, u32::MAX);
        last.map(|(_, value)| value)
    });
    let own_end = tree.origin(node).end;
    match last {
        // An alias is not followed: its target is at another place of the file, possibly after
        // `origin`.
        Some(last) if !is_alias(tree, last) => own_end.max(nested_end(tree, last)),
        Some(alias) => own_end.max(tree.origin(alias).end),
        None => own_end,
    }
}

fn contains_start(tree: &SpanTree, node: NodeId, origin: FileSpan) -> bool {
    let range = tree.origin(node);
    range.start <= origin.start
        // An empty span, such as that of a missing value, is at the end of a value rather than in
        // it.
        && (origin.start < range.end || (origin.is_empty() && origin.start == range.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostic, SourceMap};
    use crate::document::InputLimits;

    fn located(path: &str, text: &str, word: &str, presets: &[FileId]) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add_file(path, text);
        let start = u32::try_from(text.find(word).unwrap()).unwrap();
        let mut found = Diagnostics::default();
        found.push(Diagnostic::error(
            "production::x",
            FileSpan::new(file, start, start + 1),
            "m",
        ));
        let mut trees = SourceTrees::new(&sources, &InputLimits::default());
        add_pointers(found, &mut trees, presets).as_slice()[0]
            .path
            .clone()
    }

    #[test]
    fn a_place_becomes_the_pointer_of_its_value() {
        let text = "production:\n  shots:\n    - template: a\n    - template: heor\n";
        assert_eq!(
            located("p.yaml", text, "heor", &[]),
            "/production/shots/1/template"
        );
    }

    #[test]
    fn a_file_that_is_a_part_counts_from_the_production_or_its_section() {
        let text = "shots:\n  - name: a\n";
        assert_eq!(
            located("x/more.yaml", text, "a\n", &[]),
            "/production/shots/0/name"
        );
        assert_eq!(
            located("x/shots.yaml", text, "a\n", &[]),
            "/production/shots/0/name"
        );
        assert_eq!(
            located("x/shots.yaml", "- name: a\n", "a\n", &[]),
            "/production/shots/0/name"
        );
    }

    #[test]
    fn a_file_of_presets_counts_from_its_own_root() {
        assert_eq!(
            located(
                "presets/shots.yaml",
                "mine:\n  lens: 12\n",
                "12",
                &[FileId(0)]
            ),
            "/mine/lens"
        );
    }

    #[test]
    fn a_place_after_the_last_value_is_in_none_of_them() {
        let text = "production:\n  shots:\n    - name: a\n---\nmore: 1\n";
        assert_eq!(located("p.yaml", text, "---", &[]), "");
    }

    #[test]
    fn a_non_text_key_points_to_the_map_around_it() {
        assert_eq!(
            located("p.yaml", "production:\n  [a]: 1\n", "[a]", &[]),
            "/production"
        );
    }

    #[test]
    fn a_place_beyond_the_first_line_of_an_entry_is_found() {
        let text = "production:\n  title: T\n  shots:\n    - name: a\n      scene: 1\n    - name: b\n      cast: [x, y]\n";
        let path = |word: &str| located("p.yaml", text, word, &[]);
        assert_eq!(
            ["T", "1", "cast", "y]"].map(path),
            [
                "/production/title",
                "/production/shots/0/scene",
                "/production/shots/1/cast",
                "/production/shots/1/cast/1",
            ]
        );
    }
}
