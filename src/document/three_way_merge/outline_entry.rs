//! The parts of an outline: entries with their texts, and values with their meaning.

/// A field of a map, or an item of a list, with the text that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutlineEntry {
    /// What it is found by among its siblings: the key of a field; of an item, its name.
    pub(super) identity: String,
    /// Whether the identity is a key or a name, and not a guess.
    pub(super) is_named: bool,
    /// The whole lines above it: comments and empty lines. Empty if it begins within a line.
    pub(super) lead: String,
    /// The column of `label`, in characters from 0.
    pub(super) column: usize,
    /// `key:` or `-`, as written.
    pub(super) label: String,
    pub(super) value: OutlineValue,
    /// What follows the value on its last line: a comment. Without the line break.
    pub(super) trail: String,
}

/// The value of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum OutlineValue {
    /// A scalar, an alias, or a list in brackets.
    Leaf(LeafValue),
    /// A map in braces.
    Braces {
        fields: Vec<BraceField>,
        /// As written.
        leaf: LeafValue,
    },
    /// A map or list with its entries on lines of their own.
    Block {
        is_list: bool,
        /// The text from the label to the first entry. It ends with a line break, or with the blanks
        /// of `- key:`.
        head: String,
        entries: Vec<OutlineEntry>,
    },
}

/// A value without parts that are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LeafValue {
    /// The text behind the label, with the blanks before it.
    pub(super) text: String,
    /// What it means: equal for values that are written differently.
    pub(super) meaning: String,
    /// Its entries, if it is a map or list in brackets that can be written on lines of their own.
    pub(super) lines: Option<FlowLines>,
}

/// A map or list in brackets, as it would be on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FlowLines {
    pub(super) is_list: bool,
    pub(super) entries: Vec<OutlineEntry>,
}

impl LeafValue {
    /// Returns a value without entries.
    pub(super) fn plain(text: String, meaning: String) -> Self {
        Self {
            text,
            meaning,
            lines: None,
        }
    }
}

/// A field of a map in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BraceField {
    pub(super) key: String,
    /// As written, with its anchor or quotes.
    pub(super) text: String,
    pub(super) meaning: String,
}

