//! Merges three outlines, entry by entry, and records what changed and what was changed twice.

use super::document_outline::DocumentOutline;
use super::entry_alignment::{aligned_keys, renamed_items};
use super::merge_references::{MergeLimits, RemovedName, named_things};
use super::outline_entry::{BraceField, LeafValue, OutlineEntry, OutlineValue};
use super::renamed_entries::ItemRenames;
use super::{ConflictCause, MergeConflict, MergedChange};
use std::collections::{BTreeMap, BTreeSet};

/// The longest identity in the path of a message, in characters.
const MOST_SHOWN: usize = 48;

/// What each side renamed.
#[derive(Debug)]
pub(super) struct SideRenames {
    pub(super) edits: ItemRenames,
    pub(super) words: ItemRenames,
}

/// A merge while it runs.
#[derive(Debug)]
pub(super) struct OutlineMerge<'l> {
    pub(super) changes: Vec<MergedChange>,
    pub(super) conflicts: Vec<MergeConflict>,
    /// What the edited document has no more, by its names.
    pub(super) removed_by_edits: BTreeSet<RemovedName>,
    /// What the merge takes out, by its names.
    pub(super) removed_by_words: BTreeSet<RemovedName>,
    /// What was only renamed, with its name in the edited document.
    renames: BTreeMap<RemovedName, String>,
    limits: &'l MergeLimits,
    side_renames: &'l SideRenames,
    path: Vec<String>,
    /// Comments of a person in what was taken out, until there is a place for them.
    left_comments: Vec<String>,
}

/// One thing in the base, as edited, and as renewed.
#[derive(Clone, Copy)]
struct ThreeSides<T> {
    base: T,
    edited: T,
    renewed: T,
}

/// The entries of a map or list, with what each is found by in the other versions of it.
struct KeyedEntries<'e> {
    keys: Vec<String>,
    entries: &'e [OutlineEntry],
}

impl<'e> KeyedEntries<'e> {
    /// Returns the fields of a map. They are found by their keys.
    fn of_map(entries: &'e [OutlineEntry]) -> Self {
        let keys = entries.iter().map(|entry| entry.identity.clone());
        Self {
            keys: keys.collect(),
            entries,
        }
    }

    fn by_key(&self) -> BTreeMap<&str, &'e OutlineEntry> {
        let keys = self.keys.iter().map(String::as_str);
        keys.zip(self.entries).collect()
    }

    fn order(&self) -> Vec<&str> {
        self.keys.iter().map(String::as_str).collect()
    }
}

impl<'l> OutlineMerge<'l> {
    pub(super) fn new(limits: &'l MergeLimits, side_renames: &'l SideRenames) -> Self {
        Self {
            changes: Vec::new(),
            conflicts: Vec::new(),
            removed_by_edits: BTreeSet::new(),
            removed_by_words: BTreeSet::new(),
            renames: BTreeMap::new(),
            limits,
            side_renames,
            path: Vec::new(),
            left_comments: Vec::new(),
        }
    }

    /// Notes the new names of what conflicts name as removed. At the end: what names an item may be
    /// before the list that has it.
    pub(super) fn name_renamed(&mut self) {
        for conflict in &mut self.conflicts {
            if let ConflictCause::NamesRemoved(gone) = &conflict.cause {
                let mut renames = self.renames.iter();
                let found = renames.find(|(removed, _)| removed.name == *gone);
                conflict.renamed_to = found.map(|(_, name)| name.clone());
            }
        }
    }

    /// Returns what changed, and what was changed twice.
    pub(super) fn into_findings(self) -> (Vec<MergedChange>, Vec<MergeConflict>) {
        (self.changes, self.conflicts)
    }

    pub(super) fn merge_outline(
        &mut self,
        base: &DocumentOutline,
        edited: &DocumentOutline,
        renewed: &DocumentOutline,
    ) -> DocumentOutline {
        let entries = self.merge_fields(&base.entries, &edited.entries, &renewed.entries);
        DocumentOutline {
            entries,
            tail: merged_text(&base.tail, &edited.tail, &renewed.tail),
            is_flow: edited.is_flow,
        }
    }

