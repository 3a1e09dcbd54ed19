//! What an item of a list is found by in another version of the list.

use crate::document::span_tree::{NodeId, SpanTree};
use std::collections::BTreeMap;

/// The fields that name an item by themselves.
const NAMES: [&str; 2] = ["name", "id"];
/// The fields that say together what an item without a name is about.
const ABOUT: [&str; 10] = [
    "shot", "from", "who", "style", "kind", "beat", "format", "effect", "text", "file",
];
/// Fields of [`ABOUT`] that are the content of an item. They are used only if there is no other.
const CONTENT: [&str; 2] = ["text", "file"];

/// Returns an identity for each item. Items that are about the same get numbers in their order.
pub(super) fn item_identities(tree: &SpanTree, items: &[NodeId]) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    items
        .iter()
        .map(|item| {
            let about = item_subject(tree, *item);
            let count = seen.entry(about.clone()).or_default();
            *count += 1;
            if *count == 1 {
                about
            } else {
                format!("{about}#{count}")
            }
        })
        .collect()
}

fn item_subject(tree: &SpanTree, item: NodeId) -> String {
    let field = |key: &str| {
        let (_, value) = tree.find_key(item, key)?;
        tree.non_null_scalar(value).map(|scalar| scalar.text)
    };
    if let Some(name) = NAMES.iter().find_map(|key| field(key)) {
        return name.to_owned();
    }
    let (content, about): (Vec<&str>, Vec<&str>) =
        ABOUT.iter().partition(|key| CONTENT.contains(key));
    let found: Vec<&str> = about.into_iter().filter_map(field).collect();
    if !found.is_empty() {
        return found.join("/");
    }
    let text = content.into_iter().find_map(field);
    let own = || tree.non_null_scalar(item).map(|scalar| scalar.text);
    text.or_else(own).unwrap_or("item").to_owned()
}
