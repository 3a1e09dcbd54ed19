//! The script against the rest of the document.

mod foreign_kind;
mod no_scenes;
mod rushed_words;
mod sparse_words;
mod uncast_speaker;
mod unmatched_scene;
mod unseen_speaker;
mod unshot_scene;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    foreign_kind::RULE,
    no_scenes::RULE,
    rushed_words::RULE,
    sparse_words::RULE,
    uncast_speaker::RULE,
    unmatched_scene::RULE,
    unseen_speaker::RULE,
    unshot_scene::RULE,
];