    fn merge_fields(
        &mut self,
        base: &[OutlineEntry],
        edited: &[OutlineEntry],
        renewed: &[OutlineEntry],
    ) -> Vec<OutlineEntry> {
        self.merge_entries(&ThreeSides {
            base: KeyedEntries::of_map(base),
            edited: KeyedEntries::of_map(edited),
            renewed: KeyedEntries::of_map(renewed),
        })
    }

    fn merge_items(
        &mut self,
        base: &[OutlineEntry],
        edited: &[OutlineEntry],
        renewed: &[OutlineEntry],
    ) -> Vec<OutlineEntry> {
        let SideRenames { edits, words } = self.side_renames;
        let [base_keys, mut edited_keys, mut renewed_keys] =
            aligned_keys(base, &edits.as_in_base(edited), renewed);
        for (index, entry) in renewed.iter().enumerate() {
            let Some(identity) = words.base_identity(entry) else {
                continue;
            };
            let sides = [&base_keys, &edited_keys, &renewed_keys];
            let removed = removed_key(base, &identity, sides, index);
            if let Some(key) = removed.cloned() {
                renewed_keys[index] = key;
            }
        }
        let list = self.path.last().cloned().unwrap_or_default();
        // A person who renames a shot means the same shot; a conflict about the old name then says
        // the new one.
        let gone = unmatched(base, &base_keys, &edited_keys);
        let new = unmatched(edited, &edited_keys, &base_keys);
        let renamed = renamed_items(&gone, &new);
        for (was, is) in &renamed {
            let name = RemovedName {
                list: list.clone(),
                name: was.identity.clone(),
            };
            self.renames.insert(name, is.identity.clone());
        }
        let new_keys = renamed.iter().filter_map(|(was, is)| {
            let key = key_of(base, &base_keys, was)?;
            // What the words still have is another matter: the person wants it under the new name.
            (!renewed_keys.contains(key)).then_some((place_of(edited, is)?, key.clone()))
        });
        for (place, key) in new_keys.collect::<Vec<_>>() {
            edited_keys[place] = key;
        }
        let keyed = |keys, entries| KeyedEntries { keys, entries };
        self.merge_entries(&ThreeSides {
            base: keyed(base_keys, base),
            edited: keyed(edited_keys, edited),
            renewed: keyed(renewed_keys, renewed),
        })
    }

    fn merge_entries(&mut self, sides: &ThreeSides<KeyedEntries<'_>>) -> Vec<OutlineEntry> {
        let base = sides.base.by_key();
        let edited = sides.edited.by_key();
        let renewed = sides.renewed.by_key();
        let order = merged_order(sides);
        // New entries get the indentation of their siblings, not that of the other document.
        let column = sides.edited.entries.first().map(|entry| entry.column);
        let mut merged: Vec<OutlineEntry> = Vec::with_capacity(order.len());
        let mut comments = Vec::new();
        for key in order {
            // For messages, so a long identity is cut. Keys are compared in full.
            self.path.push(shown_identity(key));
            let entry = self.merge_entry(ThreeSides {
                base: base.get(key).copied(),
                edited: edited.get(key).copied(),
                renewed: renewed.get(key).copied(),
            });
            self.path.pop();
            comments.append(&mut self.left_comments);
            if let Some(mut entry) = entry {
                // Comments of what is gone are put above what follows it: they were written by the
                // person and must not vanish.
                entry.add_comments(&comments);
                comments.clear();
                merged.push(entry);
            }
        }
        match merged.last_mut() {
            Some(last) => last.add_comments(&comments),
            // Above what they were in.
            None => self.left_comments = comments,
        }
        // Entries of one map at two columns are no YAML.
        if let Some(column) = column {
            merged
                .iter_mut()
                .filter(|entry| entry.column != column)
                .for_each(|entry| *entry = entry.moved_to(column));
        }
        merged
    }

