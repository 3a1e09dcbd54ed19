//! The audible part of a text that is spoken: its words, their syllables, and how long both last.

use super::scratch_voice::USUAL_WORDS_PER_MINUTE;
use super::writing_system::WritingSystem;

/// Seconds of silence for a text of which nothing can be spoken, such as `...`.
pub const SILENT_LINE_SECONDS: f64 = 0.5;

/// Syllables of a word of running English text, on average.
const SYLLABLES_A_WORD: f64 = 1.45;

/// Words from which their number alone decides how long a text lasts.
// Over a minute of text, long and short words even out, so a pace in words a minute holds. Over one
// long word it does not: that would have to be spoken in the time of a short one.
const MIN_COUNTED_WORDS: usize = 6;

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextWord {
    /// The word as written, without the punctuation around it.
    pub text: String,
    /// Its syllables, at least 1.
    pub syllables: usize,
    /// The pause behind it, by its punctuation.
    pub pause: TextPause,
}

/// The pause behind a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextPause {
    /// None.
    Unbroken,
    /// That of a comma.
    Clause,
    /// That of a full stop.
    Sentence,
}

impl TextPause {
    /// Returns its length in syllables.
    #[must_use]
    pub const fn syllables(self) -> f64 {
        match self {
            Self::Unbroken => 0.0,
            Self::Clause => 0.9,
            Self::Sentence => 1.8,
        }
    }
}

/// Returns the words of a text that can be spoken, in order. Empty if there are none.
#[must_use]
pub fn text_words(text: &str) -> Vec<TextWord> {
    // A dash joins two words on paper and parts them in speech. A hyphen does not.
    let parted = text.replace("--", " -- ").replace(['—', '–', '…'], " - ");
    let mut words: Vec<TextWord> = Vec::new();
    for token in parted.split_whitespace() {
        let word = token.trim_matches(|letter: char| !letter.is_alphanumeric());
        let pause = token_pause(token);
        if word.is_empty() {
            // A dash that is alone is the pause of the word before it.
            if let Some(last) = words.last_mut() {
                last.pause = last.pause.max(pause).max(TextPause::Clause);
            }
            continue;
        }
        words.push(TextWord {
            text: word.to_owned(),
            syllables: syllable_count(word),
            pause,
        });
    }
    words
}

/// Returns the words that a text counts as at its words a minute.
///
/// For six words and more it is their number. Fewer count by their syllables, 1.45 to a word.
#[must_use]
pub fn spoken_word_count(text: &str) -> f64 {
    let words = text_words(text);
    let syllables: usize = words.iter().map(|word| word.syllables).sum();
    let by_syllables = syllables as f64 / SYLLABLES_A_WORD;
    // Scripts without spaces have one word a sentence.
    if words.len() < MIN_COUNTED_WORDS || text.chars().any(is_syllable_letter) {
        by_syllables
    } else {
        words.len() as f64
    }
}

/// Returns whether a text has enough words for their number to say how long it lasts.
#[must_use]
pub fn has_counted_words(text: &str) -> bool {
    text_words(text).len() >= MIN_COUNTED_WORDS && !text.chars().any(is_syllable_letter)
}

/// Returns the seconds that a text lasts at these words a minute.
#[must_use]
pub fn spoken_seconds(text: &str, words_per_minute: u32) -> f64 {
    let words = spoken_word_count(text);
    if words > 0.0 {
        words * 60.0 / f64::from(words_per_minute.max(1))
    } else {
        SILENT_LINE_SECONDS
    }
}

/// Returns the seconds that a text lasts at these words a minute, and rather too many than too few:
/// in some writing systems voices need far more than their words say. For plans that must hold for
/// any voice that speaks.
#[must_use]
pub fn ample_spoken_seconds(text: &str, words_per_minute: u32) -> f64 {
    let system = WritingSystem::with_share(text, 5);
    let is_japanese = system.is_some_and(|system| system.usual_language() == "ja");
    let letters = text.chars().filter(|letter| letter.is_alphabetic());
    let spelt: f64 = letters
        .map(|letter| letter_seconds(letter, is_japanese))
        .sum();
    let pace = f64::from(USUAL_WORDS_PER_MINUTE) / f64::from(words_per_minute.max(1));
    spoken_seconds(text, words_per_minute).max(spelt * pace)
}

/// Returns the seconds that `espeak-ng` needs for a text of whose letters most are of a system in which
/// the language of its voice is not written: it says the names of letters, one by one. `None`: the
/// voice can read it.
#[must_use]
pub(super) fn spelt_seconds(text: &str, language: &str, words_per_minute: u32) -> Option<f64> {
    let system = WritingSystem::from_text(text).filter(|system| !system.writes(language))?;
    // Measured with English and German voices of 1.51, at 165 words a minute.
    let seconds = match system.name {
        "Thai" | "Lao" | "Khmer" | "Burmese" | "Tibetan" => 1.5,
        "Chinese" | "Japanese" | "Arabic" | "Hebrew" => 0.75,
        // Their letters are read by their sounds.
        _ => 0.18,
    };
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let pace = 165.0 / f64::from(words_per_minute.max(1));
    Some(letters as f64 * seconds * pace)
}

