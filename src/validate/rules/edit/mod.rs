//! The cut: transitions between shots.

mod nothing_beside;
mod overlap;
mod short_handles;
mod sides_disagree;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    nothing_beside::RULE,
    sides_disagree::RULE,
    overlap::RULE,
    short_handles::RULE,
];
