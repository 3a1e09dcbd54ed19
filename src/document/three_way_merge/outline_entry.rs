//! The parts of an outline: entries with their texts, and values with their meaning.

/// A field of a map, or an item of a list, with the text that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OutlineEntry {
    /// What it is found by among its siblings: the key of a field; of an item, its name or what it
    /// is about, which others may be about too.
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
        /// The text from the label to the first entry. It ends with a line break, or with the
        /// blanks of `- key:`.
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

    /// Returns the anchor and the tag in front of the value, as written.
    pub(super) fn properties(&self) -> &str {
        leading_properties(&self.text)
    }
}

/// Returns the anchor and the tag that a text begins with.
fn leading_properties(text: &str) -> &str {
    let text = text.trim_start_matches(' ');
    let mut end = 0;
    // Both may be there, in either order.
    for word in text.split_inclusive([' ', '\n']) {
        if !word.starts_with(['&', '!']) {
            break;
        }
        end += word.len();
    }
    text.get(..end).unwrap_or_default().trim_end()
}

/// Whether a text may have an anchor. One that only looks so counts too.
fn has_anchor_mark(text: Option<&str>) -> bool {
    let mut words = text.unwrap_or_default().split([' ', ',', '[', '{', '\n']);
    // Too many are found, such as one in a quoted text. To keep a value that could go is harmless;
    // to lose an anchor makes a document that cannot be read.
    words.any(|word| word.starts_with('&') && word.len() > 1)
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

    /// Returns what a field of a map means.
    pub(super) fn field_meaning(&self, key: &str) -> Option<String> {
        let is_field = |entry: &&OutlineEntry| entry.identity == key;
        match self {
            Self::Braces { fields, .. } => {
                let field = fields.iter().find(|field| field.key == key)?;
                Some(field.meaning.clone())
            }
            Self::Block {
                is_list: false,
                entries,
                ..
            } => Some(entries.iter().find(is_field)?.value.meaning()),
            Self::Leaf(LeafValue {
                lines:
                    Some(FlowLines {
                        is_list: false,
                        entries,
                    }),
                ..
            }) => Some(entries.iter().find(is_field)?.value.meaning()),
            Self::Leaf(_) | Self::Block { .. } => None,
        }
    }

    /// Returns the anchor and the tag in front of the value, as written. Empty: there are none.
    pub(super) fn properties(&self) -> &str {
        match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => leaf.properties(),
            Self::Block { head, .. } => leading_properties(head),
        }
    }

    /// Returns the value behind this anchor or tag. One that has its own keeps it.
    pub(super) fn with_properties(mut self, properties: &str) -> Self {
        // A value cannot have two anchors.
        if properties.is_empty() || !self.properties().is_empty() {
            return self;
        }
        match &mut self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => {
                leaf.text = format!(" {properties}{}", leaf.text);
            }
            Self::Block { head, .. } => {
                // Entries do not continue the line of an anchor.
                let rest = if head.ends_with('\n') {
                    head.as_str()
                } else {
                    "\n"
                };
                *head = format!(" {properties}{rest}");
            }
        }
        self
    }

    /// Whether there is an anchor inside of the value, behind its own.
    pub(super) fn has_inner_anchor(&self) -> bool {
        match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => {
                has_anchor_mark(leaf.text.trim_start().strip_prefix(leaf.properties()))
            }
            Self::Block { entries, .. } => entries.iter().any(OutlineEntry::has_anchor),
        }
    }

    /// Returns the entries on lines of their own, and whether they are a list. `None`: it has none,
    /// or cannot be written so.
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
                let text = leaf.text.trim_start();
                let text = text.strip_prefix(leaf.properties()).unwrap_or(text);
                text.trim_start().starts_with(['{', '['])
            }
            Self::Block { .. } => false,
        }
    }

    /// Returns the YAML on one line, for messages.
    pub(super) fn one_line(&self) -> String {
        let text = match self {
            Self::Leaf(leaf) | Self::Braces { leaf, .. } => leaf.text.clone(),
            // Lines cannot be shown in one, so the meaning is.
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
    // Sorted, so that a person who orders fields differently has changed nothing.
    fields.sort_unstable();
    format!("{{{}}}", fields.join(", "))
}

impl OutlineEntry {
    /// Whether it is an item of a list. Otherwise it is a field of a map.
    pub(super) fn is_item(&self) -> bool {
        self.label == "-"
    }

    /// Whether the entry has an anchor.
    pub(super) fn has_anchor(&self) -> bool {
        self.value.properties().contains('&') || self.value.has_inner_anchor()
    }

    /// Returns the comments of the entry that the other does not have, in their order.
    pub(super) fn comments_beside(&self, other: &Self) -> Vec<String> {
        let (mut own, mut known) = (Vec::new(), Vec::new());
        self.collect_comments(&mut own);
        other.collect_comments(&mut known);
        // By text and not by place: a comment that moved with its entry is known.
        let new = own.into_iter().filter(|comment| !known.contains(comment));
        new.map(str::to_owned).collect()
    }

    /// Adds lines of comments above the entry.
    pub(super) fn add_comments(&mut self, comments: &[String]) {
        // At the column of the entry, so that the comment still looks like being about it.
        let blanks = " ".repeat(self.column);
        let lines = comments
            .iter()
            .map(|comment| format!("{blanks}{comment}\n"));
        self.lead = lines.collect::<String>() + &self.lead;
    }

    fn collect_comments<'e>(&'e self, comments: &mut Vec<&'e str>) {
        let mut add = |text: &'e str| {
            let lines = text
                .lines()
                .filter_map(|line| line.find('#').map(|at| &line[at..]));
            comments.extend(lines.map(str::trim_end));
        };
        add(&self.lead);
        add(&self.trail);
        let inner = match &self.value {
            OutlineValue::Leaf(leaf) | OutlineValue::Braces { leaf, .. } => {
                leaf.lines.as_ref().map(|lines| &lines.entries)
            }
            OutlineValue::Block { head, entries, .. } => {
                add(head);
                Some(entries)
            }
        };
        let inner = inner.into_iter().flatten();
        inner.for_each(|entry| entry.collect_comments(comments));
    }

    /// Writes the entry at this column. `is_inline` if it continues a line, as the first field
    /// behind a dash does.
    pub(super) fn write(&self, column: usize, is_inline: bool, out: &mut String) {
        // The first field behind a dash has no line of its own.
        if is_inline {
            // A comment above the entry cannot be above it here.
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
            // The indentation of the person stays, relative to the entry.
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