    fn merge_entry(&mut self, sides: ThreeSides<Option<&OutlineEntry>>) -> Option<OutlineEntry> {
        match (sides.base, sides.edited, sides.renewed) {
            // Also without a base: both sides added it, and what differs is a conflict within.
            (base, Some(edited), Some(renewed)) => Some(self.merge_common(base, edited, renewed)),
            // Added by the person, and unknown to the words.
            (None, Some(edited), None) => Some(edited.clone()),
            (None, None, Some(renewed)) => self.merge_added(renewed),
            (Some(base), Some(edited), None) => self.merge_removed(base, edited),
            (Some(base), None, Some(renewed)) => {
                self.removed_by_edits.extend(self.removed_name(base));
                // What a person removed stays removed. If it changed meanwhile, the person may want
                // it again, so it is reported.
                if base.value.meaning() != renewed.value.meaning() {
                    self.add_conflict(None, Some(&renewed.value));
                    let name = self.removed_name(base);
                    let renamed = name.and_then(|name| self.renames.get(&name).cloned());
                    if let Some(conflict) = self.conflicts.last_mut() {
                        conflict.renamed_to = renamed;
                    }
                }
                None
            }
            (Some(base), None, None) => {
                self.removed_by_edits.extend(self.removed_name(base));
                None
            }
            (None, None, None) => None,
        }
    }

    /// Returns an entry that the words added, unless it is about something that a person removed.
    fn merge_added(&mut self, renewed: &OutlineEntry) -> Option<OutlineEntry> {
        let parent = self.parent_key();
        // A new title for a shot that the person removed would name nothing, and the document would
        // no longer be valid.
        let named = named_things(parent, renewed);
        if let Some(missing) = self.limits.missing(&named) {
            self.add_caused_conflict(
                None,
                Some(&renewed.value),
                ConflictCause::NamesRemoved(missing),
            );
            return None;
        }
        self.add_change(None, Some(&renewed.value));
        Some(renewed.clone())
    }

    /// Merges an entry that the renewed document has no more.
    fn merge_removed(
        &mut self,
        base: &OutlineEntry,
        edited: &OutlineEntry,
    ) -> Option<OutlineEntry> {
        // A person may have given it another name.
        let names = [base, edited].map(|entry| self.removed_name(entry));
        let is_named_elsewhere = names.iter().flatten().any(|name| self.limits.is_held(name));
        if is_named_elsewhere {
            // Something that stays names it, so without it the document would not be valid.
            self.add_caused_conflict(Some(&edited.value), None, ConflictCause::StillNamed);
            return Some(edited.clone());
        }
        // Blanks, quotes and comments are no edits.
        let edits = &self.side_renames.edits;
        let is_same = (base.value.meaning() == edited.value.meaning()
            || edits.explain_all(self.parent_key(), base, edited))
            && !(self.limits.keeps_anchors && edited.has_anchor());
        if is_same {
            self.removed_by_words.extend(names.into_iter().flatten());
            self.left_comments.extend(edited.comments_beside(base));
            self.add_change(Some(&base.value), None);
            return None;
        }
        // What a person has changed stays, though nothing generates it any more.
        self.add_conflict(Some(&edited.value), None);
        Some(edited.clone())
    }

    /// Returns the name of an item of a list, with the key of the list.
    fn removed_name(&self, entry: &OutlineEntry) -> Option<RemovedName> {
        // A field is no thing that others name, and an item without a name cannot be named.
        (entry.is_item() && entry.is_named).then(|| RemovedName {
            list: self.parent_key().to_owned(),
            name: entry.identity.clone(),
        })
    }

    /// Returns the key of what the present entry is in.
    fn parent_key(&self) -> &str {
        // The last part of the path is the entry itself.
        let index = self.path.len().checked_sub(2);
        let parent = index.and_then(|index| self.path.get(index));
        parent.map_or("", String::as_str)
    }

