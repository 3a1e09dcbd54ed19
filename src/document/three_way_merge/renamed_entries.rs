//! Items of lists that one side renamed. What is about a renamed item is found under its old name, and
//! a new name alone is no edit of what is gone from the words.

use super::document_outline::DocumentOutline;
use super::entry_alignment::renamed_items;
use super::entry_identity::NAMES;
use super::merge_references::may_name;
use super::outline_entry::{OutlineEntry, OutlineValue, list_meaning, map_meaning};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An item that has another name on one side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ItemRename {
    /// The key of its list.
    list: String,
    /// Its name in the base.
    from: String,
    /// Its name on that side.
    to: String,
}

/// What one side renamed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ItemRenames(Vec<ItemRename>);

impl ItemRenames {
    /// Finds the items of the base that the other document has under another name.
    pub(super) fn between(base: &DocumentOutline, other: &DocumentOutline) -> Self {
        let mut renames = Self::default();
        renames.collect(&base.entries, &other.entries);
        renames
    }

    fn collect(&mut self, base: &[OutlineEntry], other: &[OutlineEntry]) {
        for field in base {
            let same = other.iter().find(|each| each.identity == field.identity);
            let inner = same.and_then(|same| Some((field.value.lines()?, same.value.lines()?)));
            match inner {
                Some(((true, was), (true, is))) => self.compare_lists(&field.identity, was, is),
                Some(((false, was), (false, is))) => self.collect(was, is),
                _ => {}
            }
        }
    }

    fn compare_lists(&mut self, list: &str, was: &[OutlineEntry], is: &[OutlineEntry]) {
        let gone = missing_in(was, is);
        let new = missing_in(is, was);
        let renames = renamed_items(&gone, &new).into_iter();
        self.0.extend(renames.map(|(from, to)| ItemRename {
            list: list.to_owned(),
            from: from.identity.clone(),
            to: to.identity.clone(),
        }));
    }

    /// Returns items with what they are about under its name in the base.
    pub(super) fn as_in_base<'e>(&self, entries: &'e [OutlineEntry]) -> Cow<'e, [OutlineEntry]> {
        let is_renamed = |entry: &OutlineEntry| self.base_identity(entry).is_some();
        // Nearly no renewal renames anything, and a copy of all entries would be for nothing.
        if !entries.iter().any(is_renamed) {
            return Cow::Borrowed(entries);
        }
        let renamed = entries.iter().map(|entry| OutlineEntry {
            identity: self
                .base_identity(entry)
                .unwrap_or_else(|| entry.identity.clone()),
            ..entry.clone()
        });
        Cow::Owned(renamed.collect())
    }

    /// Returns what an item is about by the names of the base. `None`: it has a name of its own, or
    /// nothing that it is about was renamed.
    pub(super) fn base_identity(&self, entry: &OutlineEntry) -> Option<String> {
        let old = |part: &str| {
            let rename = self.0.iter().find(|rename| rename.to == part);
            rename.map(|rename| rename.from.clone())
        };
        let parts = entry.identity.split('/');
        // A name of its own is a name, also if it looks like one that something else had.
        let has_old = !entry.is_named && parts.clone().any(|part| old(part).is_some());
        let parts = parts.map(|part| old(part).unwrap_or_else(|| part.to_owned()));
        has_old.then(|| parts.collect::<Vec<_>>().join("/"))
    }

    /// Whether an entry differs from that of the base by new names alone. `parent` is the key of what
    /// it is in.
    pub(super) fn explain_all(
        &self,
        parent: &str,
        base: &OutlineEntry,
        other: &OutlineEntry,
    ) -> bool {
        let none = Self::default();
        // Without a rename, two entries with one meaning are no case of this.
        !self.0.is_empty() && self.meaning(parent, base) == none.meaning(parent, other)
    }

    /// Returns what an entry of the base means with the new names.
    fn meaning(&self, parent: &str, entry: &OutlineEntry) -> String {
        let key = if entry.is_item() {
            parent
        } else {
            &entry.identity
        };
        match &entry.value {
            OutlineValue::Leaf(leaf) if leaf.lines.is_none() => {
                self.leaf_meaning(parent, key, &leaf.meaning)
            }
            OutlineValue::Braces { fields, .. } => map_meaning(fields.iter().map(|field| {
                let meaning = self.leaf_meaning(key, &field.key, &field.meaning);
                (field.key.clone(), meaning)
            })),
            value => match value.lines() {
                Some((true, items)) => {
                    list_meaning(items.iter().map(|item| self.meaning(key, item)))
                }
                Some((false, fields)) => map_meaning(
                    fields
                        .iter()
                        .map(|field| (field.identity.clone(), self.meaning(key, field))),
                ),
                None => value.meaning(),
            },
        }
    }

    fn leaf_meaning(&self, parent: &str, key: &str, meaning: &str) -> String {
        // A text in quotes and a plain one name the same thing, and are written back as they were.
        let text: Option<String> = serde_json::from_str(meaning).ok();
        let name = text.as_deref().unwrap_or(meaning);
        let rename = self.0.iter().find(|rename| {
            // The same text elsewhere, such as in a title, is no name.
            let is_own_name = NAMES.contains(&key) && parent == rename.list;
            rename.from == name && (is_own_name || may_name(key, &rename.list))
        });
        match (rename, &text) {
            (None, _) => meaning.to_owned(),
            (Some(rename), None) => rename.to.clone(),
            (Some(rename), Some(_)) => serde_json::Value::from(rename.to.as_str()).to_string(),
        }
    }
}

/// Returns the named items whose names the others lack.
fn missing_in<'e>(entries: &'e [OutlineEntry], others: &[OutlineEntry]) -> Vec<&'e OutlineEntry> {
    let names: BTreeSet<&str> = others.iter().map(|entry| entry.identity.as_str()).collect();
    let named = entries.iter().filter(|entry| entry.is_named);
    named
        .filter(|entry| !names.contains(entry.identity.as_str()))
        .collect()
}
