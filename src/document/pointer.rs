//! JSON pointers for findings that only know their bytes.
//!
//! Later stages carry origins, not paths. Here each origin is looked up in the span tree of its file, once, when findings
//! are shown. Findings in a table are also told their row and column.

use super::load::SECTIONS;
use super::table;
use super::tree::{NodeId, Shape, Tree};
use super::trees::{Page, Trees};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceFile};

/// Gives every finding without a path the JSON pointer of the value at its place, where the file is YAML or a table.
///
/// `presets` are files of their own: pointers into them begin at their root and not at `/production`.
#[must_use]
pub fn locate(found: Diagnostics, trees: &mut Trees<'_>, presets: &[FileId]) -> Diagnostics {
    let mut located = Diagnostics::default();
    for mut diagnostic in found {
        let file = diagnostic.origin.file;
        let source = trees.sources().get(file);
        let source =
            source.filter(|source| diagnostic.path.is_empty() || table::is_table(&source.path));
        if let Some(source) = source {
            place(
                &mut diagnostic,
                trees.page(file),
                source,
                presets.contains(&file),
            );
        }
        located.push(diagnostic);
    }
    located
}

fn place(diagnostic: &mut Diagnostic, page: &Page, source: &SourceFile, presets: bool) {
    let path = match page {
        Page::Yaml(tree) if presets => of(tree, diagnostic.origin, ""),
        Page::Yaml(tree) => of(tree, diagnostic.origin, &top(tree, source)),
        Page::Table(table) => {
            let (words, path) = table.place(diagnostic.origin);
            diagnostic.message = format!("{words}: {}", diagnostic.message);
            path
        }
        Page::Other => return,
    };
    if diagnostic.path.is_empty() {
        diagnostic.path = path;
    }
}

/// Returns the pointer of a file's root: a part of a production stands under its top key, a bare list is its section.
#[must_use]
pub fn top(tree: &Tree, source: &SourceFile) -> String {
    let is_whole = tree
        .root()
        .is_none_or(|root| tree.find(root, "production").is_some());
    let is_list = tree
        .root()
        .is_some_and(|root| tree.shape(root) == Shape::List);
    let stem = source.path.file_stem().and_then(|stem| stem.to_str());
    match SECTIONS
        .into_iter()
        .find(|section| is_list && Some(*section) == stem)
    {
        Some(section) => format!("/production/{section}"),
        None if is_whole => String::new(),
        None => "/production".to_owned(),
    }
}

/// Returns the pointer, below `top`, of the innermost value that holds the first byte of `origin`; a key stands for
/// its value.
#[must_use]
pub fn of(tree: &Tree, origin: FileSpan, top: &str) -> String {
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

/// Returns the step towards `origin`, and the value to search on in; none when the key itself was meant.
///
/// The origin of a list or map covers only its first line, so where the next entry begins decides, not where one ends.
fn step_into(tree: &Tree, node: NodeId, origin: FileSpan) -> Option<(String, Option<NodeId>)> {
    let begins = |node: NodeId| tree.origin(node).start <= origin.start;
    if let Some(pairs) = tree.pairs(node) {
        let (key, value) = pairs.filter(|(key, _)| begins(*key)).last()?;
        let name = tree.scalar(key)?.text.to_owned();
        let is_key = holds(tree, key, origin) || !begins(value);
        let ends_here = is_key || is_alias(tree, value);
        return (is_key || is_within(tree, value, origin))
            .then_some((name, (!ends_here).then_some(value)));
    }
    let items = tree.items(node)?;
    let at = items.partition_point(|item| begins(*item)).checked_sub(1)?;
    let item = items[at];
    is_within(tree, item, origin).then(|| (at.to_string(), (!is_alias(tree, item)).then_some(item)))
}

/// Returns whether a value is written elsewhere, so that no step into it leads to a place here.
fn is_alias(tree: &Tree, node: NodeId) -> bool {
    tree.resolve(node) != node
}

/// Returns whether a value that begins before `origin` can hold it: a list or map up to its last value, a scalar by its
/// bytes.
fn is_within(tree: &Tree, node: NodeId, origin: FileSpan) -> bool {
    let nested = tree.pairs(node).is_some() || tree.items(node).is_some();
    if nested {
        origin.start <= end(tree, node)
    } else {
        holds(tree, node, origin)
    }
}

/// Returns where the last value inside a list or map ends: its own origin covers the first line only.
fn end(tree: &Tree, node: NodeId) -> u32 {
    let last_item = tree.items(node).and_then(|items| items.last().copied());
    let last = last_item.or_else(|| {
        tree.pairs(node)
            .and_then(|pairs| pairs.last().map(|(_, value)| value))
    });
    let own = tree.origin(node).end;
    match last {
        Some(last) if !is_alias(tree, last) => own.max(end(tree, last)),
        Some(alias) => own.max(tree.origin(alias).end),
        None => own,
    }
}

fn holds(tree: &Tree, node: NodeId, origin: FileSpan) -> bool {
    let range = tree.origin(node);
    range.start <= origin.start
        && (origin.start < range.end || (origin.is_empty() && origin.start == range.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostic, SourceMap};
    use crate::document::Limits;

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
        let mut trees = Trees::of(&sources, &Limits::default());
        locate(found, &mut trees, presets).as_slice()[0]
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
    fn a_key_that_is_no_text_stands_for_the_map_around_it() {
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
