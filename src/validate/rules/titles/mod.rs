//! Titles, credits and marks of outputs.

mod beyond_end;
mod covered;
mod empty_text;
mod late_title;
mod missing_character;
mod too_long;
mod unset_fact;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    missing_character::RULE,
    empty_text::RULE,
    late_title::RULE,
    beyond_end::RULE,
    unset_fact::RULE,
    too_long::RULE,
    covered::RULE,
];
