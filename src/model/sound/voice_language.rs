//! Languages of speech: tags of BCP 47, and what `espeak-ng` calls them.

/// The languages of `espeak-ng` 1.51, as its option `-v` takes them, sorted.
#[rustfmt::skip]
const ESPEAK_LANGUAGES: [&str; 130] = [
    "af", "am", "an", "ar", "as", "az", "ba", "be", "bg", "bn", "bpy", "bs", "ca",
    "chr-us-qaaa-x-west", "cmn", "cmn-latn-pinyin", "cs", "cv", "cy", "da", "de", "el", "en-029",
    "en-gb", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-gb-x-rp", "en-us",
    "en-us-nyc", "eo", "es", "es-419", "et", "eu", "fa", "fa-latn", "fi", "fr-be", "fr-ch",
    "fr-fr", "ga", "gd", "gn", "grc", "gu", "hak", "haw", "he", "hi", "hr", "ht", "hu", "hy",
    "hyw", "ia", "id", "io", "is", "it", "ja", "jbo", "ka", "kk", "kl", "kn", "ko", "kok", "ku",
    "ky", "la", "lb", "lfn", "lt", "ltg", "lv", "mi", "mk", "ml", "mr", "ms", "mt", "my", "nb",
    "nci", "ne", "nl", "nog", "om", "or", "pa", "pap", "piqd", "pl", "pt", "pt-br", "py", "qdb",
    "qu", "quc", "qya", "ro", "ru", "ru-lv", "sd", "shn", "si", "sjn", "sk", "sl", "smj", "sq",
    "sr", "sv", "sw", "ta", "te", "th", "tk", "tn", "tr", "tt", "ug", "uk", "ur", "uz", "vi",
    "vi-vn-x-central", "vi-vn-x-south", "yue",
];

/// Tags whose language has another name in `espeak-ng`, or one that must be chosen.
const OTHER_NAMES: [(&str, &str); 9] = [
    ("en", "en-us"),
    ("en-au", "en-gb"),
    ("en-ie", "en-gb"),
    ("en-nz", "en-gb"),
    ("fr", "fr-fr"),
    ("no", "nb"),
    ("zh", "cmn"),
    ("zh-hk", "yue"),
    ("es-mx", "es-419"),
];

