//! Cuts the text of a document into entries by the places of its tree.

use super::entry_identity::item_identities;
use super::outline_entry::{
    BraceField, FlowLines, LeafValue, OutlineEntry, OutlineValue, list_meaning, map_meaning,
};
use crate::document::span_tree::{NodeId, ScalarRef, SpanTree, ValueShape};

/// Reads entries from a tree.
pub(super) struct OutlineReader<'t> {
    tree: &'t SpanTree,
    text: &'t str,
}

/// The blanks of one level of entries that were in brackets.
const INDENT: usize = 2;

/// An entry before its text is cut.
struct EntryPlace {
    identity: String,
    is_named: bool,
    /// The first byte of the key or of the dash.
    start: usize,
    /// The byte after the colon or the dash.
    label_end: usize,
    value: NodeId,
}

impl<'t> OutlineReader<'t> {
    pub(super) fn new(tree: &'t SpanTree) -> Self {
        Self {
            tree,
            text: tree.source(),
        }
    }

    /// Reads the entries of a map or list that has each on a line of its own. `from` is the byte
    /// where their text begins. Returns them with the byte after their last line. `None` if the value
    /// has another form.
    pub(super) fn block_entries(
        &self,
        node: NodeId,
        from: usize,
    ) -> Option<(Vec<OutlineEntry>, usize)> {
        let places = self.entry_places(node, from)?;
        if places.is_empty() || self.begins_with_bracket(node) {
            return None;
        }
        let mut entries = Vec::with_capacity(places.len());
        let mut end = from;
        for place in places {
            let (entry, after) = self.read_entry(place, end)?;
            entries.push(entry);
            end = after;
        }
        Some((entries, end))
    }

    fn begins_with_bracket(&self, node: NodeId) -> bool {
        let rest = self.text.get(self.start(node)..).unwrap_or_default();
        rest.starts_with(['{', '['])
    }

    fn start(&self, node: NodeId) -> usize {
        self.tree.origin(node).start as usize
    }

    fn entry_places(&self, node: NodeId, from: usize) -> Option<Vec<EntryPlace>> {
        // The entries of an alias are written elsewhere.
        if self.tree.is_alias(node) {
            return None;
        }
        match self.tree.shape(node) {
            ValueShape::Map => self
                .tree
                .pairs(node)?
                .map(|(key, value)| self.field_place(key, value))
                .collect(),
            ValueShape::List => self.item_places(node, from),
            _ => None,
        }
    }

    fn field_place(&self, key: NodeId, value: NodeId) -> Option<EntryPlace> {
        let origin = self.tree.origin(key);
        let key_end = origin.end as usize;
        let colon = self.text.get(key_end..)?.find(':')?;
        Some(EntryPlace {
            identity: self.tree.scalar(key)?.text.to_owned(),
            is_named: true,
            start: origin.start as usize,
            label_end: key_end + colon + 1,
            value,
        })
    }

    fn item_places(&self, node: NodeId, from: usize) -> Option<Vec<EntryPlace>> {
        let items = self.tree.items(node)?;
        let identities = item_identities(self.tree, items);
        let mut after = from;
        let mut places = Vec::with_capacity(items.len());
        for (item, identity) in items.iter().zip(identities) {
            let dash = self.next_dash(after, self.start(*item))?;
            places.push(EntryPlace {
                identity: identity.text,
                is_named: identity.is_named,
                start: dash,
                label_end: dash + 1,
                value: *item,
            });
            after = self.value_end(*item, dash + 1)?;
        }
        Some(places)
    }

    /// Returns the dash of the item that begins at `before`: the first character of a line that is
    /// no comment.
    fn next_dash(&self, after: usize, before: usize) -> Option<usize> {
        let between = self.text.get(after..before.max(after))?;
        let mut place = after;
        for line in between.split_inclusive('\n') {
            let content = line.trim_start();
            if content.starts_with('-') {
                return Some(place + line.len() - content.len());
            }
            place += line.len();
        }
        None
    }

    fn read_entry(&self, place: EntryPlace, from: usize) -> Option<(OutlineEntry, usize)> {
        let line = line_start(self.text, place.start);
        // The first field behind a dash continues its line.
        let lead = self.text.get(from..line.max(from))?.to_owned();
        let column = self.text.get(line..place.start)?.chars().count();
        // An anchor of a key belongs to no part of the entry, and would be lost.
        let before = self.text.get(line.max(from)..place.start)?;
        if !before.trim().is_empty() {
            return None;
        }
        let label = self.text.get(place.start..place.label_end)?.to_owned();
        let (value, value_end) = self.read_value(place.value, place.label_end, column)?;
        let (trail, end) = if matches!(value, OutlineValue::Block { .. }) {
            (String::new(), value_end)
        } else {
            let rest = self.text.get(value_end..)?;
            let length = rest.find('\n').unwrap_or(rest.len());
            let trail = rest.get(..length)?.to_owned();
            (trail, (value_end + length + 1).min(self.text.len()))
        };
        let entry = OutlineEntry {
            identity: place.identity,
            is_named: place.is_named,
            lead,
            column,
            label,
            value,
            trail,
        };
        Some((entry, end))
    }

