//! Trees that come from other text than YAML, put together by hand.

use super::nodes::{Kind, NodeId, Text, Tree, index};
use crate::base::{FileId, FileSpan};
use std::sync::Arc;

impl Tree {
    /// Returns a tree without nodes.
    pub(in crate::document) fn empty(file: FileId, source: Arc<str>) -> Self {
        Self {
            file,
            source,
            nodes: Vec::new(),
            children: Vec::new(),
            texts: Vec::new(),
            root: None,
        }
    }

    /// Adds a scalar that stands in the file as it is.
    pub(in crate::document) fn add_slice(&mut self, origin: FileSpan) -> NodeId {
        self.add(
            origin,
            Kind::Scalar {
                text: Text::Slice(origin.start, origin.end),
                plain: true,
            },
        )
    }

    /// Adds a scalar whose text differs from the bytes at `origin`.
    pub(in crate::document) fn add_text(&mut self, origin: FileSpan, text: &str) -> NodeId {
        let text = self.keep(text.into());
        self.add(origin, Kind::Scalar { text, plain: true })
    }

    pub(in crate::document) fn add_list(&mut self, origin: FileSpan, items: &[NodeId]) -> NodeId {
        let (first, count) = self.adopt(items);
        self.add(origin, Kind::List { first, count })
    }

    /// Adds a map of `children`: key, value, key, value.
    pub(in crate::document) fn add_map(&mut self, origin: FileSpan, children: &[NodeId]) -> NodeId {
        let (first, count) = self.adopt(children);
        self.add(origin, Kind::Map { first, count })
    }

    pub(in crate::document) fn set_root(&mut self, root: NodeId) {
        self.root = Some(root);
    }

    pub(super) fn adopt(&mut self, children: &[NodeId]) -> (u32, u32) {
        let first = index(self.children.len());
        self.children.extend_from_slice(children);
        (first, index(children.len()))
    }
}
