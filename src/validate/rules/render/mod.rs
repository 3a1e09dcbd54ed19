//! How frames are rendered.

mod frame_too_large;
mod over_budget;
mod passes_path;
mod unknown_engine;
mod unknown_pass;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    frame_too_large::RULE,
    over_budget::RULE,
    passes_path::RULE,
    unknown_engine::RULE,
    unknown_pass::RULE,
];
