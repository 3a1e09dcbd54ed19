//! What an item of a list is found by in another version of the list.

use crate::document::span_tree::{NodeId, SpanTree};

/// The fields that name an item by themselves.
pub(super) const NAMES: [&str; 3] = ["name", "id", "label"];
/// The fields that say together what an item without a name is about.
const ABOUT: [&str; 8] = [
    "shot", "from", "who", "style", "kind", "beat", "format", "effect",
];

/// What an item is found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ItemIdentity {
    pub(super) text: String,
    /// Whether the item names itself. Otherwise it is found by what it is about and by its content,
    /// which is a guess.
    pub(super) is_named: bool,
}

/// Returns what an item is about. Several items may be about the same.
pub(super) fn item_identity(tree: &SpanTree, item: NodeId) -> ItemIdentity {
    let field = |key: &str| {
        let (_, value) = tree.find_key(item, key)?;
        tree.non_null_scalar(value).map(|scalar| scalar.text)
    };
    // The first of them: an item with a name and a label is known by its name.
    if let Some(name) = NAMES.iter().find_map(|key| field(key)) {
        return ItemIdentity {
            text: name.to_owned(),
            is_named: true,
        };
    }
    let found: Vec<&str> = ABOUT.iter().filter_map(|key| field(key)).collect();
    // Items that are about nothing are found by their number alone.
    let text = if found.is_empty() {
        "item".to_owned()
    } else {
        found.join("/")
    };
    ItemIdentity {
        text,
        is_named: false,
    }
}

/// Returns the identity of the item with this number among those that are about the same.
pub(super) fn numbered_identity(about: &str, number: usize) -> String {
    if number == 1 {
        about.to_owned()
    } else {
        format!("{about}#{number}")
    }
}
