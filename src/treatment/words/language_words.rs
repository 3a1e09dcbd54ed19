//! Names of languages, and a guess at the language of a text.

/// Names of languages, in English and in themselves, with their tags.
const NAMES: &[(&str, &str)] = &[
    ("english", "en"),
    ("german", "de"),
    ("deutsch", "de"),
    ("french", "fr"),
    ("français", "fr"),
    ("spanish", "es"),
    ("español", "es"),
    ("italian", "it"),
    ("italiano", "it"),
    ("portuguese", "pt"),
    ("português", "pt"),
    ("dutch", "nl"),
    ("nederlands", "nl"),
    ("swedish", "sv"),
    ("svenska", "sv"),
    ("danish", "da"),
    ("norwegian", "nb"),
    ("finnish", "fi"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("czech", "cs"),
    ("turkish", "tr"),
    ("türkçe", "tr"),
    ("russian", "ru"),
    ("русский", "ru"),
    ("ukrainian", "uk"),
    ("greek", "el"),
    ("arabic", "ar"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("japanese", "ja"),
    ("日本語", "ja"),
    ("chinese", "zh"),
    ("中文", "zh"),
    ("korean", "ko"),
    ("한국어", "ko"),
    ("hungarian", "hu"),
    ("romanian", "ro"),
    ("indonesian", "id"),
    ("vietnamese", "vi"),
    ("thai", "th"),
];

/// The two-letter tags of ISO 639-1.
const TAGS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is \
    it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my \
    na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Small words that are frequent in one language.
const SMALL_WORDS: &[(&str, &[&str])] = &[
    (
        "en",
        &[
            "the", "and", "of", "to", "is", "are", "that", "with", "for", "this", "you", "we",
            "our", "a", "it",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "wir", "sie", "für",
            "auf", "den", "im",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "et", "est", "une", "des", "dans", "pour", "nous", "vous", "que",
            "du", "sur", "avec",
        ],
    ),
    (
        "es",
        &[
            "el", "la", "los", "y", "es", "una", "en", "para", "con", "que", "del", "las", "por",
            "nuestro", "un",
        ],
    ),
    (
        "it",
        &[
            "il", "di", "che", "e", "una", "per", "con", "sono", "della", "nel", "gli", "questo",
            "è", "non", "le",
        ],
    ),
    (
        "pt",
        &[
            "o", "os", "e", "uma", "para", "com", "não", "que", "do", "da", "em", "são", "é",
            "nosso", "um",
        ],
    ),
    (
        "nl",
        &[
            "de", "het", "een", "en", "is", "van", "niet", "met", "voor", "wij", "zijn", "dat",
            "op", "ook", "naar",
        ],
    ),
    (
        "sv",
        &[
            "och", "är", "en", "ett", "det", "som", "på", "för", "med", "inte", "vi", "av", "att",
            "till", "den",
        ],
    ),
    (
        "tr",
        &[
            "ve", "bir", "bu", "için", "ile", "çok", "daha", "olan", "değil", "gibi", "ne", "var",
        ],
    ),
    (
        "pl",
        &[
            "i", "w", "na", "się", "nie", "jest", "to", "z", "do", "że", "jak", "są",
        ],
    ),
];

/// Returns the tag of a language by name or by tag.
pub(in crate::treatment) fn language_tag(text: &str) -> Option<String> {
    let form = text.trim().to_lowercase();
    if let Some((_, tag)) = NAMES.iter().find(|(name, _)| form.starts_with(name)) {
        return Some((*tag).to_owned());
    }
    let first = text
        .trim()
        .split([',', ';', ' ', '('])
        .next()
        .unwrap_or_default();
    let language = first
        .split(['-', '_'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_tag = first.len() <= 10
        && TAGS.split(' ').any(|tag| tag == language)
        && first
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_tag.then(|| first.replace('_', "-"))
}

/// Returns the language that a text is probably in, and why.
pub(in crate::treatment) fn guess_language(text: &str) -> Option<(&'static str, String)> {
    script_language(text).or_else(|| word_language(text))
}

/// Returns the language of a script that only one of our languages is written in.
fn script_language(text: &str) -> Option<(&'static str, String)> {
    let scripts: &[(&str, &str, std::ops::RangeInclusive<char>)] = &[
        ("ja", "Japanese kana", '\u{3040}'..='\u{30ff}'),
        ("ko", "Hangul", '\u{ac00}'..='\u{d7af}'),
        ("zh", "Chinese characters", '\u{4e00}'..='\u{9fff}'),
        ("ru", "Cyrillic letters", '\u{0400}'..='\u{04ff}'),
        ("el", "Greek letters", '\u{0370}'..='\u{03ff}'),
        ("ar", "Arabic letters", '\u{0600}'..='\u{06ff}'),
        ("he", "Hebrew letters", '\u{0590}'..='\u{05ff}'),
        ("hi", "Devanagari letters", '\u{0900}'..='\u{097f}'),
        ("th", "Thai letters", '\u{0e00}'..='\u{0e7f}'),
    ];
    let letters = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .take(4000)
        .count();
    let found = scripts.iter().find(|(_, _, range)| {
        let count = text
            .chars()
            .filter(|c| range.contains(c))
            .take(4000)
            .count();
        letters > 0 && count * 5 >= letters
    })?;
    Some((found.0, format!("most of its letters are {}", found.1)))
}

fn word_language(text: &str) -> Option<(&'static str, String)> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(2000)
        .map(str::to_lowercase)
        .collect();
    let mut counts: Vec<(usize, &'static str)> = SMALL_WORDS
        .iter()
        .map(|(language, small)| {
            let count = words
                .iter()
                .filter(|word| small.contains(&word.as_str()))
                .count();
            (count, *language)
        })
        .collect();
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let (best, language) = *counts.first()?;
    let second = counts.get(1).map_or(0, |(count, _)| *count);
    // A few small words decide nothing, and languages share some.
    let is_clear = best >= 3 && best * 4 >= second * 5;
    is_clear.then(|| {
        (
            language,
            format!("{best} of its words are small words of that language"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_a_text_is_guessed_by_script_and_small_words() {
        let guess = |text| guess_language(text).map(|(language, _)| language);
        assert_eq!(
            guess("Die Biene ist klein, und das ist nicht alles."),
            Some("de")
        );
        assert_eq!(
            guess("The bee is small, and that is all of it."),
            Some("en")
        );
        assert_eq!(guess("蜜蜂は踊ります。"), Some("ja"));
        assert_eq!(guess("Пчёлы танцуют"), Some("ru"));
        assert_eq!(guess("qwerty"), None);
    }

    #[test]
    fn languages_have_names_and_tags() {
        assert_eq!(language_tag("German"), Some("de".to_owned()));
        assert_eq!(language_tag("en_GB"), Some("en-GB".to_owned()));
        assert_eq!(language_tag("the usual"), None);
        assert_eq!(language_tag("whatever works"), None);
    }
}