    fn read_value(
        &self,
        node: NodeId,
        label_end: usize,
        column: usize,
    ) -> Option<(OutlineValue, usize)> {
        if let Some(block) = self.read_block(node, label_end) {
            return Some(block);
        }
        let end = self.value_end(node, label_end)?;
        let leaf = LeafValue {
            text: self.text.get(label_end..end)?.to_owned(),
            meaning: self.meaning(node),
            lines: self.flow_lines(node, column + INDENT),
        };
        let value = match self.brace_fields(node) {
            Some(fields) => OutlineValue::Braces { fields, leaf },
            None => OutlineValue::Leaf(leaf),
        };
        Some((value, end))
    }

    fn read_block(&self, node: NodeId, label_end: usize) -> Option<(OutlineValue, usize)> {
        let is_list = self.tree.shape(node) == ValueShape::List;
        let first = self.entry_places(node, label_end)?.first()?.start;
        // An anchor or a tag in front of the entries belongs to the head.
        let head_end = match self.text.get(label_end..first)?.find('\n') {
            Some(line_end) => label_end + line_end + 1,
            None => first,
        };
        let (entries, end) = self.block_entries(node, head_end)?;
        let head = self.text.get(label_end..head_end)?.to_owned();
        let value = OutlineValue::Block {
            is_list,
            head,
            entries,
        };
        Some((value, end))
    }

    /// Returns the entries of a map or list in brackets as they would be on lines of their own, from
    /// this column on. `None`: it is none, it is empty, or something in it would be lost, such as a
    /// comment.
    pub(super) fn flow_lines(&self, node: NodeId, column: usize) -> Option<FlowLines> {
        if self.tree.is_alias(node) || !self.begins_with_bracket(node) {
            return None;
        }
        let entries = if let Some(pairs) = self.tree.pairs(node) {
            let mut place = self.start(node);
            let fields = pairs.map(|(key, value)| {
                place = self.place_behind(key, place)?;
                place = self.place_behind(value, place)?;
                self.flow_field(key, value, column)
            });
            let fields = fields.collect::<Option<Vec<_>>>()?;
            self.is_bare_between(place, self.tree.full_origin(node).end as usize)?;
            fields
        } else {
            let items = self.tree.items(node)?;
            let mut place = self.start(node);
            for item in items {
                place = self.place_behind(*item, place)?;
            }
            self.is_bare_between(place, self.tree.full_origin(node).end as usize)?;
            let identities = item_identities(self.tree, items);
            let items = items.iter().zip(identities).map(|(item, identity)| {
                let entry = self.flow_entry("-".to_owned(), *item, column)?;
                Some(OutlineEntry {
                    identity: identity.text,
                    is_named: identity.is_named,
                    ..entry
                })
            });
            items.collect::<Option<Vec<_>>>()?
        };
        let is_list = self.tree.shape(node) == ValueShape::List;
        (!entries.is_empty()).then_some(FlowLines { is_list, entries })
    }

    /// Returns the byte behind a part of a value in brackets. `None`: a comment or an anchor is before
    /// it.
    fn place_behind(&self, node: NodeId, place: usize) -> Option<usize> {
        let full = self.tree.full_origin(node);
        // A value that is left out has no place of its own.
        if (full.start as usize) < place {
            return Some(place);
        }
        self.is_bare_between(place, full.start as usize)?;
        Some(full.end as usize)
    }

    fn is_bare_between(&self, from: usize, to: usize) -> Option<()> {
        let between = self.text.get(from..to.max(from))?;
        (!between.contains(['#', '&', '!', '?'])).then_some(())
    }

    fn flow_field(&self, key: NodeId, value: NodeId, column: usize) -> Option<OutlineEntry> {
        let origin = self.tree.full_origin(key);
        let written = self.text.get(origin.start as usize..origin.end as usize)?;
        let written = written.trim_end();
        if written.contains('\n') || written.is_empty() {
            return None;
        }
        let identity = self.tree.scalar(key)?.text.to_owned();
        let entry = self.flow_entry(format!("{written}:"), value, column)?;
        Some(OutlineEntry { identity, ..entry })
    }

