//! JSON pointers for findings that only know their bytes.
//!
//! Later stages carry origins, not paths. Here each origin is looked up in the span tree of its file, once, when findings
//! are shown.

use super::limits::Limits;
use super::tree::{NodeId, Tree, parse};
use crate::base::{Diagnostics, FileId, Origin, Sources};
use std::collections::HashMap;
use std::sync::Arc;

/// Gives every finding without a path the JSON pointer of the value at its place, where the file is YAML.
#[must_use]
pub fn locate(found: Diagnostics, sources: &Sources) -> Diagnostics {
    let mut trees: HashMap<FileId, Option<Tree>> = HashMap::new();
    let mut located = Diagnostics::default();
    for mut diagnostic in found {
        if diagnostic.path.is_empty() {
            let file = diagnostic.origin.file;
            let tree = trees.entry(file).or_insert_with(|| tree_of(file, sources));
            diagnostic.path = tree.as_ref().map(|tree| pointer(tree, diagnostic.origin)).unwrap_or_default();
        }
        located.push(diagnostic);
    }
    located
}

fn tree_of(file: FileId, sources: &Sources) -> Option<Tree> {
    let source = sources.get(file)?;
    let yaml = source.path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    let text = Arc::clone(&source.text);
    yaml.then(|| parse(file, text, &Limits::default(), &mut Diagnostics::default())).flatten()
}

/// Returns the pointer of the innermost value that holds the first byte of `origin`; a key stands for its value.
fn pointer(tree: &Tree, origin: Origin) -> String {
    let Some(root) = tree.root() else { return String::new() };
    let mut path = if tree.find(root, "production").is_some() { String::new() } else { "/production".to_owned() };
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
fn step_into(tree: &Tree, node: NodeId, origin: Origin) -> Option<(String, Option<NodeId>)> {
    let holds = |node: NodeId| {
        let range = tree.origin(node);
        range.start <= origin.start && (origin.start < range.end || (origin.is_empty() && origin.start == range.end))
    };
    if let Some(mut pairs) = tree.pairs(node) {
        return pairs.find_map(|(key, value)| {
            let name = || tree.scalar(key).map(|scalar| scalar.text.to_owned()).unwrap_or_default();
            if holds(key) { Some((name(), None)) } else { holds(value).then(|| (name(), Some(value))) }
        });
    }
    let items = tree.items(node)?;
    items.iter().enumerate().find(|(_, item)| holds(**item)).map(|(at, item)| (at.to_string(), Some(*item)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Diagnostic;

    #[test]
    fn a_place_becomes_the_pointer_of_its_value() {
        let text = "production:\n  shots:\n    - template: a\n    - template: heor\n";
        let mut sources = Sources::default();
        let file = sources.add("p.yaml", text);
        let start = u32::try_from(text.find("heor").unwrap()).unwrap();
        let mut found = Diagnostics::default();
        found.push(Diagnostic::error("production::x", Origin::new(file, start, start + 4), "m"));
        let located = locate(found, &sources);
        assert_eq!(located.as_slice()[0].path, "/production/shots/1/template");
    }
}
