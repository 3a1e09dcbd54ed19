//! The names of sounds that a document can use and that are no presets: effects, ambiences, rooms,
//! and the voices of the speech engines that are installed.

use crate::media::speech_voices::{espeak_voices, piper_voices};
use crate::model::sound::{
    AMBIENCE_NAMES, EFFECT_NAMES, NamedSound, ROOM_NAMES, may_be_espeak_voice,
};
use std::ffi::OsStr;

/// The kinds of names, each with what it lists.
pub(super) const SOUND_KINDS: [(&str, &str); 4] = [
    ("effects", "sounds for `effects` of a shot"),
    ("ambience", "sounds for `ambience` of a location"),
    ("rooms", "reverberation for `room` of a location"),
    ("voices", "voices of the speech engines that are installed"),
];

/// A name of a document about sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SoundName {
    pub(super) name: String,
    /// What it is, in a few words.
    pub(super) about: String,
}

/// Returns the names of a kind. `None`: it is another kind. Voices come from the engines on
/// `search_path`, and are empty without any.
pub(super) fn sound_names(kind: &str, search_path: &OsStr) -> Option<Vec<SoundName>> {
    let named = |sounds: &mut dyn Iterator<Item = &NamedSound>| {
        sounds
            .map(|sound| SoundName {
                name: sound.name.to_owned(),
                about: sound.description.to_owned(),
            })
            .collect()
    };
    match kind {
        "effects" => Some(named(&mut EFFECT_NAMES.iter())),
        "ambience" => Some(named(&mut AMBIENCE_NAMES.iter())),
        "rooms" => Some(named(&mut ROOM_NAMES.iter().map(|(_, room)| room))),
        "voices" => Some(installed_voices(search_path)),
        _ => None,
    }
}

/// Returns the voices of `espeak-ng`, languages before variants, and those of Piper.
fn installed_voices(search_path: &OsStr) -> Vec<SoundName> {
    // An engine that is missing or fails has no voices here. `doctor` says why.
    let espeak = espeak_voices(search_path).unwrap_or_default();
    let (languages, variants): (Vec<String>, Vec<String>) = espeak
        .into_iter()
        .partition(|name| may_be_espeak_voice(name));
    let english = languages.iter().find(|name| *name == "en-us");
    let first = english.or(languages.first()).cloned().unwrap_or_default();
    let described = |name: String, about: String| SoundName { name, about };
    let mut voices: Vec<SoundName> = languages
        .into_iter()
        .map(|name| described(name, "a language of espeak-ng".to_owned()))
        .collect();
    voices.extend(variants.into_iter().map(|name| {
        let about = format!("a variant of espeak-ng, behind a language: {first}+{name}");
        described(name, about)
    }));
    let piper = piper_voices(search_path).unwrap_or_default();
    let piper = piper.into_iter();
    voices.extend(piper.map(|name| described(name, "a voice of piper".to_owned())));
    voices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_listed_and_only_voices_need_a_program() {
        let nowhere = OsStr::new("");
        for (kind, _) in SOUND_KINDS {
            let names = sound_names(kind, nowhere).unwrap();
            assert_eq!(names.is_empty(), kind == "voices", "{kind}");
        }
        assert_eq!(sound_names("shots", nowhere), None);
    }
}
