//! What an item of a list is found by in another version of the list.

use crate::document::span_tree::{NodeId, SpanTree};
use std::collections::BTreeMap;

/// The fields that name an item by themselves.
const NAMES: [&str; 3] = ["name", "id", "label"];
/// The fields that say together what an item without a name is about.
const ABOUT: [&str; 10] = [
    "shot", "from", "who", "style", "kind", "beat", "format", "effect", "text", "file",
];
/// Fields of [`ABOUT`] that are the content of an item. They are used only if there is no other.
const CONTENT: [&str; 2] = ["text", "file"];

/// What an item is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemIdentity {
    pub(super) text: String,
    /// Whether the item names itself. Otherwise it is found by what it is about and by its place
    /// among others of the same, which is a guess.
    pub(super) is_named: bool,
}

/// Returns an identity for each item. Items that are about the same get numbers in their order.
pub(super) fn item_identities(tree: &SpanTree, items: &[NodeId]) -> Vec<ItemIdentity> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    items
        .iter()
        .map(|item| {
            let (about, is_named) = item_subject(tree, *item);
            let count = seen.entry(about.clone()).or_default();
            *count += 1;
            let text = numbered_identity(about, *count);
            ItemIdentity { text, is_named }
        })
        .collect()
}

/// Returns the identity of the item with this number among those that are about the same.
pub(super) fn numbered_identity(about: String, number: usize) -> String {
    if number == 1 {
        about
    } else {
        format!("{about}#{number}")
    }
}

/// Returns what an item is about, and whether that is its name.
fn item_subject(tree: &SpanTree, item: NodeId) -> (String, bool) {
    let field = |key: &str| {
        let (_, value) = tree.find_key(item, key)?;
        tree.non_null_scalar(value).map(|scalar| scalar.text)
    };
    if let Some(name) = NAMES.iter().find_map(|key| field(key)) {
        return (name.to_owned(), true);
    }
    let (content, about): (Vec<&str>, Vec<&str>) =
        ABOUT.iter().partition(|key| CONTENT.contains(key));
    let found: Vec<&str> = about.into_iter().filter_map(field).collect();
    if !found.is_empty() {
        return (found.join("/"), false);
    }
    let text = content.into_iter().find_map(field);
    let own = || tree.non_null_scalar(item).map(|scalar| scalar.text);
    (text.or_else(own).unwrap_or("item").to_owned(), false)
}
