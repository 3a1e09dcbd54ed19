//! Nodes and look-ups. Aliases are links, so a tree is never larger than its text.

use crate::base::work_counter::count_work;
use crate::base::{FileId, FileSpan};
use std::sync::Arc;

/// Index of a node in its [`SpanTree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

/// Where the text of a scalar is stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum ScalarStorage {
    /// In the file, byte for byte: first byte, and the byte after the last.
    Slice(u32, u32),
    /// In the tree, at this index: escapes, folding or line joins changed it.
    Stored(u32),
}

#[derive(Debug, Clone, Copy)]
pub(super) enum SpanNodeKind {
    /// A collection whose end was not read yet.
    Open,
    Scalar {
        text: ScalarStorage,
        plain: bool,
        /// Whether it is YAML's null. Stored, because several readers of every value need it.
        null: bool,
    },
    /// A run of children: `count` entries of `SpanTree::children` from `first`.
    List {
        first: u32,
        count: u32,
    },
    /// A run of children as in a list: key, value, key, value.
    Map {
        first: u32,
        count: u32,
    },
    Alias(NodeId),
    /// A mistake that was already reported.
    Broken,
}

/// One value. It is small, because a large file has millions of them. The file is stored once, in
/// the tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct SpanNode {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) kind: SpanNodeKind,
}

/// A scalar as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScalarRef<'t> {
    /// The text, escapes resolved.
    pub text: &'t str,
    /// Whether it was written without quotes or block marks. Only then can it be a number, boolean
    /// or null.
    pub plain: bool,
}

impl ScalarRef<'_> {
    /// Returns whether this is YAML's null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.plain && matches!(self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}

impl SpanNodeKind {
    /// Returns the kind of a scalar with this text, which is stored at `storage`.
    pub(super) fn scalar(scalar: ScalarRef<'_>, storage: ScalarStorage) -> Self {
        Self::Scalar {
            text: storage,
            plain: scalar.plain,
            null: scalar.is_null(),
        }
    }
}

/// What a node is, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueShape {
    /// Text, number, boolean.
    Scalar,
    /// Nothing was written.
    Null,
    /// A sequence.
    List,
    /// A mapping.
    Map,
    /// A mistake that was already reported.
    Broken,
}

/// One file as nodes with their places.
#[derive(Debug, Clone)]
pub struct SpanTree {
    pub(super) file: FileId,
    pub(super) source: Arc<str>,
    pub(super) nodes: Vec<SpanNode>,
    pub(super) children: Vec<NodeId>,
    /// Texts of scalars that differ from the bytes of the file.
    pub(super) texts: Vec<Box<str>>,
    pub(super) root: Option<NodeId>,
    /// Whether a map may have a key twice. A YAML file is searched for such keys when it is read.
    pub(super) may_repeat_keys: bool,
}

/// A scalar in the place of a value, before decoding.
#[derive(Debug, Clone, Copy)]
pub(in crate::document) struct WrittenScalar<'t> {
    /// The text, escapes resolved.
    pub(in crate::document) text: &'t str,
    /// Whether it was written without quotes or block marks.
    pub(in crate::document) plain: bool,
    /// Its bytes in the file.
    pub(in crate::document) origin: FileSpan,
    /// The text of those bytes, with quotes and escapes.
    pub(in crate::document) source: &'t str,
}

/// The result of rewriting a scalar.
pub(in crate::document) enum ScalarRewrite {
    /// This text, and whether it may be a number, boolean or null.
    Text(String, bool),
    /// No value: a mistake was reported.
    Broken,
}

impl SpanTree {
    /// Rewrites scalars that are values. Keys stay as written, and so do all places.
    pub(in crate::document) fn rewrite_scalars(
        &mut self,
        mut change: impl FnMut(WrittenScalar<'_>) -> Option<ScalarRewrite>,
    ) {
        // Changes are collected first, because `change` reads texts that the tree owns. Most files
        // have few.
        let mut changed = Vec::new();
        for node in &self.nodes {
            // Values are reached through their parents: a node does not know whether it is a key or
            // a value.
            let (first, count, every) = match node.kind {
                SpanNodeKind::Map { first, count } => (first + 1, count.saturating_sub(1), 2),
                SpanNodeKind::List { first, count } => (first, count, 1),
                _ => continue,
            };
            for child in self.child_slice(first, count).iter().step_by(every) {
                // An alias is no written scalar, so the value at an anchor is rewritten once.
                let Some(scalar) = self.written_scalar(*child) else {
                    continue;
                };
                changed.extend(change(scalar).map(|new| (*child, new)));
            }
        }
        for (node, new) in changed {
            self.nodes[node.0 as usize].kind = match new {
                ScalarRewrite::Text(text, plain) => {
                    let text: Box<str> = text.into();
                    let null = ScalarRef { text: &text, plain }.is_null();
                    let text = self.store_text(text);
                    SpanNodeKind::Scalar { text, plain, null }
                }
                ScalarRewrite::Broken => SpanNodeKind::Broken,
            };
        }
    }

    /// Returns the scalar that is written at this node itself, not behind an alias.
    pub(in crate::document) fn written_scalar(&self, node: NodeId) -> Option<WrittenScalar<'_>> {
        let SpanNode {
            start,
            end,
            kind: SpanNodeKind::Scalar { text, plain, .. },
        } = *self.node(node)
        else {
            return None;
        };
        let source = self
            .source
            .get(start as usize..end as usize)
            .unwrap_or_default();
        Some(WrittenScalar {
            text: self.scalar_text(text),
            plain,
            origin: self.origin(node),
            source,
        })
    }

