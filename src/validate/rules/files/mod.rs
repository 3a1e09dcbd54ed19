//! Files that the document names.

mod empty;
mod is_folder;
mod missing;
mod nothing_drawn;
mod outside_project;
mod partly_drawn;
mod refused;
mod truncated;
mod unknown_variant;
mod unlikely_size;
mod unreadable_kind;
mod unreadable_model;
mod unreadable_picture;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    empty::RULE,
    is_folder::RULE,
    missing::RULE,
    nothing_drawn::RULE,
    outside_project::RULE,
    partly_drawn::RULE,
    refused::RULE,
    truncated::RULE,
    unknown_variant::RULE,
    unlikely_size::RULE,
    unreadable_kind::RULE,
    unreadable_model::RULE,
    unreadable_picture::RULE,
];