    fn merge_common(
        &mut self,
        base: Option<&OutlineEntry>,
        edited: &OutlineEntry,
        renewed: &OutlineEntry,
    ) -> OutlineEntry {
        let lead = base.map_or_else(
            // Both sides added it. The comments of the person stay.
            || edited.lead.clone(),
            |base| merged_text(&base.lead, &edited.lead, &renewed.lead),
        );
        // What follows a value on its line is about the value.
        let trail = base
            .filter(|base| base.value.meaning() == edited.value.meaning())
            .map_or_else(
                || edited.trail.clone(),
                |base| merged_text(&base.trail, &edited.trail, &renewed.trail),
            );
        let mut value = self.merge_value(base.map(|base| &base.value), edited, renewed);
        // A comment behind a value that is now several lines stays on the line of its key.
        if let OutlineValue::Block { head, .. } = &mut value
            && trail.contains('#')
            && head.trim().is_empty()
        {
            *head = format!("{trail}\n");
        }
        OutlineEntry {
            identity: edited.identity.clone(),
            is_named: edited.is_named,
            lead,
            column: edited.column,
            // The person may write the key in quotes.
            label: edited.label.clone(),
            value,
            trail,
        }
    }

    fn merge_value(
        &mut self,
        base: Option<&OutlineValue>,
        edited_entry: &OutlineEntry,
        renewed_entry: &OutlineEntry,
    ) -> OutlineValue {
        let (edited, renewed) = (&edited_entry.value, &renewed_entry.value);
        match (base, edited, renewed) {
            (
                base,
                OutlineValue::Block {
                    is_list,
                    head,
                    entries: edited,
                },
                OutlineValue::Block {
                    is_list: renewed_list,
                    entries: renewed,
                    ..
                },
            ) if is_list == renewed_list => {
                // If the base had another form, every entry counts as added on both sides.
                let base = block_entries(base, *is_list);
                let entries = self.merge_blocks(*is_list, base, edited, renewed);
                block_value(*is_list, head.clone(), entries)
            }
            // The same map, written over several lines by a person.
            (
                Some(OutlineValue::Braces { fields: base, .. }),
                OutlineValue::Block {
                    is_list: false,
                    head,
                    entries: edited,
                },
                OutlineValue::Braces {
                    fields: renewed, ..
                },
            ) => {
                let as_lines = |fields: &Vec<BraceField>| fields.iter().map(line_entry).collect();
                let [base, renewed]: [Vec<OutlineEntry>; 2] = [base, renewed].map(as_lines);
                let entries = self.merge_fields(&base, edited, &renewed);
                block_value(false, head.clone(), entries)
            }
            (
                Some(OutlineValue::Braces { fields: base, .. }),
                OutlineValue::Braces {
                    fields: edited,
                    leaf,
                },
                OutlineValue::Braces {
                    fields: renewed, ..
                },
            ) => self.merge_braces(base, (edited, leaf), renewed),
            _ => {
                let lines = self.merge_lines(base, edited_entry, renewed_entry);
                lines.unwrap_or_else(|| self.merge_whole(base, edited_entry, renewed_entry))
            }
        }
    }

    /// Merges values of which one is in brackets, entry by entry. `None`: they are not both maps or
    /// both lists, or are lists in brackets on all sides, which are one value each.
    fn merge_lines(
        &mut self,
        base: Option<&OutlineValue>,
        edited_entry: &OutlineEntry,
        renewed_entry: &OutlineEntry,
    ) -> Option<OutlineValue> {
        let (is_list, edited) = edited_entry.value.lines()?;
        let (renewed_list, renewed) = renewed_entry.value.lines()?;
        let sides = [base, Some(&edited_entry.value), Some(&renewed_entry.value)];
        let is_block = |side: &OutlineValue| matches!(side, OutlineValue::Block { .. });
        // A list in brackets on all sides, such as a colour, is one value: half of one colour and
        // half of another is none.
        let has_block = sides.into_iter().flatten().any(is_block);
        if is_list != renewed_list || (is_list && !has_block) {
            return None;
        }
        let changes_before = self.changes.len();
        let entries = self.merge_blocks(is_list, block_entries(base, is_list), edited, renewed);
        // Text in which nothing changed stays as it is.
        if self.changes.len() == changes_before {
            return Some(edited_entry.value.clone());
        }
        let properties = edited_entry.value.properties();
        let head = match &edited_entry.value {
            OutlineValue::Block { head, .. } => head.clone(),
            _ if !properties.is_empty() => format!(" {properties}\n"),
            // The first field of a map continues the line of its dash.
            _ if edited_entry.is_item() && !is_list => " ".to_owned(),
            _ => "\n".to_owned(),
        };
        Some(block_value(is_list, head, entries))
    }

