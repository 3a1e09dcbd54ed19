//! Sprite sheets.

mod bad_cell;
mod large_sheet;
mod no_model;
mod other_engine;
mod unknown_clip;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    no_model::RULE,
    unknown_clip::RULE,
    bad_cell::RULE,
    large_sheet::RULE,
    other_engine::RULE,
];
