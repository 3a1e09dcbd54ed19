//! What the production is called, and by whom.

mod empty_title;
mod hidden_character;
mod no_author;
mod no_description;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    empty_title::RULE,
    hidden_character::RULE,
    no_author::RULE,
    no_description::RULE,
];
