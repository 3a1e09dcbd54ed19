//! Which character a speaker of a script means.

use super::production::Character;
use crate::base::name_form::script_name_form;
use std::collections::HashSet;

/// The name under which a script lets somebody speak who is no character: the narrator.
pub const NARRATOR: &str = "NARRATOR";

/// Returns whether a speaker's name, as written in the script, means this character.
#[must_use]
pub fn answers_to(character: &Character, speaker: &str) -> bool {
    let name = script_name_form(bare_speaker_name(speaker));
    answers_to_any(character, &HashSet::from([name]))
}

/// Returns whether one of these names means this character. They are bare, in the
/// form in which they are compared.
#[must_use]
pub fn answers_to_any(character: &Character, speakers: &HashSet<String>) -> bool {
    script_names(character)
        .iter()
        .any(|name| speakers.contains(name))
}

/// Returns the names that mean this character, in the form in which they are compared.
#[must_use]
pub fn script_names(character: &Character) -> [String; 3] {
    // Names in documents have no spaces, those in scripts do: `old_keeper` is OLD KEEPER.
    let spaced = character.name.value.replace(['_', '-'], " ");
    [&*character.script_name, &character.name.value, &spaced].map(script_name_form)
}

/// Returns the speaker without an extension such as `(V.O.)`.
#[must_use]
pub fn bare_speaker_name(speaker: &str) -> &str {
    speaker.split('(').next().unwrap_or_default().trim()
}

/// Returns whether the name is the narrator's.
#[must_use]
pub fn is_narrator(speaker: &str) -> bool {
    script_name_form(bare_speaker_name(speaker)) == NARRATOR
}
