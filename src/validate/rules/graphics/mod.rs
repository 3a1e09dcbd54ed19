//! Charts and cards over pictures.

mod bad_number;
mod low_contrast;
mod no_content;
mod outside_shot;
mod overlap;
mod too_long;
mod too_many;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    no_content::RULE,
    bad_number::RULE,
    too_many::RULE,
    outside_shot::RULE,
    overlap::RULE,
    low_contrast::RULE,
    too_long::RULE,
];
