//! Which character a speaker of a script means.

use super::production::Character;
use crate::base::name_form::script_name_form;
use std::collections::{HashMap, HashSet};

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

/// The characters of a production by the names that a script may have for them. Where two share a
/// name, it means the first.
#[derive(Debug, Default)]
pub struct CastIndex<'a> {
    by_name: HashMap<&'a str, usize>,
    by_script_name: HashMap<String, usize>,
}

impl<'a> CastIndex<'a> {
    /// Returns the index of these characters.
    #[must_use]
    pub fn new(characters: &'a [Character]) -> Self {
        let mut index = Self::default();
        for (at, character) in characters.iter().enumerate() {
            index.by_name.entry(&character.name.value).or_insert(at);
            for name in script_names(character) {
                index.by_script_name.entry(name).or_insert(at);
            }
        }
        index
    }

    /// Returns the place in the list of the character whom a speaker means: the one of exactly this
    /// name, else one who answers to it.
    #[must_use]
    pub fn find_character(&self, speaker: &str) -> Option<usize> {
        let bare = bare_speaker_name(speaker);
        let by_name = self.by_name.get(bare);
        let found = by_name.or_else(|| self.by_script_name.get(&script_name_form(bare)));
        found.copied()
    }
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
