//! Titles, credits and marks of outputs.

mod beyond_end;
mod beyond_shot;
mod covered;
mod empty_text;
mod hurried;
mod hurried_credits;
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
    beyond_shot::RULE,
    hurried::RULE,
    hurried_credits::RULE,
    unset_fact::RULE,
    too_long::RULE,
    covered::RULE,
];
