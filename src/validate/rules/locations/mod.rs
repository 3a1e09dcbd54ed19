//! Locations, their light and their sets.

mod custom_setup_needs_blender;
mod duplicate_name;
mod empty_name;
mod hdri_kind;
mod none;
mod set_kind;
mod setup_kind;
mod undescribed;
mod unfit_set;
mod unused;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    custom_setup_needs_blender::RULE,
    duplicate_name::RULE,
    empty_name::RULE,
    hdri_kind::RULE,
    none::RULE,
    set_kind::RULE,
    setup_kind::RULE,
    undescribed::RULE,
    unfit_set::RULE,
    unused::RULE,
];
