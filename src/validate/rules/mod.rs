//! The rules, one a file, in the order in which a reader would ask.
//!
//! `rules/<area>/<rule>.rs` holds the rule with code `production::<area>::<rule>`, and its test; a test here holds
//! files, tables and codes together.

mod characters;
mod files;
mod locations;
mod meta;
mod outputs;
mod props;
mod render;
mod script;
mod shots;
#[cfg(test)]
mod tests;
mod timeline;
mod tools;

use super::rule::ValidationRule;

/// Every rule, by area.
pub static RULES_BY_AREA: [&[ValidationRule]; 11] = [
    meta::RULES,
    render::RULES,
    characters::RULES,
    locations::RULES,
    props::RULES,
    files::RULES,
    script::RULES,
    shots::RULES,
    timeline::RULES,
    outputs::RULES,
    tools::RULES,
];

/// Returns every rule in order.
pub fn all_rules() -> impl Iterator<Item = &'static ValidationRule> {
    RULES_BY_AREA.into_iter().flatten()
}
