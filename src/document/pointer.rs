//! JSON pointers for findings that only know their bytes.
//!
//! Later stages carry origins, not paths. Here each origin is looked up in the span tree of its file, once, when findings
//! are shown. Findings in a table are also told their row and column.

use super::limits::Limits;
use super::table::{self, Table};
use super::tree::{NodeId, Tree, parse};
use crate::base::{Diagnostic, Diagnostics, FileId, Origin, Sources};
use std::collections::HashMap;
use std::sync::Arc;

/// What the places of one file are looked up in.
enum Page {
    Yaml(Tree),
    Table(Table),
    /// A screenplay, or a file that is no tree.
    Other,
}

/// Gives every finding without a path the JSON pointer of the value at its place, where the file is YAML or a table.
#[must_use]
pub fn locate(found: Diagnostics, limits: &Limits, sources: &Sources) -> Diagnostics {
    let mut pages: HashMap<FileId, Page> = HashMap::new();
    let mut located = Diagnostics::default();
    for mut diagnostic in found {
        let file = diagnostic.origin.file;
        if diagnostic.path.is_empty() || is_table(file, sources) {
            let page = pages.entry(file).or_insert_with(|| page_of(file, limits, sources));
            place(&mut diagnostic, page);
        }
        located.push(diagnostic);
    }
    located
}

fn place(diagnostic: &mut Diagnostic, page: &Page) {
    let path = match page {
        Page::Yaml(tree) => pointer(tree, diagnostic.origin),
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

fn is_table(file: FileId, sources: &Sources) -> bool {
    sources.get(file).is_some_and(|source| table::is_table(&source.path))
}

fn page_of(file: FileId, limits: &Limits, sources: &Sources) -> Page {
    let Some(source) = sources.get(file) else { return Page::Other };
    let (text, mut told) = (Arc::clone(&source.text), Diagnostics::default());
    if table::is_table(&source.path) {
        return table::read(file, &text, limits, &mut told).map_or(Page::Other, Page::Table);
    }
    let yaml = source.path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let tree = yaml.then(|| parse(file, text, limits, &mut told)).flatten();
    tree.map_or(Page::Other, Page::Yaml)
}

/// Returns the pointer of the innermost value that holds the first byte of `origin`; a key stands for its value.
fn pointer(tree: &Tree, origin: Origin) -> String {
    let Some(root) = tree.root() else { return String::new() };
    let mut path =
        if tree.find(root, "production").is_some() { String::new() } else { "/production".to_owned() };
    let mut node = root;
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
fn step_into(tree: &Tree, node: NodeId, origin: Origin) -> Option<(String, Option<NodeId>)> {
    let begins = |node: NodeId| tree.origin(node).start <= origin.start;
    if let Some(pairs) = tree.pairs(node) {
        let (key, value) = pairs.filter(|(key, _)| begins(*key)).last()?;
        let name = tree.scalar(key).map(|scalar| scalar.text.to_owned()).unwrap_or_default();
        let is_key = holds(tree, key, origin) || !begins(value);
        let ends_here = is_key || is_alias(tree, value);
        return (is_key || is_within(tree, value, origin)).then_some((name, (!ends_here).then_some(value)));
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

/// Returns whether a value that begins before `origin` can hold it: a list or map does, a scalar by its bytes.
fn is_within(tree: &Tree, node: NodeId, origin: Origin) -> bool {
    tree.pairs(node).is_some() || tree.items(node).is_some() || holds(tree, node, origin)
}

fn holds(tree: &Tree, node: NodeId, origin: Origin) -> bool {
    let range = tree.origin(node);
    range.start <= origin.start
        && (origin.start < range.end || (origin.is_empty() && origin.start == range.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_the_pointer_of_its_value() {
        let text = "production:\n  shots:\n    - template: a\n    - template: heor\n";
        let mut sources = Sources::default();
        let file = sources.add("p.yaml", text);
        let start = u32::try_from(text.find("heor").unwrap()).unwrap();
        let mut found = Diagnostics::default();
        found.push(Diagnostic::error("production::x", Origin::new(file, start, start + 4), "m"));
        let located = locate(found, &Limits::default(), &sources);
        assert_eq!(located.as_slice()[0].path, "/production/shots/1/template");
    }

    #[test]
    fn a_place_beyond_the_first_line_of_an_entry_is_found() {
        let text = "production:\n  title: T\n  shots:\n    - name: a\n      scene: 1\n    - name: b\n      cast: [x, y]\n";
        let mut sources = Sources::default();
        let file = sources.add("p.yaml", text);
        let path = |word: &str| {
            let start = u32::try_from(text.find(word).unwrap()).unwrap();
            let mut found = Diagnostics::default();
            found.push(Diagnostic::error("production::x", Origin::new(file, start, start + 1), "m"));
            locate(found, &Limits::default(), &sources).as_slice()[0].path.clone()
        };
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
