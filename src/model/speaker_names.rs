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

/// Words that make a name that of a voice, such as `MAN'S VOICE`.
const VOICE_WORDS: [&str; 8] = [
    "VOICE", "VOICES", "STIMME", "STIMMEN", "VOIX", "VOZ", "VOCES", "VOCE",
];

/// What voices come from. Nobody is seen who is called so.
const VOICE_DEVICES: [&str; 20] = [
    "RADIO",
    "TELEPHONE",
    "PHONE",
    "TV",
    "TELEVISION",
    "LOUDSPEAKER",
    "SPEAKERPHONE",
    "INTERCOM",
    "TANNOY",
    "MEGAPHONE",
    "WALKIE TALKIE",
    "ANSWERING MACHINE",
    "VOICEMAIL",
    "RECORDING",
    "SATNAV",
    "GPS",
    "TELEFON",
    "FERNSEHER",
    "LAUTSPRECHER",
    "ANRUFBEANTWORTER",
];

/// Returns whether the name is that of a voice alone, such as `RADIO VOICE` or `PHONE`: who speaks is
/// not in the picture, whatever the cue says.
#[must_use]
pub fn is_voice_alone(speaker: &str) -> bool {
    let form = script_name_form(bare_speaker_name(speaker));
    let words: Vec<&str> = form
        .split(|c: char| !c.is_alphanumeric())
        // `RADIO 2` is one of several.
        .filter(|word| !word.is_empty() && !word.chars().all(char::is_numeric))
        .collect();
    let named = words.join(" ");
    let device = named.strip_prefix("THE ").unwrap_or(&named);
    words.iter().any(|word| VOICE_WORDS.contains(word)) || VOICE_DEVICES.contains(&device)
}

/// Returns whether the name is the narrator's.
#[must_use]
pub fn is_narrator(speaker: &str) -> bool {
    script_name_form(bare_speaker_name(speaker)) == NARRATOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voice_alone_differs_from_a_person_by_its_name() {
        for voice in [
            "RADIO VOICE",
            "MAN'S VOICE",
            "Woman’s Voice",
            "VOICE ON THE PHONE",
            "RADIO",
            "THE INTERCOM",
            "PHONE 2 (filtered)",
            "STIMME AUS DEM OFF",
        ] {
            assert!(is_voice_alone(voice), "{voice}");
        }
        for person in [
            "MARA",
            "RADIO HOST",
            "VOICEOVER ARTIST",
            "PHONE CLERK",
            "NARRATOR",
        ] {
            assert!(!is_voice_alone(person), "{person}");
        }
    }
}
