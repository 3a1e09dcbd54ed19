//! The rules, one a file, in the order of `production explain --list`.
//!
//! `rules/<area>/<rule>.rs` has the rule with the code `production::<area>::<rule>` and its test. A
//! test in this folder keeps files, tables and codes in step.

mod captions;
mod characters;
mod edit;
mod exports;
mod files;
mod footage;
mod graphics;
mod locations;
mod meta;
mod outputs;
mod props;
mod render;
pub(super) mod rule_bases;
mod script;
mod shots;
mod sound;
mod sprites;
#[cfg(test)]
mod tests;
mod timeline;
mod titles;
mod tools;

use super::rule::ValidationRule;

/// Every rule, by area.
// Written out, not collected by a macro or at link time: the order is part of the documentation,
// and a reader finds every area here.
pub static RULES_BY_AREA: [&[ValidationRule]; 19] = [
    meta::RULES,
    render::RULES,
    characters::RULES,
    locations::RULES,
    props::RULES,
    files::RULES,
    script::RULES,
    shots::RULES,
    footage::RULES,
    timeline::RULES,
    sound::RULES,
    titles::RULES,
    graphics::RULES,
    edit::RULES,
    outputs::RULES,
    exports::RULES,
    captions::RULES,
    sprites::RULES,
    tools::RULES,
];

/// Returns every rule, in order.
pub fn all_rules() -> impl Iterator<Item = &'static ValidationRule> {
    RULES_BY_AREA.into_iter().flatten()
}