    /// Merges maps or lists by their entries.
    fn merge_blocks(
        &mut self,
        is_list: bool,
        base: &[OutlineEntry],
        edited: &[OutlineEntry],
        renewed: &[OutlineEntry],
    ) -> Vec<OutlineEntry> {
        if is_list {
            self.merge_items(base, edited, renewed)
        } else {
            self.merge_fields(base, edited, renewed)
        }
    }

    /// Merges values that have no parts in common.
    fn merge_whole(
        &mut self,
        base: Option<&OutlineValue>,
        edited: &OutlineEntry,
        renewed: &OutlineEntry,
    ) -> OutlineValue {
        // By meaning: another notation of the same value is no change.
        let was = base.map(OutlineValue::meaning);
        let is = edited.value.meaning();
        let will = renewed.value.meaning();
        if is == will || was.as_ref() == Some(&will) {
            return edited.value.clone();
        }
        let named = named_things(self.parent_key(), renewed);
        let missing = self.limits.missing(&named);
        let loses_anchor = self.limits.keeps_anchors && edited.value.has_inner_anchor();
        if was.as_ref() == Some(&is) && missing.is_none() && !loses_anchor {
            self.add_change(base, Some(&renewed.value));
            let value = renewed.moved_to(edited.column).value;
            return value.with_properties(edited.value.properties());
        }
        // The edit wins: a renewal takes nothing away that a person wrote.
        let (edited_value, renewed) = (Some(&edited.value), Some(&renewed.value));
        match missing {
            Some(name) => {
                let cause = ConflictCause::NamesRemoved(name);
                self.add_caused_conflict(edited_value, renewed, cause);
            }
            None => self.add_conflict(edited_value, renewed),
        }
        edited.value.clone()
    }

    fn merge_braces(
        &mut self,
        base: &[BraceField],
        (edited, leaf): (&[BraceField], &LeafValue),
        renewed: &[BraceField],
    ) -> OutlineValue {
        let changes_before = self.changes.len();
        let as_entries = |fields: &[BraceField]| fields.iter().map(field_entry).collect();
        let [base, was, renewed]: [Vec<OutlineEntry>; 3] = [base, edited, renewed].map(as_entries);
        let merged = self.merge_fields(&base, &was, &renewed);
        let fields: Vec<BraceField> = merged.iter().map(entry_field).collect();
        // Text in which nothing changed keeps its blanks and line breaks.
        if self.changes.len() == changes_before {
            return OutlineValue::Braces {
                fields: edited.to_vec(),
                leaf: leaf.clone(),
            };
        }
        // Written anew on one line: the text between fields is not known here.
        let written: Vec<String> = fields
            .iter()
            .map(|field| format!("{}: {}", field.key, field.text))
            .collect();
        OutlineValue::Braces {
            leaf: LeafValue::plain(
                format!("{} {{{}}}", spaced(leaf.properties()), written.join(", ")),
                super::outline_entry::map_meaning(
                    fields
                        .iter()
                        .map(|field| (field.key.clone(), field.meaning.clone())),
                ),
            ),
            fields,
        }
    }

    fn add_change(&mut self, before: Option<&OutlineValue>, after: Option<&OutlineValue>) {
        self.changes.push(MergedChange {
            path: self.path.join("."),
            before: before.map(OutlineValue::one_line),
            after: after.map(OutlineValue::one_line),
        });
    }

    fn add_conflict(&mut self, edited: Option<&OutlineValue>, renewed: Option<&OutlineValue>) {
        // The message then says what the person can do: write the value on lines of its own.
        let is_in_brackets = edited.zip(renewed).is_some_and(|(edited, renewed)| {
            edited.is_flow() && edited.lines().is_none() && renewed.lines().is_some()
        });
        let cause = if is_in_brackets {
            ConflictCause::InBrackets
        } else {
            ConflictCause::BothChanged
        };
        self.add_caused_conflict(edited, renewed, cause);
    }

