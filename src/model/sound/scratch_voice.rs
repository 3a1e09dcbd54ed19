//! The voices of characters to whom the document gives none.
//!
//! Chosen by the name of the character alone, so that a voice stays the same for ever: not by the
//! order in the file, nor by who else speaks.

use super::voice::{SpeechEngine, Voice};
use super::voice_language::espeak_language;
use crate::base::seeded_random::SeededRandom;

/// Words a minute of a voice whose rate is not written: the pace of film dialogue, from which
/// screenplays are timed.
pub const USUAL_WORDS_PER_MINUTE: u32 = 150;

/// Variants of `espeak-ng` that differ clearly and speak clearly. Those with names are left out:
/// another version may not have them.
const VARIANTS: [&str; 12] = [
    "m1", "f1", "m2", "f2", "m3", "f3", "m4", "f4", "m5", "f5", "m6", "m7",
];
/// Semitones by which the voices of one variant differ.
const PITCHES: [f32; 7] = [0.0, -2.0, 2.0, -1.0, 1.0, -3.0, 3.0];
/// Words a minute that are added.
const PACES: [u32; 5] = [0, 6, 12, 18, 24];

/// Returns the voice of a character without one. `language` is as in BCP 47.
#[must_use]
pub fn scratch_voice(name: &str, language: &str) -> Voice {
    let number = SeededRandom::seed_from_name(name);
    let choice = |options: usize, divisor: u64| {
        usize::try_from(number / divisor % options as u64).unwrap_or_default()
    };
    let variant = VARIANTS[choice(VARIANTS.len(), 1)];
    let spoken = espeak_language(language).unwrap_or("en-us");
    Voice {
        engine: SpeechEngine::EspeakNg,
        name: format!("{spoken}+{variant}"),
        language: language.to_owned(),
        words_per_minute: USUAL_WORDS_PER_MINUTE + PACES[choice(PACES.len(), 1 << 8)],
        pitch: PITCHES[choice(PITCHES.len(), 1 << 16)],
        gain: 0.0,
    }
}

/// Returns the voice of a narrator without one: the engine's own, at the usual pace.
#[must_use]
pub fn narrator_voice(language: &str) -> Voice {
    Voice {
        engine: SpeechEngine::EspeakNg,
        name: espeak_language(language).unwrap_or("en-us").to_owned(),
        language: language.to_owned(),
        words_per_minute: USUAL_WORDS_PER_MINUTE,
        pitch: 0.0,
        gain: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_voices_of_names_are_the_same_for_ever() {
        // A change here speaks every film of every user anew.
        let voices = ["mara", "ilya", "keeper"].map(|name| {
            let voice = scratch_voice(name, "en");
            (voice.name, voice.words_per_minute, voice.pitch)
        });
        insta::assert_debug_snapshot!(voices);
    }

    #[test]
    fn most_characters_of_a_cast_differ() {
        let names: Vec<String> = (0..20).map(|number| format!("guest_{number}")).collect();
        let mut voices: Vec<String> = names
            .iter()
            .map(|name| format!("{:?}", scratch_voice(name, "en")))
            .collect();
        voices.sort();
        voices.dedup();
        assert!(voices.len() >= 18, "{voices:#?}");
    }

    proptest! {
        #[test]
        fn the_name_alone_chooses_the_voice(
            cast in proptest::collection::vec("[a-z]{1,8}", 1..8),
            seed in any::<u64>(),
        ) {
            let voices: Vec<Voice> = cast.iter().map(|name| scratch_voice(name, "de-CH")).collect();
            let mut shuffled: Vec<(usize, &String)> = cast.iter().enumerate().collect();
            shuffled.sort_by_key(|(index, _)| (*index as u64).wrapping_mul(seed | 1));
            for (index, name) in shuffled {
                prop_assert_eq!(&voices[index], &scratch_voice(name, "de-CH"));
                prop_assert!(voices[index].name.starts_with("de+"));
            }
        }
    }
}