impl OutlineValue {
    /// Returns what the value means: equal for values that are written differently.
    pub(super) fn meaning(&self) -> String {
        match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => leaf.meaning.clone(),
            Self::Block {
                is_list: true,
                entries,
                ..
            } => list_meaning(entries.iter().map(|entry| entry.value.meaning())),
            Self::Block { entries, .. } => map_meaning(
                entries
                    .iter()
                    .map(|entry| (entry.identity.clone(), entry.value.meaning())),
            ),
        }
    }

    /// Returns the entries on lines of their own, and whether they are a list. `None`: it has none, or
    /// cannot be written so.
    pub(super) fn lines(&self) -> Option<(bool, &Vec<OutlineEntry>)> {
        match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => {
                let lines = leaf.lines.as_ref()?;
                Some((lines.is_list, &lines.entries))
            }
            Self::Block {
                is_list, entries, ..
            } => Some((*is_list, entries)),
        }
    }

    /// Whether it is a map or list in brackets.
    pub(super) fn is_flow(&self) -> bool {
        match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => {
                leaf.text.trim_start().starts_with(['{', '['])
            }
            Self::Block { .. } => false,
        }
    }

    /// Returns the YAML on one line, for messages.
    pub(super) fn one_line(&self) -> String {
        let text = match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => leaf.text.clone(),
            Self::Block { .. } => self.meaning(),
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Returns the meaning of a list of these meanings.
pub(super) fn list_meaning(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// Returns the meaning of a map. The order of its fields has none.
pub(super) fn map_meaning(fields: impl Iterator<Item = (String, String)>) -> String {
    let mut fields: Vec<String> = fields
        .map(|(key, meaning)| format!("{key}: {meaning}"))
        .collect();
    fields.sort_unstable();
    format!("{{{}}}", fields.join(", "))
}

impl OutlineEntry {
    /// Writes the entry at this column. `is_inline` if it continues a line, as the first field
    /// behind a dash does.
    pub(super) fn write(&self, column: usize, is_inline: bool, out: &mut String) {
        if is_inline {
            // A comment that stood above the entry cannot stand above it here.
            let comment = self.lead.trim();
            if !comment.is_empty() {
                out.push_str(&shift_lines(comment, self.column, column));
                out.push('\n');
                out.push_str(&" ".repeat(column));
            }
        } else {
            out.push_str(&shift_lines(&self.lead, self.column, column));
            out.push_str(&" ".repeat(column));
        }
        out.push_str(&self.label);
        match &self.value {
            OutlineValue::Leaf(leaf) | OutlineValue::Braces { leaf, .. } => {
                out.push_str(&shift_rest(&leaf.text, self.column, column));
                out.push_str(&self.trail);
                out.push('\n');
            }
            OutlineValue::Block { head, entries, .. } => {
                self.write_block(column, head, entries, out);
            }
        }
    }

    fn write_block(&self, column: usize, head: &str, entries: &[Self], out: &mut String) {
        out.push_str(&shift_rest(head, self.column, column));
        let own_line = head.ends_with('\n');
        for (index, entry) in entries.iter().enumerate() {
            let inner = (entry.column + column).saturating_sub(self.column);
            entry.write(inner, index == 0 && !own_line, out);
        }
    }

    /// Returns the entry at another column, with everything in it.
    pub(super) fn moved_to(&self, column: usize) -> Self {
        let shift_all = |entries: &Vec<Self>| {
            let moved = entries
                .iter()
                .map(|inner| inner.moved_to((inner.column + column).saturating_sub(self.column)));
            moved.collect()
        };
        let shift = |leaf: &LeafValue| LeafValue {
            text: shift_rest(&leaf.text, self.column, column),
            meaning: leaf.meaning.clone(),
            lines: leaf.lines.as_ref().map(|lines| FlowLines {
                is_list: lines.is_list,
                entries: shift_all(&lines.entries),
            }),
        };
        let value = match &self.value {
            OutlineValue::Leaf(leaf) => OutlineValue::Leaf(shift(leaf)),
            OutlineValue::Braces { fields, leaf } => OutlineValue::Braces {
                fields: fields.clone(),
                leaf: shift(leaf),
            },
            OutlineValue::Block {
                is_list,
                head,
                entries,
            } => OutlineValue::Block {
                is_list: *is_list,
                head: shift_rest(head, self.column, column),
                entries: shift_all(entries),
            },
        };
        Self {
            lead: shift_lines(&self.lead, self.column, column),
            column,
            value,
            ..self.clone()
        }
    }

    /// Returns the text of the entry at the left margin, for comparisons.
    pub(super) fn bare_text(&self) -> String {
        let mut text = String::new();
        self.write(0, false, &mut text);
        text.trim().to_owned()
    }
}

/// Moves every line from one column to another. Lines that are further left than that stay at the
/// margin.
fn shift_lines(text: &str, from: usize, to: usize) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|line| shift_line(line, from, to)).collect()
}

/// As [`shift_lines`], but for the first line, which continues another.
fn shift_rest(text: &str, from: usize, to: usize) -> String {
    match text.split_once('\n') {
        Some((first, rest)) => format!("{first}\n{}", shift_lines(rest, from, to)),
        None => text.to_owned(),
    }
}

fn shift_line(line: &str, from: usize, to: usize) -> String {
    let content = line.trim_start_matches(' ');
    // Lines without content have no column.
    if from == to || content.trim().is_empty() {
        return line.to_owned();
    }
    let blanks = line.len() - content.len();
    format!(
        "{}{content}",
        " ".repeat((blanks + to).saturating_sub(from))
    )
}