    /// Returns an entry without comments whose value was in brackets, or in some.
    fn flow_entry(&self, label: String, value: NodeId, column: usize) -> Option<OutlineEntry> {
        let is_item = label == "-";
        let is_container = !self.tree.is_alias(value)
            && matches!(self.tree.shape(value), ValueShape::Map | ValueShape::List)
            && !self.is_empty_container(value);
        let value = if is_container {
            let lines = self.flow_lines(value, column + INDENT)?;
            // The first field of a map continues the line of its dash.
            let continues = is_item && !lines.is_list;
            OutlineValue::Block {
                is_list: lines.is_list,
                head: if continues { " " } else { "\n" }.to_owned(),
                entries: lines.entries,
            }
        } else {
            OutlineValue::Leaf(self.flow_leaf(value)?)
        };
        Some(OutlineEntry {
            identity: String::new(),
            is_named: true,
            lead: String::new(),
            column,
            label,
            value,
            trail: String::new(),
        })
    }

    fn is_empty_container(&self, node: NodeId) -> bool {
        let is_empty_map = self
            .tree
            .pairs(node)
            .is_some_and(|mut pairs| pairs.next().is_none());
        is_empty_map || self.tree.items(node).is_some_and(|items| items.is_empty())
    }

    fn flow_leaf(&self, node: NodeId) -> Option<LeafValue> {
        let full = self.tree.full_origin(node);
        let text = self
            .text
            .get(full.start as usize..full.end as usize)?
            .trim_end();
        // The lines of a text would have to be further in than those of the map.
        if text.contains('\n') {
            return None;
        }
        let meaning = self.meaning(node);
        let is_left_out = meaning == "null" && !matches!(text, "null" | "~" | "Null" | "NULL");
        let text = if is_left_out || text.is_empty() {
            String::new()
        } else {
            format!(" {text}")
        };
        Some(LeafValue::plain(text, meaning))
    }

    fn brace_fields(&self, node: NodeId) -> Option<Vec<BraceField>> {
        if self.tree.is_alias(node) || self.tree.shape(node) != ValueShape::Map {
            return None;
        }
        // An anchor, a comment or lines between the braces would be lost if they are written anew.
        let full = self.tree.full_origin(node);
        let written = self.text.get(self.start(node)..full.end as usize)?;
        if !written.starts_with('{') || written.contains(['\n', '#', '&']) {
            return None;
        }
        let pairs = self.tree.pairs(node)?;
        pairs
            .map(|(key, value)| {
                let key_end = self.tree.origin(key).end as usize;
                let colon = self.text.get(key_end..)?.find(':')?;
                let value_from = key_end + colon + 1;
                let end = self.value_end(value, value_from)?;
                Some(BraceField {
                    key: self.tree.scalar(key)?.text.to_owned(),
                    text: self.text.get(value_from..end)?.trim().to_owned(),
                    meaning: self.meaning(value),
                })
            })
            .collect()
    }

    /// Returns the byte after the text of a value. An empty value ends where its label does.
    fn value_end(&self, node: NodeId, label_end: usize) -> Option<usize> {
        let full = self.tree.full_origin(node);
        let end = (full.end as usize).max(label_end);
        let written = self.text.get(label_end..end)?;
        Some(label_end + written.trim_end().len())
    }

    fn meaning(&self, node: NodeId) -> String {
        if self.tree.is_alias(node) {
            let origin = self.tree.origin(node);
            let text = self.text.get(origin.start as usize..origin.end as usize);
            return text.unwrap_or_default().to_owned();
        }
        if let Some(pairs) = self.tree.pairs(node) {
            return map_meaning(pairs.map(|(key, value)| {
                let key = self.tree.scalar(key).map_or("", |key| key.text);
                (key.to_owned(), self.meaning(value))
            }));
        }
        if let Some(items) = self.tree.items(node) {
            return list_meaning(items.iter().map(|item| self.meaning(*item)));
        }
        self.tree
            .scalar(node)
            .map_or_else(String::new, scalar_meaning)
    }
}

/// Returns the scalar as YAML of one form, so that `a` and `"a"` are equal but `1` and `"1"` are not.
fn scalar_meaning(scalar: ScalarRef<'_>) -> String {
    if scalar.is_null() {
        return "null".to_owned();
    }
    let is_word = !scalar.plain
        || (scalar.text.parse::<f64>().is_err()
            && !matches!(scalar.text, "true" | "false" | "True" | "False"));
    if is_word {
        serde_json::Value::from(scalar.text).to_string()
    } else {
        scalar.text.to_owned()
    }
}

fn line_start(text: &str, place: usize) -> usize {
    let before = text.get(..place).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}
