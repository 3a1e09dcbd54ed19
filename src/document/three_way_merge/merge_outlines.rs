//! Merges three outlines, entry by entry, and records what changed and what was changed twice.

use super::document_outline::DocumentOutline;
use super::entry_identity::numbered_identity;
use super::outline_entry::{BraceField, LeafValue, OutlineEntry, OutlineValue};
use super::{MergeConflict, MergedChange};
use std::collections::{BTreeMap, BTreeSet};

/// The longest identity in the path of a message, in characters.
const MOST_SHOWN: usize = 48;

/// A merge while it runs.
#[derive(Debug, Default)]
pub(super) struct OutlineMerge {
    pub(super) changes: Vec<MergedChange>,
    pub(super) conflicts: Vec<MergeConflict>,
    path: Vec<String>,
}

/// One thing in the base, as edited, and as renewed.
#[derive(Clone, Copy)]
struct ThreeSides<T> {
    base: T,
    edited: T,
    renewed: T,
}

impl OutlineMerge {
    pub(super) fn merge_outline(
        &mut self,
        base: &DocumentOutline,
        edited: &DocumentOutline,
        renewed: &DocumentOutline,
    ) -> DocumentOutline {
        let entries = self.merge_entries(ThreeSides {
            base: &base.entries,
            edited: &edited.entries,
            renewed: &renewed.entries,
        });
        DocumentOutline {
            entries,
            tail: merged_text(&base.tail, &edited.tail, &renewed.tail),
            is_flow: edited.is_flow,
        }
    }