    fn add_caused_conflict(
        &mut self,
        edited: Option<&OutlineValue>,
        renewed: Option<&OutlineValue>,
        cause: ConflictCause,
    ) {
        self.conflicts.push(MergeConflict {
            path: self.path.join("."),
            edited: edited.map(OutlineValue::one_line),
            renewed: renewed.map(OutlineValue::one_line),
            cause,
            renamed_to: None,
        });
    }
}

/// Returns the key of what a person removed that a new item of the renewed list is about, under the
/// name in the base of what it is about. `None`: the item is not new, or nothing such was removed.
fn removed_key<'k>(
    base: &[OutlineEntry],
    identity: &str,
    [base_keys, edited_keys, renewed_keys]: [&'k Vec<String>; 3],
    index: usize,
) -> Option<&'k String> {
    let key = renewed_keys.get(index)?;
    if base_keys.contains(key) || edited_keys.contains(key) {
        return None;
    }
    let mut keyed = base.iter().zip(base_keys);
    let removed = keyed.find(|(was, key)| {
        was.identity == identity && !edited_keys.contains(key) && !renewed_keys.contains(key)
    });
    removed.map(|(_, key)| key)
}

/// Returns where an entry is in its list.
fn place_of(entries: &[OutlineEntry], wanted: &OutlineEntry) -> Option<usize> {
    entries.iter().position(|entry| std::ptr::eq(entry, wanted))
}

/// Returns the key of an entry.
fn key_of<'k>(
    entries: &[OutlineEntry],
    keys: &'k [String],
    wanted: &OutlineEntry,
) -> Option<&'k String> {
    keys.get(place_of(entries, wanted)?)
}

/// Returns the named items whose key is none of the others.
fn unmatched<'e>(
    entries: &'e [OutlineEntry],
    keys: &[String],
    others: &[String],
) -> Vec<&'e OutlineEntry> {
    let others: BTreeSet<&String> = others.iter().collect();
    let named = entries.iter().zip(keys);
    named
        .filter(|(entry, key)| entry.is_named && !others.contains(key))
        .map(|(entry, _)| entry)
        .collect()
}

/// Returns an anchor or tag with a blank before it.
fn spaced(properties: &str) -> String {
    if properties.is_empty() {
        String::new()
    } else {
        format!(" {properties}")
    }
}

/// Returns the entries of a map or of a list on lines of their own. A value of another form has
/// none.
fn block_entries(value: Option<&OutlineValue>, is_list: bool) -> &Vec<OutlineEntry> {
    static NONE: Vec<OutlineEntry> = Vec::new();
    let lines = value.and_then(OutlineValue::lines);
    lines
        .filter(|(found_list, _)| *found_list == is_list)
        .map_or(&NONE, |(_, entries)| entries)
}

/// Returns a block of these entries. One without entries is written in brackets, because a label
/// alone means null.
fn block_value(is_list: bool, head: String, entries: Vec<OutlineEntry>) -> OutlineValue {
    if !entries.is_empty() {
        return OutlineValue::Block {
            is_list,
            head,
            entries,
        };
    }
    let brackets = if is_list { "[]" } else { "{}" };
    OutlineValue::Leaf(LeafValue::plain(
        format!(" {brackets}"),
        brackets.to_owned(),
    ))
}

/// Returns a field of a map in braces as one on a line of its own.
fn line_entry(field: &BraceField) -> OutlineEntry {
    OutlineEntry {
        label: format!("{}:", field.key),
        value: OutlineValue::Leaf(LeafValue::plain(
            format!(" {}", field.text),
            field.meaning.clone(),
        )),
        ..field_entry(field)
    }
}

fn field_entry(field: &BraceField) -> OutlineEntry {
    OutlineEntry {
        identity: field.key.clone(),
        is_named: true,
        lead: String::new(),
        column: 0,
        label: String::new(),
        value: OutlineValue::Leaf(LeafValue::plain(field.text.clone(), field.meaning.clone())),
        trail: String::new(),
    }
}