    /// Returns whether a map may have a key twice.
    #[must_use]
    pub fn may_repeat_keys(&self) -> bool {
        self.may_repeat_keys
    }

    /// Returns the outermost node. None if the file has no value.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        self.root
    }

    /// Returns the file that the tree was read from.
    #[must_use]
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the number of nodes. An alias counts as one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether the file has no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the bytes of a scalar or alias. Of a list or map, only its first line, because a
    /// diagnostic that underlines a whole section hides the mistake.
    #[must_use]
    pub fn origin(&self, node: NodeId) -> FileSpan {
        let SpanNode { start, end, .. } = *self.node(node);
        FileSpan::new(self.file, start, end)
    }

    /// Returns the bytes of a node with all its content: of a list or map, from its first line to
    /// its last value or its closing bracket.
    #[must_use]
    pub fn full_origin(&self, node: NodeId) -> FileSpan {
        let own_origin = self.origin(node);
        let inner: &[NodeId] = match self.node(node).kind {
            SpanNodeKind::List { first, count } | SpanNodeKind::Map { first, count } => {
                self.child_slice(first, count)
            }
            _ => return own_origin,
        };
        // The node itself does not store its end, so the deepest last value is looked for. Only
        // edits of the text need it.
        let end = inner
            .iter()
            .map(|inner| self.full_origin(*inner).end)
            .fold(own_origin.start, u32::max);
        // A flow collection begins with its bracket. The node does not record its style, the text
        // does.
        let bracket = self
            .source
            .get(own_origin.start as usize..)
            .and_then(|text| text.chars().next());
        let end = match bracket {
            // The search starts after the last value, so brackets inside of values cannot end it.
            Some('[') => self.closing_bracket(end.max(own_origin.start + 1), ']'),
            Some('{') => self.closing_bracket(end.max(own_origin.start + 1), '}'),
            _ => end,
        };
        FileSpan { end, ..own_origin }
    }

    /// Returns the offset after the closing bracket, looked for from `from`, which is after the
    /// last value.
    fn closing_bracket(&self, from: u32, bracket: char) -> u32 {
        let mut comment = false;
        for (offset, c) in self
            .source
            .get(from as usize..)
            .unwrap_or_default()
            .char_indices()
        {
            match c {
                // Between the last value and the bracket there are only blanks, commas and
                // comments. A bracket in a comment does not count.
                '\n' => comment = false,
                '#' => comment = true,
                _ if c == bracket && !comment => return from.saturating_add(to_index(offset) + 1),
                _ => {}
            }
        }
        from
    }

    /// Returns the target of an alias, or the node itself.
    #[must_use]
    pub fn resolve_alias(&self, node: NodeId) -> NodeId {
        match self.node(node).kind {
            // One step is enough: the parser resolves an anchor to the node that defines it, and
            // YAML forbids an anchor on an alias.
            SpanNodeKind::Alias(target) => target,
            _ => node,
        }
    }

    /// Returns whether the node is an alias.
    #[must_use]
    pub fn is_alias(&self, node: NodeId) -> bool {
        matches!(self.node(node).kind, SpanNodeKind::Alias(_))
    }

    /// Returns the shape of the node, or of its target if it is an alias.
    #[must_use]
    pub fn shape(&self, node: NodeId) -> ValueShape {
        match self.node(self.resolve_alias(node)).kind {
            SpanNodeKind::Scalar { null: true, .. } => ValueShape::Null,
            SpanNodeKind::Scalar { .. } => ValueShape::Scalar,
            SpanNodeKind::List { .. } => ValueShape::List,
            SpanNodeKind::Map { .. } => ValueShape::Map,
            // An open node is only seen from inside of it, through a cycle that was reported.
            SpanNodeKind::Open | SpanNodeKind::Alias(_) | SpanNodeKind::Broken => {
                ValueShape::Broken
            }
        }
    }

    /// Returns the scalar, or that of its target if the node is an alias.
    #[must_use]
    pub fn scalar(&self, node: NodeId) -> Option<ScalarRef<'_>> {
        match self.node(self.resolve_alias(node)).kind {
            SpanNodeKind::Scalar { text, plain, .. } => Some(ScalarRef {
                text: self.scalar_text(text),
                plain,
            }),
            _ => None,
        }
    }

    /// Returns the scalar as [`SpanTree::scalar`] does, unless it is null.
    #[must_use]
    pub fn non_null_scalar(&self, node: NodeId) -> Option<ScalarRef<'_>> {
        match self.node(self.resolve_alias(node)).kind {
            SpanNodeKind::Scalar {
                text,
                plain,
                null: false,
            } => Some(ScalarRef {
                text: self.scalar_text(text),
                plain,
            }),
            _ => None,
        }
    }

    /// Returns the entries of a list. Aliases are followed.
    #[must_use]
    pub fn items(&self, node: NodeId) -> Option<&[NodeId]> {
        match self.node(self.resolve_alias(node)).kind {
            SpanNodeKind::List { first, count } => Some(self.child_slice(first, count)),
            _ => None,
        }
    }

    /// Returns the keys and values of a map. Aliases are followed. Merge keys are returned as
    /// written.
    pub fn pairs(&self, node: NodeId) -> Option<impl ExactSizeIterator<Item = (NodeId, NodeId)>> {
        match self.node(self.resolve_alias(node)).kind {
            SpanNodeKind::Map { first, count } => {
                Some(self.child_slice(first, count).chunks_exact(2).map(|pair| {
                    count_work(1);
                    (pair[0], pair[1])
                }))
            }
            _ => None,
        }
    }

    /// Returns the last pair of a map whose key begins at or before `start`. None if there is none,
    /// or if the node is no map.
    #[must_use]
    pub fn last_pair_before(&self, map: NodeId, start: u32) -> Option<(NodeId, NodeId)> {
        let SpanNodeKind::Map { first, count } = self.node(self.resolve_alias(map)).kind else {
            return None;
        };
        // Keys are in the order of the file. A map of a hundred thousand names has as many
        // findings, so the key is found by bisection.
        let (pairs, _) = self.child_slice(first, count).as_chunks::<2>();
        let after = pairs.partition_point(|[key, _]| {
            count_work(1);
            self.origin(*key).start <= start
        });
        let [key, value] = *pairs.get(after.checked_sub(1)?)?;
        Some((key, value))
    }

    /// Returns the first key of this text and its value. Merge keys are not applied.
    #[must_use]
    pub fn find_key(&self, map: NodeId, key: &str) -> Option<(NodeId, NodeId)> {
        // Maps of a document have few keys, so a search costs less than an index for each map.
        self.pairs(map)?.find(|(candidate, _)| {
            self.scalar(*candidate)
                .is_some_and(|scalar| scalar.text == key)
        })
    }

    /// Returns whether the byte at `offset` is part of a scalar, such as a `#` in a block of text.
    #[must_use]
    pub fn is_inside_scalar(&self, offset: u32) -> bool {
        // Nodes are added in the order in which they begin, so between the scalar and the offset
        // there can only be collections.
        let after = self.nodes.partition_point(|node| node.start <= offset);
        let last = self.nodes[..after]
            .iter()
            .rfind(|node| matches!(node.kind, SpanNodeKind::Scalar { .. }));
        last.is_some_and(|scalar| offset < scalar.end)
    }

    /// Puts a map with one key around the root, as if the file had been written so, and makes it
    /// the new root.
    pub(in crate::document) fn wrap_root(&mut self, key: &str) {
        let Some(root) = self.root else { return };
        let origin = self.origin(root);
        let first = to_index(self.children.len());
        // The key is not in the text. An empty span at the root keeps diagnostics about it in the
        // file.
        let empty = FileSpan {
            end: origin.start,
            ..origin
        };
        let text = self.store_text(key.into());
        let scalar = ScalarRef {
            text: key,
            plain: true,
        };
        let key = self.add_node(empty, SpanNodeKind::scalar(scalar, text));
        self.children.extend([key, root]);
        self.root = Some(self.add_node(origin, SpanNodeKind::Map { first, count: 2 }));
    }

    pub(super) fn add_node(&mut self, origin: FileSpan, kind: SpanNodeKind) -> NodeId {
        let id = NodeId(to_index(self.nodes.len()));
        self.nodes.push(SpanNode {
            start: origin.start,
            end: origin.end,
            kind,
        });
        id
    }

    /// Stores a text that differs from the bytes of the file.
    pub(super) fn store_text(&mut self, text: Box<str>) -> ScalarStorage {
        self.texts.push(text);
        ScalarStorage::Stored(to_index(self.texts.len() - 1))
    }

    pub(super) fn node(&self, node: NodeId) -> &SpanNode {
        &self.nodes[node.0 as usize]
    }

    pub(super) fn child_slice(&self, first: u32, count: u32) -> &[NodeId] {
        &self.children[first as usize..(first + count) as usize]
    }

    pub(super) fn scalar_text(&self, text: ScalarStorage) -> &str {
        match text {
            ScalarStorage::Slice(start, end) => &self.source[start as usize..end as usize],
            ScalarStorage::Stored(index) => &self.texts[index as usize],
        }
    }
}

pub(super) fn to_index(position: usize) -> u32 {
    u32::try_from(position).expect("the reader limits bytes and nodes of one file")
}