/// Returns the seconds that `espeak-ng` 1.51 needs for a letter at its usual pace, measured with
/// sentences of each system. Zero where the number of words says enough.
fn letter_seconds(letter: char, is_japanese: bool) -> f64 {
    let Some(system) = WritingSystem::of_letter(letter) else {
        return 0.0;
    };
    match system.name {
        // It says `Chinese letter` for most of those in a Japanese text.
        "Chinese" if is_japanese => 1.4,
        "Chinese" => 0.5,
        "Japanese" => 0.2,
        "Thai" | "Lao" | "Khmer" | "Burmese" | "Tibetan" => 0.2,
        "Arabic" | "Armenian" => 0.13,
        "Cyrillic" | "Greek" | "Hebrew" | "Devanagari" | "Korean" => 0.0,
        _ => 0.12,
    }
}

fn token_pause(token: &str) -> TextPause {
    let closing = |letter: &char| matches!(letter, '"' | '\'' | ')' | ']' | '”' | '’' | '»');
    match token.chars().rev().find(|letter| !closing(letter)) {
        Some('.' | '!' | '?' | '。' | '！' | '？') => TextPause::Sentence,
        Some(',' | ';' | ':' | '、' | '，' | '-') => TextPause::Clause,
        _ => TextPause::Unbroken,
    }
}

/// Returns the syllables of a word: its groups of vowels, or its characters in a script of
/// syllables.
fn syllable_count(word: &str) -> usize {
    let mut groups = 0;
    let mut in_vowel = false;
    let mut letters = 0;
    for letter in word.to_lowercase().chars() {
        if is_syllable_letter(letter) || letter.is_ascii_digit() {
            // A digit is at least a word of its own when it is spoken.
            groups += 1;
            in_vowel = false;
            continue;
        }
        let vowel = is_vowel(letter);
        groups += usize::from(vowel && !in_vowel);
        in_vowel = vowel;
        letters += 1;
    }
    let lower = word.to_lowercase();
    // The last e of `lantern pole` is silent, that of `apple` is not.
    let silent_end = lower.ends_with('e') && !lower.ends_with("le") && letters > 2;
    (groups - usize::from(silent_end && groups > 1)).max(1)
}

const fn is_vowel(letter: char) -> bool {
    matches!(
        letter,
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'à'..='æ' | 'è'..='ï' | 'ò'..='ö' | 'ø'..='ý' | 'œ'
            | 'ā' | 'ē' | 'ī' | 'ō' | 'ū' | 'ą' | 'ę' | 'ě' | 'ő' | 'ű' | 'ů' | 'ı'
            | 'а' | 'е' | 'ё' | 'и' | 'о' | 'у' | 'ы' | 'э' | 'ю' | 'я' | 'і' | 'ї' | 'є'
            | 'α' | 'ε' | 'η' | 'ι' | 'ο' | 'υ' | 'ω' | 'ά' | 'έ' | 'ή' | 'ί' | 'ό' | 'ύ' | 'ώ'
    )
}

/// Returns whether a character is about a syllable: Chinese, Japanese, Korean.
const fn is_syllable_letter(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_no_punctuation_and_know_their_pause() {
        let words = text_words("Wait -- the light, \"there!\" It's half-lit…");
        let shown: Vec<(&str, TextPause)> = words
            .iter()
            .map(|word| (word.text.as_str(), word.pause))
            .collect();
        assert_eq!(
            shown,
            [
                ("Wait", TextPause::Clause),
                ("the", TextPause::Unbroken),
                ("light", TextPause::Clause),
                ("there", TextPause::Sentence),
                ("It's", TextPause::Unbroken),
                ("half-lit", TextPause::Clause),
            ]
        );
    }

    #[test]
    fn syllables_are_groups_of_vowels() {
        for (word, expected) in [
            ("lantern", 2),
            ("shore", 1),
            ("apple", 2),
            ("the", 1),
            ("harbour", 2),
            ("Mm", 1),
            ("über", 2),
            ("1984", 4),
            ("灯台", 2),
            ("молоко", 3),
        ] {
            assert_eq!(syllable_count(word), expected, "{word}");
        }
    }

    #[test]
    fn many_words_count_and_few_count_by_their_syllables() {
        let text = "Nobody in the town could say why it had happened at all.";
        assert_eq!(spoken_word_count(text), 12.0);
        assert!((spoken_seconds(text, 120) - 6.0).abs() < 1e-9);
        assert!(spoken_seconds("Extraordinarily.", 160) > 2.0 * spoken_seconds("No.", 160));
        assert_eq!(spoken_seconds("...", 160), SILENT_LINE_SECONDS);
        assert!(spoken_seconds("one two", 0).is_finite());
    }

    #[test]
    fn a_text_without_words_has_none() {
        for text in ["", "  ", "...", "?!", "--", "—", "( )"] {
            assert!(text_words(text).is_empty(), "{text:?}");
        }
    }
}
