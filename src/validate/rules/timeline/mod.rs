//! Frames and scene numbers over all shots.

mod duration_mismatch;
mod empty_frames;
mod frame_gap;
mod frame_overlap;
mod scene_gap;
mod scene_order;
mod very_long;
mod very_short;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    duration_mismatch::RULE,
    empty_frames::RULE,
    frame_gap::RULE,
    frame_overlap::RULE,
    scene_gap::RULE,
    scene_order::RULE,
    very_long::RULE,
    very_short::RULE,
];
