//! Files that the document names.

mod empty;
mod is_folder;
mod missing;
mod outside_project;
mod refused;
mod truncated;
mod unreadable_kind;
mod unreadable_model;
mod unreadable_picture;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    empty::RULE,
    is_folder::RULE,
    missing::RULE,
    outside_project::RULE,
    refused::RULE,
    truncated::RULE,
    unreadable_kind::RULE,
    unreadable_model::RULE,
    unreadable_picture::RULE,
];
