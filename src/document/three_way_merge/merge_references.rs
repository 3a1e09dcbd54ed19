//! What entries name in other lists, such as the shot of a title. A merge that removes one and
//! keeps the other would make a document that names nothing.

use super::document_outline::DocumentOutline;
use super::outline_entry::{OutlineEntry, OutlineValue};
use std::collections::BTreeSet;

/// Fields that name an item of a list, without saying of which.
const NAMING: [&str; 9] = [
    "after", "before", "from", "until", "to", "over", "who", "with", "extends",
];

/// An item of a list that is gone, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RemovedName {
    /// The key of the list.
    pub(super) list: String,
    pub(super) name: String,
}

/// What a merge must not do.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct MergeLimits {
    /// Items that the edited document has no more. Nothing new may name them.
    pub(super) missing: BTreeSet<RemovedName>,
    /// Items that stay though the words have them no more, because something that stays names them.
    pub(super) held: BTreeSet<RemovedName>,
    /// Whether what has an anchor is neither removed nor replaced, because an alias needs it.
    pub(super) keeps_anchors: bool,
}

impl MergeLimits {
    /// Returns the first thing that is named and missing.
    pub(super) fn missing(&self, named: &[NamedThing]) -> Option<String> {
        let mut missing = self.missing.iter();
        let found = missing.find(|removed| named.iter().any(|one| one.may_be(removed)));
        found.map(|removed| removed.name.clone())
    }

    pub(super) fn is_held(&self, name: &RemovedName) -> bool {
        self.held.contains(name)
    }
}

/// A text that may be the name of something: the value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedThing {
    key: String,
    name: String,
}

impl NamedThing {
    fn may_be(&self, removed: &RemovedName) -> bool {
        may_name(&self.key, &removed.list) && self.name == removed.name
    }
}

/// Whether the value of a field of this key may be the name of an item of a list.
pub(super) fn may_name(key: &str, list: &str) -> bool {
    let singular = list.strip_suffix('s').unwrap_or(list);
    key == list || key == singular || NAMING.contains(&key)
}

/// Returns everything that an entry may name. `parent` is the key of what it is in.
pub(super) fn named_things(parent: &str, entry: &OutlineEntry) -> Vec<NamedThing> {
    let mut named = Vec::new();
    collect_named(parent, entry, &mut named);
    named
}

/// Returns those of the removed items that a document still names.
pub(super) fn still_named(
    document: &DocumentOutline,
    removed: &BTreeSet<RemovedName>,
) -> BTreeSet<RemovedName> {
    // Most merges remove nothing, and the whole document would be read for it.
    if removed.is_empty() {
        return BTreeSet::new();
    }
    let mut named = Vec::new();
    for entry in &document.entries {
        collect_named("", entry, &mut named);
    }
    let is_named = |removed: &&RemovedName| named.iter().any(|one| one.may_be(removed));
    removed.iter().filter(is_named).cloned().collect()
}

/// Returns those of the removed items that a document has all the same, such as in another place.
pub(super) fn present_names(
    document: &DocumentOutline,
    removed: &BTreeSet<RemovedName>,
) -> BTreeSet<RemovedName> {
    let mut present = BTreeSet::new();
    for entry in &document.entries {
        collect_present(entry, removed, &mut present);
    }
    present
}

fn collect_present(
    entry: &OutlineEntry,
    removed: &BTreeSet<RemovedName>,
    present: &mut BTreeSet<RemovedName>,
) {
    let Some((is_list, inner)) = entry.value.lines() else {
        return;
    };
    for item in inner {
        if is_list && item.is_named {
            let name = RemovedName {
                list: entry.identity.clone(),
                name: item.identity.clone(),
            };
            if removed.contains(&name) {
                present.insert(name);
            }
        }
        // Lists may be inside of items, such as the costumes of a character.
        collect_present(item, removed, present);
    }
}

fn collect_named(parent: &str, entry: &OutlineEntry, named: &mut Vec<NamedThing>) {
    // An item of a list is what the list is about.
    let key = if entry.is_item() {
        parent
    } else {
        &entry.identity
    };
    let mut add = |key: &str, meaning: &str| {
        // A name of digits is a number as YAML reads it.
        let name = serde_json::from_str(meaning).unwrap_or_else(|_| meaning.to_owned());
        named.push(NamedThing {
            key: key.to_owned(),
            name,
        });
    };
    match &entry.value {
        OutlineValue::Leaf(leaf) if leaf.lines.is_none() => add(key, &leaf.meaning),
        OutlineValue::Braces { fields, .. } => {
            let fields = fields.iter();
            fields.for_each(|field| add(&field.key, &field.meaning));
        }
        // A map or list of its own: the fields in it name things too.
        value => {
            let inner = value.lines().into_iter().flat_map(|(_, inner)| inner);
            inner.for_each(|entry| collect_named(key, entry, named));
        }
    }
}