    fn merge_entries(&mut self, sides: ThreeSides<&Vec<OutlineEntry>>) -> Vec<OutlineEntry> {
        let base = entries_by_identity(sides.base);
        let edited = entries_by_identity(sides.edited);
        let renewed = entries_by_identity(sides.renewed);
        let order = merged_order(sides);
        // New entries get the indentation of their siblings, not that of the other document.
        let column = sides.edited.first().map(|entry| entry.column);
        let mut merged = Vec::with_capacity(order.len());
        for identity in order {
            self.path.push(shown_identity(identity));
            merged.extend(self.merge_entry(ThreeSides {
                base: base.get(identity).copied(),
                edited: edited.get(identity).copied(),
                renewed: renewed.get(identity).copied(),
            }));
            self.path.pop();
        }
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
            (base, Some(edited), Some(renewed)) => Some(self.merge_common(base, edited, renewed)),
            (None, Some(edited), None) => Some(edited.clone()),
            (None, None, Some(renewed)) => {
                self.add_change(None, Some(&renewed.value));
                Some(renewed.clone())
            }
            (Some(base), Some(edited), None) => self.merge_removed(base, edited),
            (Some(base), None, Some(renewed)) => {
                // What a person removed stays removed. If it changed meanwhile, the person may want
                // it again, so it is reported.
                if base.value.meaning() != renewed.value.meaning() {
                    self.add_conflict(None, Some(&renewed.value));
                }
                None
            }
            (_, None, None) => None,
        }
    }

    /// Merges an entry that the renewed document has no more.
    fn merge_removed(
        &mut self,
        base: &OutlineEntry,
        edited: &OutlineEntry,
    ) -> Option<OutlineEntry> {
        // Comments count here: what somebody wrote about an entry goes with it. Another layout, and a
        // comment that somebody removed, do not.
        let text = edited.bare_text();
        let is_same = !text.contains('#') && base.value.meaning() == edited.value.meaning();
        if is_same || base.bare_text() == text {
            self.add_change(Some(&base.value), None);
            return None;
        }
        // What a person has changed stays, though nothing generates it any more.
        self.add_conflict(Some(&edited.value), None);
        Some(edited.clone())
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
                let entries = self.merge_blocks(block_entries(base, *is_list), edited, renewed);
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
                let entries = self.merge_entries(ThreeSides {
                    base: &base,
                    edited,
                    renewed: &renewed,
                });
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
        let has_block = sides.into_iter().flatten().any(is_block);
        if is_list != renewed_list || (is_list && !has_block) {
            return None;
        }
        let changes_before = self.changes.len();
        let entries = self.merge_blocks(block_entries(base, is_list), edited, renewed);
        // Text in which nothing changed stays as it is.
        if self.changes.len() == changes_before {
            return Some(edited_entry.value.clone());
        }
        let head = match &edited_entry.value {
            OutlineValue::Block { head, .. } => head.clone(),
            // The first field of a map continues the line of its dash.
            _ if edited_entry.label == "-" && !is_list => " ".to_owned(),
            _ => "\n".to_owned(),
        };
        Some(block_value(is_list, head, entries))
    }

    /// Merges two maps or two lists by their entries.
    fn merge_blocks(
        &mut self,
        base: &Vec<OutlineEntry>,
        edited: &Vec<OutlineEntry>,
        renewed: &Vec<OutlineEntry>,
    ) -> Vec<OutlineEntry> {
        let sides = ThreeSides {
            base,
            edited,
            renewed,
        };
        match found_by_content(sides) {
            None => self.merge_entries(sides),
            Some([base, edited, renewed]) => self.merge_entries(ThreeSides {
                base: &base,
                edited: &edited,
                renewed: &renewed,
            }),
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
        if was.as_ref() == Some(&is) {
            self.add_change(base, Some(&renewed.value));
            return renewed.moved_to(edited.column).value;
        }
        // The edit wins: a renewal takes nothing away that a person wrote.
        self.add_conflict(Some(&edited.value), Some(&renewed.value));
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
        let sides: [Vec<OutlineEntry>; 3] = [base, edited, renewed].map(as_entries);
        let merged = self.merge_entries(ThreeSides {
            base: &sides[0],
            edited: &sides[1],
            renewed: &sides[2],
        });
        let fields: Vec<BraceField> = merged.iter().map(entry_field).collect();
        // Text in which nothing changed keeps its blanks and line breaks.
        if self.changes.len() == changes_before {
            return OutlineValue::Braces {
                fields: edited.to_vec(),
                leaf: leaf.clone(),
            };
        }
        let written: Vec<String> = fields
            .iter()
            .map(|field| format!("{}: {}", field.key, field.text))
            .collect();
        OutlineValue::Braces {
            leaf: LeafValue::plain(
                format!(" {{{}}}", written.join(", ")),
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
        self.conflicts.push(MergeConflict {
            path: self.path.join("."),
            edited: edited.map(OutlineValue::one_line),
            renewed: renewed.map(OutlineValue::one_line),
            is_in_brackets: edited.zip(renewed).is_some_and(|(edited, renewed)| {
                edited.is_flow() && edited.lines().is_none() && renewed.lines().is_some()
            }),
        });
    }
}

/// Returns the entries of a map or of a list on lines of their own. A value of another form has none.
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

/// Returns the entries with identities by what they mean. `None`: they are found by their own.
///
/// Items without names are found by what they are about and by their place among others of the
/// same. Once there are more or fewer of these, a place says nothing, and a change could be written
/// into an item of somebody else.
fn found_by_content(sides: ThreeSides<&Vec<OutlineEntry>>) -> Option<[Vec<OutlineEntry>; 3]> {
    let guesses = |entries: &[OutlineEntry]| -> BTreeSet<String> {
        let guessed = entries.iter().filter(|entry| !entry.is_named);
        guessed.map(|entry| entry.identity.clone()).collect()
    };
    let base = guesses(sides.base);
    if base == guesses(sides.edited) && base == guesses(sides.renewed) {
        return None;
    }
    let by_content = |entries: &Vec<OutlineEntry>| {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut entries = entries.clone();
        for entry in entries.iter_mut().filter(|entry| !entry.is_named) {
            let meaning = entry.value.meaning();
            let number = seen.entry(meaning.clone()).or_default();
            *number += 1;
            entry.identity = numbered_identity(meaning, *number);
        }
        entries
    };
    Some([sides.base, sides.edited, sides.renewed].map(by_content))
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

fn entries_by_identity(entries: &[OutlineEntry]) -> BTreeMap<&str, &OutlineEntry> {
    entries
        .iter()
        .map(|entry| (entry.identity.as_str(), entry))
        .collect()
}

/// Returns every identity of the three sides once, in the order of the result: the renewed one,
/// unless the edited document has an order of its own.
fn merged_order(sides: ThreeSides<&Vec<OutlineEntry>>) -> Vec<&str> {
    let [base, edited, renewed] =
        [sides.base, sides.edited, sides.renewed].map(|entries| identities(entries));
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

fn identities(entries: &[OutlineEntry]) -> Vec<&str> {
    entries
        .iter()
        .map(|entry| entry.identity.as_str())
        .collect()
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