fn entry_field(entry: &OutlineEntry) -> BraceField {
    let (text, meaning) = match &entry.value {
        OutlineValue::Leaf(leaf) | OutlineValue::Braces { leaf, .. } => {
            (leaf.text.clone(), leaf.meaning.clone())
        }
        // A field in braces has no lines of its own.
        OutlineValue::Block { .. } => (String::new(), String::new()),
    };
    BraceField {
        key: entry.identity.clone(),
        text,
        meaning,
    }
}

/// Returns the text that only one side changed as changed, else the edited one.
fn merged_text(base: &str, edited: &str, renewed: &str) -> String {
    // Blanks at the ends of lines do not count, because editors remove them on saving.
    let same = |a: &str, b: &str| {
        a.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .eq(b.lines().map(str::trim).filter(|line| !line.is_empty()))
    };
    if same(base, edited) && !same(base, renewed) {
        renewed.to_owned()
    } else {
        edited.to_owned()
    }
}

/// Returns every key of the three sides once, in the order of the result: the renewed one, unless
/// the edited document has an order of its own.
fn merged_order<'k>(sides: &'k ThreeSides<KeyedEntries<'_>>) -> Vec<&'k str> {
    // The order is decided for the whole list and not for each entry: half of each order is that of
    // nobody.
    let [base, edited, renewed] =
        [&sides.base, &sides.edited, &sides.renewed].map(KeyedEntries::order);
    // The generated order wins unless a person has moved something.
    let was_moved = common_order(&edited, &base) != common_order(&base, &edited);
    let (order, others) = if was_moved {
        (edited, renewed)
    } else {
        (renewed, edited)
    };
    insert_others(order, &others, &base.into_iter().collect())
}

/// Returns an identity for messages. One that is a whole entry is cut.
fn shown_identity(identity: &str) -> String {
    if identity.chars().count() <= MOST_SHOWN {
        return identity.to_owned();
    }
    let cut: String = identity.chars().take(MOST_SHOWN - 1).collect();
    format!("{cut}…")
}

/// Returns those of `order` that `others` has too.
fn common_order<'a>(order: &[&'a str], others: &[&'a str]) -> Vec<&'a str> {
    let others: BTreeSet<&str> = others.iter().copied().collect();
    order
        .iter()
        .copied()
        .filter(|identity| others.contains(identity))
        .collect()
}

/// Where an entry goes that an order lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum InsertPlace<'a> {
    Start,
    Before(&'a str),
    After(&'a str),
    End,
}

/// Adds those of `others` that `order` lacks: each behind the one that it follows there. One that
/// follows an entry of the base that is gone keeps its place before the next one.
fn insert_others<'a>(
    order: Vec<&'a str>,
    others: &[&'a str],
    base: &BTreeSet<&str>,
) -> Vec<&'a str> {
    let known: BTreeSet<&str> = order.iter().copied().collect();
    let mut inserted: BTreeMap<InsertPlace<'_>, Vec<&'a str>> = BTreeMap::new();
    let mut place = InsertPlace::Start;
    for (index, identity) in others.iter().enumerate() {
        if known.contains(identity) {
            place = InsertPlace::After(identity);
            continue;
        }
        // Several new ones behind the same entry keep their order.
        inserted.entry(place).or_default().push(identity);
        if base.contains(identity) {
            let mut later = others.get(index + 1..).unwrap_or_default().iter();
            let next = later.find(|later| known.contains(*later));
            place = next.map_or(InsertPlace::End, |next| InsertPlace::Before(next));
        }
    }
    let mut take = |place| inserted.remove(&place).unwrap_or_default();
    let mut merged = take(InsertPlace::Start);
    for identity in order {
        merged.extend(take(InsertPlace::Before(identity)));
        merged.push(identity);
        merged.extend(take(InsertPlace::After(identity)));
    }
    merged.extend(take(InsertPlace::End));
    merged
}
