//! Shots: who and what is in them, and where.

mod always_sharp;
mod character_twice;
mod crosses_line;
mod duplicate_name;
mod empty_name;
mod jump_cut;
mod location_differs;
mod no_location;
mod no_subject;
mod none;
mod shared_mark;
mod unknown_action;
mod unknown_camera;
mod unknown_character;
mod unknown_expression;
mod unknown_location;
mod unknown_prop;
mod unknown_scene;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    always_sharp::RULE,
    character_twice::RULE,
    crosses_line::RULE,
    duplicate_name::RULE,
    empty_name::RULE,
    jump_cut::RULE,
    location_differs::RULE,
    no_location::RULE,
    no_subject::RULE,
    none::RULE,
    shared_mark::RULE,
    unknown_action::RULE,
    unknown_camera::RULE,
    unknown_character::RULE,
    unknown_expression::RULE,
    unknown_location::RULE,
    unknown_prop::RULE,
    unknown_scene::RULE,
];
