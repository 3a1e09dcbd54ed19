//! Sizes that a picture may have.

use crate::model::Size;

/// Most pixels across or down; beyond it H.264 and H.265 encoders refuse.
pub(super) const LARGEST: u32 = 16_384;

/// Returns whether a picture of this size can be made at all.
pub(super) fn is_drawable(size: Size) -> bool {
    [size.width, size.height].into_iter().all(|side| (1..=LARGEST).contains(&side))
}