/// Languages by name in English: the tag of each, sorted by name. All are spoken by `espeak-ng`.
// Names of three letters or fewer would be tags of other languages.
pub const NAMED_LANGUAGES: [(&str, &str); 84] = [
    ("af", "Afrikaans"),
    ("sq", "Albanian"),
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("hy", "Armenian"),
    ("as", "Assamese"),
    ("az", "Azerbaijani"),
    ("eu", "Basque"),
    ("be", "Belarusian"),
    ("bn", "Bengali"),
    ("bs", "Bosnian"),
    ("bg", "Bulgarian"),
    ("my", "Burmese"),
    ("yue", "Cantonese"),
    ("ca", "Catalan"),
    ("zh", "Chinese"),
    ("hr", "Croatian"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("nl", "Dutch"),
    ("en", "English"),
    ("en-US", "American English"),
    ("en-GB", "British English"),
    ("eo", "Esperanto"),
    ("et", "Estonian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("fr-BE", "Belgian French"),
    ("fr-CH", "Swiss French"),
    ("ka", "Georgian"),
    ("de", "German"),
    ("el", "Greek"),
    ("gu", "Gujarati"),
    ("ht", "Haitian Creole"),
    ("haw", "Hawaiian"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hu", "Hungarian"),
    ("is", "Icelandic"),
    ("id", "Indonesian"),
    ("ga", "Irish"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("kn", "Kannada"),
    ("kk", "Kazakh"),
    ("ko", "Korean"),
    ("ku", "Kurdish"),
    ("ky", "Kyrgyz"),
    ("la", "Latin"),
    ("lv", "Latvian"),
    ("lt", "Lithuanian"),
    ("lb", "Luxembourgish"),
    ("mk", "Macedonian"),
    ("ms", "Malay"),
    ("ml", "Malayalam"),
    ("mt", "Maltese"),
    ("mr", "Marathi"),
    ("ne", "Nepali"),
    ("nb", "Norwegian"),
    ("fa", "Persian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("pt-BR", "Brazilian Portuguese"),
    ("pa", "Punjabi"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("gd", "Scottish Gaelic"),
    ("sr", "Serbian"),
    ("si", "Sinhala"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("es", "Spanish"),
    ("es-419", "Latin American Spanish"),
    ("sw", "Swahili"),
    ("sv", "Swedish"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("cy", "Welsh"),
];

/// Returns the tag of a language that is named in English, such as `german` or `British English`.
#[must_use]
pub fn named_language(name: &str) -> Option<&'static str> {
    let named = NAMED_LANGUAGES
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(name));
    named.map(|(tag, _)| *tag)
}

/// Returns whether the text has the form of a language tag: `en`, `de-CH`, `zh-Hant-TW`.
#[must_use]
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let is_language = |part: &str| {
        (2..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    parts.next().is_some_and(is_language)
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Returns the voice of `espeak-ng` for a language tag: the nearest with the same language.
/// `None`: it does not speak the language.
#[must_use]
pub fn espeak_language(tag: &str) -> Option<&'static str> {
    let mut tag = tag.to_ascii_lowercase();
    loop {
        let other = OTHER_NAMES.iter().find(|(name, _)| *name == tag);
        let known = || ESPEAK_LANGUAGES.iter().find(|name| **name == tag);
        if let Some(found) = other.map(|(_, name)| name).or_else(known) {
            return Some(found);
        }
        // A region or a script that it does not have is left out.
        let shorter = tag.rfind('-')?;
        tag.truncate(shorter);
    }
}

/// Returns the languages of `espeak-ng`, as its option `-v` takes them.
pub fn espeak_voice_languages() -> impl Iterator<Item = &'static str> {
    ESPEAK_LANGUAGES.into_iter()
}

/// Returns whether `espeak-ng` may have a voice of this name: a language, with a variant behind `+`
/// or without.
#[must_use]
pub fn may_be_espeak_voice(name: &str) -> bool {
    let language = name.split('+').next().unwrap_or_default();
    let lower = language.to_ascii_lowercase();
    lower == "en" || ESPEAK_LANGUAGES.contains(&lower.as_str())
}

/// Returns whether Piper may have a voice of this name: `en_US-joe-medium`.
#[must_use]
pub fn may_be_piper_voice(name: &str) -> bool {
    let mut parts = name.split('-');
    let is_locale = |locale: &str| {
        let bytes = locale.as_bytes();
        bytes.len() == 5 && bytes[2] == b'_' && bytes[3..].iter().all(u8::is_ascii_uppercase)
    };
    let is_quality = |quality: &str| ["x_low", "low", "medium", "high"].contains(&quality);
    parts.next().is_some_and(is_locale)
        && parts.next().is_some_and(|speaker| !speaker.is_empty())
        && parts.next().is_some_and(is_quality)
        && parts.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_has_a_name_that_is_no_tag_and_a_voice() {
        for (tag, name) in NAMED_LANGUAGES {
            assert_eq!(named_language(&name.to_uppercase()), Some(tag), "{name}");
            assert!(!is_language_tag(name), "{name}");
            assert!(
                is_language_tag(tag) && espeak_language(tag).is_some(),
                "{tag}"
            );
        }
        assert_eq!(named_language("klingon"), None);
        let names = NAMED_LANGUAGES.map(|(tag, _)| tag);
        let distinct: std::collections::BTreeSet<&str> = names.into_iter().collect();
        assert_eq!(distinct.len(), NAMED_LANGUAGES.len());
    }

    #[test]
    fn a_tag_has_the_nearest_voice_of_its_language() {
        for (tag, voice) in [
            ("en", Some("en-us")),
            ("en-GB", Some("en-gb")),
            ("en-AU", Some("en-gb")),
            ("en-ZA", Some("en-us")),
            ("de-CH", Some("de")),
            ("pt-BR", Some("pt-br")),
            ("zh-Hant-TW", Some("cmn")),
            ("no", Some("nb")),
            ("xx", None),
        ] {
            assert_eq!(espeak_language(tag), voice, "{tag}");
        }
    }

    #[test]
    fn words_are_no_tags_and_no_voices() {
        for tag in ["en", "de-CH", "zh-Hant-TW", "yue"] {
            assert!(is_language_tag(tag), "{tag}");
        }
        for text in ["", "english", "e", "de_CH", "de-", "en-verylongpart"] {
            assert!(!is_language_tag(text), "{text}");
        }
        for voice in ["en", "en-us+f3", "de", "en-gb-scotland", "fr-fr+m2"] {
            assert!(may_be_espeak_voice(voice), "{voice}");
        }
        for text in ["warm alto", "alto", "old", "low-key", "", "+f3"] {
            assert!(!may_be_espeak_voice(text), "{text}");
        }
        assert!(may_be_piper_voice("en_US-joe-medium"));
        for text in ["en_US", "a low-key voice", "en-us", "en_US-joe-loud"] {
            assert!(!may_be_piper_voice(text), "{text}");
        }
    }
}
