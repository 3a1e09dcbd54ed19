//! Captions: there is speech, and its languages are known.

mod no_speech;
mod unknown_language;
mod untranslated;

use crate::validate::ValidationRule;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] =
    &[unknown_language::RULE, untranslated::RULE, no_speech::RULE];
