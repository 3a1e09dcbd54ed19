//! A guess at the language of a text: by its writing system, else by small words that are frequent
//! in one language.

use super::writing_system::WritingSystem;

/// Most characters and words of a text that are counted.
const MOST_CHARACTERS: usize = 20_000;
const MOST_WORDS: usize = 2000;

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

/// Returns the language that a text is probably in, and why.
#[must_use]
pub fn guess_language(text: &str) -> Option<(&'static str, String)> {
    script_language(text).or_else(|| word_language(text))
}

/// Returns the most usual language of the writing system that a fifth of the letters are of: names
/// of products are in Latin letters everywhere.
fn script_language(text: &str) -> Option<(&'static str, String)> {
    let counted: String = text.chars().take(MOST_CHARACTERS).collect();
    let system = WritingSystem::with_share(&counted, 5)?;
    let why = format!("most of its letters are {} letters", system.name);
    Some((system.usual_language(), why))
}

fn word_language(text: &str) -> Option<(&'static str, String)> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
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
    use super::guess_language;

    #[test]
    fn the_language_of_a_text_is_guessed_by_script_and_small_words() {
        let guess = |text| guess_language(text).map(|(language, _)| language);
        for (text, language) in [
            ("Die Biene ist klein, und das ist nicht alles.", Some("de")),
            ("The bee is small, and that is all of it.", Some("en")),
            ("蜜蜂は踊ります。", Some("ja")),
            ("每一分钟", Some("zh")),
            ("Пчёлы танцуют", Some("ru")),
            ("Nike. Просто делай.", Some("ru")),
            ("عطر الليل", Some("ar")),
            ("הזמן שלך", Some("he")),
            ("Ο χρόνος σου", Some("el")),
            ("आपका समय", Some("hi")),
            ("당신의 시간", Some("ko")),
            ("உங்கள் நேரம்", Some("ta")),
            ("เวลาของคุณ", Some("th")),
            ("Ångström, 5 µ", None),
            ("qwerty", None),
            ("", None),
        ] {
            assert_eq!(guess(text), language, "{text}");
        }
    }
}
