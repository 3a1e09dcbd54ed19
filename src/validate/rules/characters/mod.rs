//! Characters and their costumes.

mod bad_scene_range;
mod costume_overlap;
mod costume_restored;
mod costume_unworn;
mod duplicate_name;
mod duplicate_script_name;
mod empty_name;
mod model_kind;
mod model_missing;
mod no_costume;
mod unfit_model;
mod unused;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    bad_scene_range::RULE,
    costume_overlap::RULE,
    costume_restored::RULE,
    costume_unworn::RULE,
    duplicate_name::RULE,
    duplicate_script_name::RULE,
    empty_name::RULE,
    model_kind::RULE,
    model_missing::RULE,
    no_costume::RULE,
    unfit_model::RULE,
    unused::RULE,
];
