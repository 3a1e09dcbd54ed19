//! The voices of characters to whom the document gives none.
//!
//! Chosen by the name of the character, so that a voice never changes with the order
//! in the file is. Who else speaks matters only where two would have one variant, or where the
//! variant does not suit the figure.

use super::voice::{SpeechEngine, Voice};
use super::voice_language::espeak_language;
use crate::base::seeded_random::SeededRandom;
use std::collections::BTreeSet;

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

/// Whose voice a figure has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FigureVoice {
    /// A woman's.
    Woman,
    /// A man's.
    Man,
}

/// A character without a voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CastSpeaker<'a> {
    /// The name of the character.
    pub name: &'a str,
    /// What the figure sounds like. `None`: nobody knows.
    pub figure: Option<FigureVoice>,
}

/// Returns the voices of a cast, each of another variant as long as there is one. `taken` are the
/// variants that others have, such as `f3`; those of the cast are added.
///
/// Who keeps the variant of the name, and who gets the next one, is decided by the names and not by
/// their order.
#[must_use]
pub fn cast_voices(
    cast: &[CastSpeaker<'_>],
    language: &str,
    taken: &mut BTreeSet<String>,
) -> Vec<Voice> {
    let mut order: Vec<usize> = (0..cast.len()).collect();
    order.sort_by_key(|index| {
        let name = cast[*index].name;
        (SeededRandom::seed_from_name(name), name)
    });
    let mut voices: Vec<Voice> = cast
        .iter()
        .map(|speaker| scratch_voice(speaker.name, language))
        .collect();
    for index in order {
        let variant = free_variant(&cast[index], taken);
        let voice = &mut voices[index];
        let spoken = voice.name.split('+').next().unwrap_or_default();
        voice.name = format!("{spoken}+{variant}");
        taken.insert(variant.to_owned());
    }
    voices
}

/// Returns the first variant from that of the name on that suits the figure and that nobody has. If
/// others have all, the first that suits.
fn free_variant(speaker: &CastSpeaker<'_>, taken: &BTreeSet<String>) -> &'static str {
    let first = SeededRandom::seed_from_name(speaker.name) % VARIANTS.len() as u64;
    let first = usize::try_from(first).unwrap_or_default();
    let fits = |variant: &&str| match speaker.figure {
        Some(FigureVoice::Woman) => variant.starts_with('f'),
        Some(FigureVoice::Man) => variant.starts_with('m'),
        None => true,
    };
    let (before, from) = VARIANTS.split_at(first);
    let mut suited = from.iter().chain(before).copied().filter(fits);
    let usual = suited.clone().next().unwrap_or(VARIANTS[0]);
    suited
        .find(|variant| !taken.contains(*variant))
        .unwrap_or(usual)
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

    fn variants(cast: &[(&str, Option<FigureVoice>)], taken: &[&str]) -> Vec<String> {
        let cast: Vec<CastSpeaker<'_>> = cast
            .iter()
            .map(|(name, figure)| CastSpeaker {
                name,
                figure: *figure,
            })
            .collect();
        let mut taken = taken.iter().map(|variant| (*variant).to_owned()).collect();
        let voices = cast_voices(&cast, "en", &mut taken);
        voices
            .iter()
            .map(|voice| voice.name.split_once('+').unwrap().1.to_owned())
            .collect()
    }

    #[test]
    fn nobody_of_a_cast_shares_a_variant_while_there_are_others() {
        let names: Vec<String> = (0..VARIANTS.len())
            .map(|at| format!("guest {at}"))
            .collect();
        let cast: Vec<_> = names.iter().map(|name| (name.as_str(), None)).collect();
        let found = variants(&cast, &[]);
        let distinct: BTreeSet<&String> = found.iter().collect();
        assert_eq!(distinct.len(), VARIANTS.len(), "{found:?}");
        // One alone has the variant of its name, and the order of the file changes nothing.
        let own = scratch_voice("guest 3", "en").name;
        assert_eq!(format!("en-us+{}", variants(&cast[3..4], &[])[0]), own);
        let mut turned = cast.clone();
        turned.reverse();
        let mut other = variants(&turned, &[]);
        other.reverse();
        assert_eq!(found, other);
    }

    #[test]
    fn a_variant_suits_the_figure_and_is_nobody_elses() {
        let (woman, man) = (Some(FigureVoice::Woman), Some(FigureVoice::Man));
        let cast = [
            ("ann", woman),
            ("bea", woman),
            ("carl", man),
            ("dan", man),
            ("eve", woman),
        ];
        let found = variants(&cast, &["f2", "m1"]);
        let letters: String = found.iter().map(|variant| &variant[..1]).collect();
        assert_eq!(letters, "ffmmf", "{found:?}");
        let distinct: BTreeSet<&String> = found.iter().collect();
        assert_eq!(distinct.len(), 5, "{found:?}");
        assert!(
            !found
                .iter()
                .any(|variant| ["f2", "m1"].contains(&variant.as_str()))
        );
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
