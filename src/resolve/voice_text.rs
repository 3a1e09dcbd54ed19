//! What a voice that is text, and names none, is likely to mean: a misspelt voice, a part of the
//! name of one, or words for people.

use super::voices::BUILT_IN_PROVIDERS;
use crate::base::suggestions::{certain_match, nearest_match};
use crate::model::sound::{
    espeak_language, espeak_voice_languages, is_language_tag, may_be_piper_voice, named_language,
};

/// Qualities of voices of Piper, the last part of their names.
const PIPER_QUALITIES: [&str; 4] = ["x_low", "low", "medium", "high"];

/// Variants of `espeak-ng` 1.51 that have a name of their own, in small letters and sorted, without
/// the number that some have. Those such as `f3` are known by their form.
#[rustfmt::skip]
const NAMED_VARIANTS: &[&str] = &[
    "adam", "alex", "alicia", "andrea", "andy", "anika", "anikarobot", "annie", "announcer",
    "antonio", "anxiousandy", "aunty", "belinda", "benjamin", "boris", "caleb", "croak", "david",
    "demonic", "denis", "diogo", "ed", "edward", "fast", "gene", "grandma", "grandpa", "gustave",
    "henrique", "hugo", "iven", "jacky", "john", "kaukovalta", "klatt", "lee", "linda", "marcelo",
    "marco", "mario", "max", "michael", "michel", "miguel", "mike", "mr serious", "nguyen",
    "norbert", "pablo", "paul", "pedro", "quincy", "ricishaymax", "rob", "robert", "robosoft",
    "sandro", "shelby", "steph", "storm", "travis", "tweaky", "unirobot", "victor", "whisper",
    "whisperf", "zac",
];

/// What a text that names no voice is likely to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum VoiceTextMeaning {
    /// A voice, misspelt or in part: another voice would speak without anybody knowing.
    Misspelt {
        /// What to write instead.
        help: String,
    },
    /// Words for people.
    FreeText {
        /// What to write for a word that a voice may be meant by. `None`: there is none.
        help: Option<String>,
    },
}

/// Returns what a text that names no voice is likely to mean. `language` is that of the production,
/// and `providers` are its own.
pub(super) fn voice_text_meaning<'a>(
    text: &str,
    language: &str,
    providers: impl Iterator<Item = &'a str>,
) -> VoiceTextMeaning {
    // From the most certain kind of mistake to the least.
    let help = provider_help(text, providers)
        .or_else(|| file_help(text))
        .or_else(|| piper_help(text))
        .or_else(|| variant_help(text, language))
        .or_else(|| espeak_help(text));
    match help {
        Some(help) => VoiceTextMeaning::Misspelt { help },
        None => VoiceTextMeaning::FreeText {
            help: known_word_help(text, language),
        },
    }
}

/// Returns the help for the name of a provider in place of the name of a voice.
fn provider_help<'a>(text: &str, own: impl Iterator<Item = &'a str>) -> Option<String> {
    let names: Vec<&str> = std::iter::once("espeak")
        .chain(BUILT_IN_PROVIDERS)
        .chain(own)
        .collect();
    let exact = names.iter().find(|name| name.eq_ignore_ascii_case(text));
    let name = exact.copied().or_else(|| certain_match(text, names))?;
    Some(match name {
        "murmur" => "did you mean `murmur`?".to_owned(),
        "piper" => "`piper` is a provider and has no voice of its own: write `voice: {provider: \
                    piper, voice: en_US-joe-medium}`"
            .to_owned(),
        "espeak" | "espeak-ng" => "`espeak-ng` is a provider: write one of its voices, such as \
                                   `en-gb+f3`, or `voice: {provider: espeak-ng}`"
            .to_owned(),
        own => format!("`{own}` is a provider: write `voice: {{provider: {own}}}`"),
    })
}

