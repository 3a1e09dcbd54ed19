//! Cuts the text of a document into entries by the places of its tree.

use super::entry_identity::item_identity;
use super::flow_gap::FlowGap;
use super::outline_entry::{
    BraceField, FlowLines, LeafValue, OutlineEntry, OutlineValue, list_meaning, map_meaning,
};
use crate::document::span_tree::{NodeId, ScalarRef, SpanTree, ValueShape};
use std::cell::Cell;

/// Reads entries from a tree.
pub(super) struct OutlineReader<'t> {
    tree: &'t SpanTree,
    text: &'t str,
    /// The byte of the first entry that could not be read.
    failed_at: Cell<Option<usize>>,
}

/// The blanks of one level of entries that were in brackets.
const INDENT: usize = 2;
/// How many aliases within each other are followed for the meaning of a value.
const MOST_ALIASES: usize = 2;

/// The parts of a map or list in brackets, with what is between them.
struct FlowPart {
    /// The key of a field, and what is before it. `None`: an item.
    key: Option<NodeId>,
    value: NodeId,
    /// What is before the part, and for a field what is between its key and its value.
    before: FlowGap,
    before_value: FlowGap,
}

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
            failed_at: Cell::new(None),
        }
    }

    /// Returns the byte of the first entry whose form is not known.
    pub(super) fn failed_at(&self) -> Option<usize> {
        self.failed_at.get()
    }

    fn fail_at<T>(&self, place: usize) -> Option<T> {
        // The first is the cause; what is around it fails because of it.
        if self.failed_at.get().is_none() {
            self.failed_at.set(Some(place));
        }
        None
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
        // Without entries there is nothing to merge by, so it is one value.
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
        let mut after = from;
        let mut places = Vec::with_capacity(items.len());
        for item in items {
            let identity = item_identity(self.tree, *item);
            // The tree knows where the item begins and not where its dash is.
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
            // A line of a comment may have a dash too, but not as its first character.
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
        // Characters and not bytes: other entries are written at this column with blanks.
        let column = self.text.get(line..place.start)?.chars().count();
        // An anchor of a key belongs to no part of the entry, and would be lost.
        let before = self.text.get(line.max(from)..place.start)?;
        if !before.trim().is_empty() {
            return self.fail_at(place.start);
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
            // Read now and used only if another side has lines: then both are merged entry by
            // entry.
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
    /// this column on, with their comments. `None`: it is none, it is empty, or it has a form that
    /// cannot be written so.
    pub(super) fn flow_lines(&self, node: NodeId, column: usize) -> Option<FlowLines> {
        if self.tree.is_alias(node) || !self.begins_with_bracket(node) {
            return None;
        }
        let parts = self.flow_parts(node)?;
        let end = self.tree.full_origin(node).end as usize;
        let mut place = self.start(node) + 1;
        let mut entries: Vec<OutlineEntry> = Vec::with_capacity(parts.len());
        for part in parts {
            if let Some(last) = entries.last_mut() {
                add_trailing_comment(last, part.before.same_line.as_deref());
            }
            let is_first = entries.is_empty();
            entries.push(self.flow_entry(&part, is_first, column)?);
            place = self.end_behind(part.value, place);
        }
        // What is behind the last part belongs to it, comments included.
        let rest = FlowGap::read(self.text.get(place..end.max(place))?)?;
        let last = entries.last_mut()?;
        add_trailing_comment(last, rest.same_line.as_deref());
        for comment in &rest.comments {
            last.lead.push_str(&comment_line(comment, column));
        }
        let is_list = self.tree.shape(node) == ValueShape::List;
        Some(FlowLines { is_list, entries })
    }

    /// Returns the parts of a map or list in brackets, with what is between them.
    fn flow_parts(&self, node: NodeId) -> Option<Vec<FlowPart>> {
        let mut place = self.start(node) + 1;
        let pairs: Vec<(Option<NodeId>, NodeId)> = match self.tree.pairs(node) {
            Some(pairs) => pairs.map(|(key, value)| (Some(key), value)).collect(),
            None => {
                let items = self.tree.items(node)?;
                items.iter().map(|item| (None, *item)).collect()
            }
        };
        let mut parts = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let before = self.gap_before(key.unwrap_or(value), place)?;
            let before_value = match key {
                Some(key) => {
                    place = self.end_behind(key, place);
                    self.gap_before(value, place)?
                }
                None => FlowGap::default(),
            };
            place = self.end_behind(value, place);
            parts.push(FlowPart {
                key,
                value,
                before,
                before_value,
            });
        }
        Some(parts)
    }

    /// Returns what is between a place and a part of a value in brackets.
    fn gap_before(&self, node: NodeId, place: usize) -> Option<FlowGap> {
        let start = self.tree.full_origin(node).start as usize;
        // A value that is left out has no place of its own.
        let between = self.text.get(place..start.max(place))?;
        FlowGap::read(between).or_else(|| self.fail_at(start))
    }

    fn end_behind(&self, node: NodeId, place: usize) -> usize {
        (self.tree.full_origin(node).end as usize).max(place)
    }

    /// Returns a part of a value in brackets as an entry on lines of its own.
    fn flow_entry(&self, part: &FlowPart, is_first: bool, column: usize) -> Option<OutlineEntry> {
        let (label, properties) = match part.key {
            Some(key) => (
                format!("{}:", self.flow_key(key)?),
                &part.before_value.properties,
            ),
            None => ("-".to_owned(), &part.before.properties),
        };
        // An anchor of a key belongs to no part of the entry.
        if part.key.is_some() && !part.before.properties.is_empty() {
            return self.fail_at(self.start(part.value));
        }
        let value = self.flow_value(part.value, part.key.is_none(), column)?;
        // Found as the same item on lines of its own would be, since the sides may be written
        // differently.
        let identity = item_identity(self.tree, part.value);
        let key = part.key.and_then(|key| self.tree.scalar(key));
        let opening = part.before.same_line.iter().filter(|_| is_first);
        let above = &part.before.comments;
        let inner = part.before_value.all_comments();
        let comments = opening.chain(above).chain(inner);
        Some(OutlineEntry {
            identity: key.map_or(identity.text, |key| key.text.to_owned()),
            is_named: key.is_some() || identity.is_named,
            lead: comments
                .map(|comment| comment_line(comment, column))
                .collect(),
            column,
            label,
            value: value.with_properties(properties),
            trail: String::new(),
        })
    }

    fn flow_key(&self, key: NodeId) -> Option<&'t str> {
        let origin = self.tree.full_origin(key);
        let written = self.text.get(origin.start as usize..origin.end as usize)?;
        let written = written.trim_end();
        // A key of several lines has no form on one.
        if written.contains('\n') || written.is_empty() {
            return self.fail_at(origin.start as usize);
        }
        Some(written)
    }

    fn flow_value(&self, node: NodeId, is_item: bool, column: usize) -> Option<OutlineValue> {
        let is_container = !self.tree.is_alias(node)
            && matches!(self.tree.shape(node), ValueShape::Map | ValueShape::List)
            && !self.is_empty_container(node);
        if !is_container {
            return Some(OutlineValue::Leaf(self.flow_leaf(node)?));
        }
        let lines = self.flow_lines(node, column + INDENT)?;
        // The first field of a map continues the line of its dash.
        let continues = is_item && !lines.is_list;
        Some(OutlineValue::Block {
            is_list: lines.is_list,
            head: if continues { " " } else { "\n" }.to_owned(),
            entries: lines.entries,
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
        let meaning = self.meaning(node);
        // The lines of a text would have to be further in than those of the map, so it is written on
        // one. Brackets without content have nothing but blanks in them.
        let one_line = self.tree.scalar(node).map_or_else(
            || meaning.clone(),
            |scalar| serde_json::Value::from(scalar.text).to_string(),
        );
        let text = if text.contains('\n') {
            one_line.as_str()
        } else {
            text
        };
        // A value that is not written stays so: `key:` and not `key: null`.
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
                // Without the blanks before the comma.
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
        self.meaning_within(node, MOST_ALIASES)
    }

    /// Returns the meaning of a value. An alias means what it stands for: to write a value once and to
    /// repeat it by its anchor is no change.
    fn meaning_within(&self, node: NodeId, aliases: usize) -> String {
        let is_alias = self.tree.is_alias(node);
        // An alias may lead to itself by others. Followed without end, a short document would have
        // an endless meaning.
        if is_alias && aliases == 0 {
            let origin = self.tree.origin(node);
            let text = self.text.get(origin.start as usize..origin.end as usize);
            return text.unwrap_or_default().to_owned();
        }
        let aliases = aliases - usize::from(is_alias);
        if let Some(pairs) = self.tree.pairs(node) {
            return map_meaning(pairs.map(|(key, value)| {
                let key = self.tree.scalar(key).map_or("", |key| key.text);
                (key.to_owned(), self.meaning_within(value, aliases))
            }));
        }
        if let Some(items) = self.tree.items(node) {
            let items = items.iter().map(|item| self.meaning_within(*item, aliases));
            return list_meaning(items);
        }
        self.tree
            .scalar(node)
            .map_or_else(String::new, scalar_meaning)
    }
}

/// Returns the scalar as YAML of one form: `a` and `"a"` are equal, and so are `1` and `"1"`, because
/// people add and remove quotes that make no difference.
fn scalar_meaning(scalar: ScalarRef<'_>) -> String {
    if scalar.is_null() {
        return "null".to_owned();
    }
    let first = scalar.text.trim_start_matches(['-', '+', '.']);
    let is_number =
        first.starts_with(|c: char| c.is_ascii_digit()) && scalar.text.parse::<f64>().is_ok();
    if is_number || matches!(scalar.text, "true" | "false") {
        scalar.text.to_owned()
    } else {
        serde_json::Value::from(scalar.text).to_string()
    }
}

/// Adds a comment that follows an entry. Behind a value of several lines there is no place for it.
fn add_trailing_comment(entry: &mut OutlineEntry, comment: Option<&str>) {
    let Some(comment) = comment else { return };
    if matches!(entry.value, OutlineValue::Block { .. }) {
        entry.lead.push_str(&comment_line(comment, entry.column));
    } else {
        entry.trail.push_str(&format!(" {comment}"));
    }
}

fn comment_line(comment: &str, column: usize) -> String {
    format!("{}{comment}\n", " ".repeat(column))
}

fn line_start(text: &str, place: usize) -> usize {
    let before = text.get(..place).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}
