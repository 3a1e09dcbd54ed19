//! Deliverables.

mod bad_rate;
mod bad_size;
mod cropped;
mod distorted;
mod duplicate_name;
mod duplicate_path;
mod extension;
mod in_the_way;
mod inside_store;
mod no_path;
mod none;
mod not_ours;
mod odd_size;
mod overwrites_source;
mod path_outside_project;
mod protected_path;
mod retro_on_film;
mod uneven_rate;
mod unfit_container;
mod unusable_path;
mod unwritable;
mod upscaled;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    bad_rate::RULE,
    bad_size::RULE,
    cropped::RULE,
    distorted::RULE,
    duplicate_name::RULE,
    duplicate_path::RULE,
    extension::RULE,
    in_the_way::RULE,
    inside_store::RULE,
    no_path::RULE,
    none::RULE,
    not_ours::RULE,
    odd_size::RULE,
    overwrites_source::RULE,
    path_outside_project::RULE,
    protected_path::RULE,
    retro_on_film::RULE,
    uneven_rate::RULE,
    unfit_container::RULE,
    unusable_path::RULE,
    unwritable::RULE,
    upscaled::RULE,
];