/// Returns the help for the path of a file that is almost a voice file.
fn file_help(text: &str) -> Option<String> {
    let (stem, extension) = text.rsplit_once('.')?;
    if extension.eq_ignore_ascii_case("json") && stem.ends_with(".onnx") {
        return Some(format!(
            "did you mean `{stem}`, the model that it describes?"
        ));
    }
    let is_near = nearest_match(extension, ["onnx"]).is_some() && !stem.is_empty();
    is_near.then(|| format!("did you mean `{stem}.onnx`?"))
}

/// Returns the help for a name that is almost one of Piper's, such as `en-us-joe-medium`.
fn piper_help(text: &str) -> Option<String> {
    let locale = text.get(..5)?;
    let rest = text.get(5..)?.strip_prefix('-')?;
    let [first, second, mark, third, fourth] = locale.as_bytes() else {
        return None;
    };
    let letters = [first, second, third, fourth];
    let is_locale = letters.iter().all(|letter| letter.is_ascii_alphabetic())
        && matches!(mark, b'_' | b'-')
        && !text.contains(char::is_whitespace);
    if !is_locale || rest.is_empty() {
        return None;
    }
    let locale = format!(
        "{}_{}",
        locale[..2].to_ascii_lowercase(),
        locale[3..].to_ascii_uppercase()
    );
    let fixed = rest.rsplit_once('-').and_then(|(speaker, quality)| {
        let quality = nearest_match(quality, PIPER_QUALITIES)?;
        Some(format!("{locale}-{speaker}-{quality}"))
    });
    match fixed.filter(|fixed| may_be_piper_voice(fixed)) {
        Some(fixed) => Some(format!("did you mean `{fixed}`?")),
        // With a hyphen it may be a language of `espeak-ng`.
        None => (*mark == b'_').then(|| {
            "the name of a voice of Piper ends with its quality, as in `en_US-joe-medium`: \
             `x_low`, `low`, `medium` or `high`"
                .to_owned()
        }),
    }
}

/// Returns the help for a variant of `espeak-ng` without its language, such as `f3`.
fn variant_help(text: &str, language: &str) -> Option<String> {
    let variant = text.strip_prefix('+').unwrap_or(text).trim();
    let digits = variant.strip_prefix(['f', 'm', 'F', 'M']);
    let is_numbered = digits.is_some_and(|digits| {
        (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    });
    let is_variant = is_numbered || (text.starts_with('+') && !variant.is_empty());
    is_variant.then(|| whole_voice_help(variant, language))
}

fn whole_voice_help(variant: &str, language: &str) -> String {
    let spoken = espeak_language(language).unwrap_or("en-us");
    format!("a variant of `espeak-ng` follows a language: write `{spoken}+{variant}`")
}

/// Returns the help for a name that is almost one of `espeak-ng`'s, such as `en_GB+f3`.
fn espeak_help(text: &str) -> Option<String> {
    let (language, variant) = match text.split_once('+') {
        Some((language, variant)) => (language.trim(), Some(variant.trim())),
        None => (text, None),
    };
    if language.is_empty() || language.contains(char::is_whitespace) {
        return None;
    }
    let spelt = language.to_ascii_lowercase().replace('_', "-");
    let near = near_language(&spelt);
    match (near, variant) {
        (Some(near), Some(variant)) => Some(format!("did you mean `{near}+{variant}`?")),
        // A short word alone is near to some language by chance.
        (Some(near), None) if spelt.contains('-') || espeak_language(&spelt).is_some() => {
            Some(format!("did you mean `{near}`?"))
        }
        (None, Some(_)) if !text.contains(char::is_whitespace) => Some(
            "a voice of `espeak-ng` is a language, with a variant behind `+` or without one: \
             `en-gb+f3`"
                .to_owned(),
        ),
        _ => None,
    }
}

/// Returns the language of `espeak-ng` that a tag in small letters is likely to mean.
fn near_language(spelt: &str) -> Option<&'static str> {
    // The country that is not called so in any tag, and is written most often.
    if spelt == "en-uk" {
        return Some("en-gb");
    }
    let known = || espeak_voice_languages().chain(["en"]);
    let exact = known().find(|known| *known == spelt);
    let wider = || espeak_language(spelt).filter(|_| is_language_tag(spelt));
    // A language without a region is known by another name, and one edit away from many.
    if !spelt.contains('-')
        && let Some(wider) = wider()
    {
        return exact.or(Some(wider));
    }
    exact
        .or_else(|| nearest_match(spelt, known()))
        .or_else(wider)
}

