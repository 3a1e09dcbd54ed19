//! Builds trees from text that is not YAML, such as tables.

use super::nodes::{NodeId, ScalarRef, ScalarStorage, SpanNodeKind, SpanTree, to_index};
use crate::base::{FileId, FileSpan};
use std::sync::Arc;

impl SpanTree {
    /// Returns a tree without nodes.
    pub(in crate::document) fn new_empty(file: FileId, source: Arc<str>) -> Self {
        Self {
            file,
            source,
            nodes: Vec::new(),
            children: Vec::new(),
            texts: Vec::new(),
            root: None,
            may_repeat_keys: true,
        }
    }

    /// Adds a scalar whose text is the bytes at `origin`.
    pub(in crate::document) fn add_slice(&mut self, origin: FileSpan) -> NodeId {
        let storage = ScalarStorage::Slice(origin.start, origin.end);
        let scalar = ScalarRef {
            text: self.scalar_text(storage),
            plain: true,
        };
        self.add_node(origin, SpanNodeKind::scalar(scalar, storage))
    }

    /// Adds a scalar whose text differs from the bytes at `origin`.
    pub(in crate::document) fn add_text(&mut self, origin: FileSpan, text: &str) -> NodeId {
        let storage = self.store_text(text.into());
        // A cell has no quotes in YAML's sense: `24` is a number if its field wants one.
        let scalar = ScalarRef { text, plain: true };
        self.add_node(origin, SpanNodeKind::scalar(scalar, storage))
    }

    pub(in crate::document) fn add_list(&mut self, origin: FileSpan, items: &[NodeId]) -> NodeId {
        let (first, count) = self.add_children(items);
        self.add_node(origin, SpanNodeKind::List { first, count })
    }

    /// Adds a map of `children`: key, value, key, value.
    pub(in crate::document) fn add_map(&mut self, origin: FileSpan, children: &[NodeId]) -> NodeId {
        let (first, count) = self.add_children(children);
        self.add_node(origin, SpanNodeKind::Map { first, count })
    }

    pub(in crate::document) fn set_root(&mut self, root: NodeId) {
        self.root = Some(root);
    }

    pub(super) fn add_children(&mut self, children: &[NodeId]) -> (u32, u32) {
        let first = to_index(self.children.len());
        self.children.extend_from_slice(children);
        (first, to_index(children.len()))
    }
}
