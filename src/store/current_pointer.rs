//! The pointer of the store to the revision that is published.

use super::outside_names::outside_revision;
use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use serde::{Deserialize, Serialize};

/// The pointer to the published revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CurrentPointer {
    pub(super) revision: String,
    /// The digest of its manifest.
    pub(super) manifest: Digest,
}

impl CurrentPointer {
    /// Reads the pointer. `None`: there is none, or it cannot be read.
    pub(super) fn load(layout: &StoreLayout) -> Option<Self> {
        let bytes = layout
            .disk()
            .read_bytes(&layout.current_pointer_path())
            .ok()?;
        let pointer: Self = serde_json::from_slice(&bytes).ok()?;
        // The name becomes part of paths, and a store may come from somebody else.
        outside_revision(&pointer.revision)
            .is_none()
            .then_some(pointer)
    }

    /// Makes this the pointer of the store.
    pub(super) fn save(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        layout.replace_file(
            &layout.current_pointer_path(),
            to_pretty_json(self).as_bytes(),
        )
    }
}