/// Returns the help for a word that may be meant for people or as a voice.
fn known_word_help(text: &str, language: &str) -> Option<String> {
    if let Some(spoken) = named_language(text).and_then(espeak_language) {
        return Some(format!("for a voice that speaks it, write `{spoken}`"));
    }
    let lower = text.to_lowercase();
    let stem = lower.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_variant = NAMED_VARIANTS.contains(&stem);
    is_variant.then(|| whole_voice_help(text, language))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(text: &str) -> VoiceTextMeaning {
        voice_text_meaning(text, "en-GB", ["parrot"].into_iter())
    }

    #[test]
    fn a_text_that_is_almost_a_voice_is_misspelt_and_the_help_names_the_voice() {
        for (text, meant) in [
            ("en-bg+f3", "did you mean `en-gb+f3`?"),
            ("en_GB+f3", "did you mean `en-gb+f3`?"),
            ("en-uk", "did you mean `en-gb`?"),
            ("en_US", "did you mean `en-us`?"),
            ("de-AT", "did you mean `de`?"),
            ("fr", "did you mean `fr-fr`?"),
            ("xyzzy+f3", "`en-gb+f3`"),
            ("f3", "write `en-gb+f3`"),
            ("+croak", "write `en-gb+croak`"),
            ("piper", "{provider: piper, voice: en_US-joe-medium}"),
            ("Pipper", "{provider: piper"),
            ("espeak", "such as `en-gb+f3`"),
            ("Murmur", "did you mean `murmur`?"),
            ("parrot", "write `voice: {provider: parrot}`"),
            ("en_us-joe-medium", "did you mean `en_US-joe-medium`?"),
            ("en-US-joe-meduim", "did you mean `en_US-joe-medium`?"),
            ("en_US-joe", "ends with its quality"),
            ("voices/joe.onx", "did you mean `voices/joe.onnx`?"),
            ("joe.onnx.json", "did you mean `joe.onnx`"),
        ] {
            let VoiceTextMeaning::Misspelt { help } = meaning(text) else {
                panic!("{text} is free text");
            };
            assert!(help.contains(meant), "{text}: {help}");
        }
    }

    #[test]
    fn words_for_people_are_no_voices_and_a_known_one_has_a_help() {
        for text in [
            "warm alto",
            "alto",
            "old",
            "low-key",
            "soft, a little hoarse",
            "alto + rasp",
            "",
            "St. John",
            "é",
            "deep/dark",
            "ひくい",
        ] {
            let free = VoiceTextMeaning::FreeText { help: None };
            assert_eq!(meaning(text), free, "{text}");
        }
        for (text, written) in [
            ("Alicia", "`en-gb+Alicia`"),
            ("whisper", "`en-gb+whisper`"),
            ("German", "`de`"),
        ] {
            let VoiceTextMeaning::FreeText { help: Some(help) } = meaning(text) else {
                panic!("{text} has no help");
            };
            assert!(help.contains(written), "{text}: {help}");
        }
    }

    #[test]
    fn variants_are_sorted_and_in_small_letters() {
        assert!(NAMED_VARIANTS.is_sorted());
        let lower = |name: &&str| **name == name.to_lowercase();
        assert!(NAMED_VARIANTS.iter().all(lower));
    }
}
