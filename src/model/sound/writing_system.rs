//! Writing systems: the one that a text is in, and the languages that are written in each.
//!
//! A speech engine reads a letter of another writing system by its name, or not at all. Latin
//! letters are left out: engines of all languages read them.

/// A writing system other than the Latin one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WritingSystem {
    /// Its name in English.
    pub name: &'static str,
    /// The primary tags of the languages that are written in it. The first is the most usual.
    languages: &'static [&'static str],
    /// The first and the last letter of each of its ranges in Unicode.
    ranges: &'static [(char, char)],
}

const fn system(
    name: &'static str,
    languages: &'static [&'static str],
    ranges: &'static [(char, char)],
) -> WritingSystem {
    WritingSystem {
        name,
        languages,
        ranges,
    }
}

/// Every writing system that is known, with the languages of `espeak-ng` and of Piper.
// Kana before the Chinese characters that Japanese is written in too.
#[rustfmt::skip]
const WRITING_SYSTEMS: [WritingSystem; 27] = [
    system("Japanese", &["ja"], &[('\u{3041}', '\u{30ff}'), ('\u{31f0}', '\u{31ff}'), ('\u{ff66}', '\u{ff9f}')]),
    system("Chinese", &["zh", "cmn", "yue", "hak", "nan", "wuu", "ja", "ko"], &[('\u{3400}', '\u{4dbf}'), ('\u{4e00}', '\u{9fff}'), ('\u{f900}', '\u{faff}'), ('\u{20000}', '\u{323af}')]),
    system("Korean", &["ko"], &[('\u{1100}', '\u{11ff}'), ('\u{3130}', '\u{318f}'), ('\u{ac00}', '\u{d7af}')]),
    system("Cyrillic", &["ru", "uk", "be", "bg", "sr", "mk", "bs", "ba", "cv", "kk", "ky", "mn", "nog", "tg", "tt", "uz"], &[('\u{400}', '\u{52f}'), ('\u{1c80}', '\u{1c8f}')]),
    system("Greek", &["el", "grc"], &[('\u{370}', '\u{3ff}'), ('\u{1f00}', '\u{1fff}')]),
    system("Arabic", &["ar", "fa", "ur", "sd", "ug", "ku", "ps", "ks"], &[('\u{600}', '\u{6ff}'), ('\u{750}', '\u{77f}'), ('\u{8a0}', '\u{8ff}'), ('\u{fb50}', '\u{fdff}'), ('\u{fe70}', '\u{feff}')]),
    system("Hebrew", &["he", "yi"], &[('\u{590}', '\u{5ff}'), ('\u{fb1d}', '\u{fb4f}')]),
    system("Devanagari", &["hi", "mr", "ne", "kok", "sa", "bho", "sd"], &[('\u{900}', '\u{97f}')]),
    system("Bengali", &["bn", "as", "bpy"], &[('\u{980}', '\u{9ff}')]),
    system("Gurmukhi", &["pa"], &[('\u{a00}', '\u{a7f}')]),
    system("Gujarati", &["gu"], &[('\u{a80}', '\u{aff}')]),
    system("Oriya", &["or"], &[('\u{b00}', '\u{b7f}')]),
    system("Tamil", &["ta"], &[('\u{b80}', '\u{bff}')]),
    system("Telugu", &["te"], &[('\u{c00}', '\u{c7f}')]),
    system("Kannada", &["kn"], &[('\u{c80}', '\u{cff}')]),
    system("Malayalam", &["ml"], &[('\u{d00}', '\u{d7f}')]),
    system("Sinhala", &["si"], &[('\u{d80}', '\u{dff}')]),
    system("Thai", &["th"], &[('\u{e00}', '\u{e7f}')]),
    system("Lao", &["lo"], &[('\u{e80}', '\u{eff}')]),
    system("Tibetan", &["bo", "dz"], &[('\u{f00}', '\u{fff}')]),
    system("Burmese", &["my", "shn"], &[('\u{1000}', '\u{109f}')]),
    system("Georgian", &["ka"], &[('\u{10a0}', '\u{10ff}'), ('\u{1c90}', '\u{1cbf}'), ('\u{2d00}', '\u{2d2f}')]),
    system("Ethiopic", &["am", "ti"], &[('\u{1200}', '\u{139f}')]),
    system("Cherokee", &["chr"], &[('\u{13a0}', '\u{13ff}'), ('\u{ab70}', '\u{abbf}')]),
    system("Khmer", &["km"], &[('\u{1780}', '\u{17ff}')]),
    system("Mongolian", &["mn"], &[('\u{1800}', '\u{18af}')]),
    system("Armenian", &["hy", "hyw"], &[('\u{530}', '\u{58f}')]),
];

impl WritingSystem {
    /// Returns the system that most letters of a text are of. `None`: most are Latin, of a system
    /// that is not known, or there are none.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        // More than a half, so that a text of two systems is of none.
        let (system, share) = Self::most_frequent(text)?;
        (share > 0.5).then_some(system)
    }

    /// Returns the most frequent system of a text in which at least one letter of so many is of
    /// such systems. `None`: there are fewer.
    #[must_use]
    pub fn with_share(text: &str, of_letters: u32) -> Option<Self> {
        let (system, share) = Self::most_frequent(text)?;
        (share * f64::from(of_letters) >= 1.0).then_some(system)
    }

    /// Returns the system of which most letters are, and which share of all letters is of any
    /// system.
    fn most_frequent(text: &str) -> Option<(Self, f64)> {
        let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
        let counted = WRITING_SYSTEMS.iter().map(|system| {
            let own = text.chars().filter(|letter| system.has_letter(*letter));
            (own.filter(|letter| letter.is_alphabetic()).count(), system)
        });
        let counted: Vec<(usize, &Self)> = counted.collect();
        let foreign: usize = counted.iter().map(|(count, _)| count).sum();
        if foreign == 0 {
            return None;
        }
        // One kana makes a text of Chinese characters Japanese.
        let kana = counted
            .iter()
            .find(|(count, system)| *count > 0 && system.name == "Japanese");
        let most = || counted.iter().max_by_key(|(count, _)| *count);
        let (_, system) = kana.or_else(most)?;
        Some((**system, foreign as f64 / letters as f64))
    }

    /// Returns the system of a letter. `None`: it is Latin, or of a system that is not known.
    #[must_use]
    pub fn of_letter(letter: char) -> Option<Self> {
        let mut systems = WRITING_SYSTEMS.iter();
        systems.find(|system| system.has_letter(letter)).copied()
    }

    /// Returns whether a language, as in BCP 47, is written in it.
    #[must_use]
    pub fn writes(&self, language: &str) -> bool {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        self.languages
            .iter()
            .any(|known| known.eq_ignore_ascii_case(primary))
    }

    /// Returns the tag of the language that is most often written in it.
    #[must_use]
    pub fn usual_language(&self) -> &'static str {
        self.languages.first().copied().unwrap_or_default()
    }

    fn has_letter(&self, letter: char) -> bool {
        self.ranges
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::{espeak_language, espeak_voice_languages};

    #[test]
    fn a_text_is_of_the_system_of_most_of_its_letters() {
        for (text, name) in [
            ("ランプが消えた", "Japanese"),
            ("東京へ行く", "Japanese"),
            ("灯灭了。", "Chinese"),
            ("불이 꺼졌다.", "Korean"),
            ("Лампа погасла, Mara.", "Cyrillic"),
            ("Σβήστηκε.", "Greek"),
            ("कुछ नहीं", "Devanagari"),
        ] {
            let system = WritingSystem::from_text(text).unwrap();
            assert_eq!(system.name, name, "{text}");
        }
        for text in [
            "",
            "It went out.",
            "Ça va, señor?",
            "A µ and a Ж.",
            "1234 …",
            "🔥🔥",
        ] {
            assert_eq!(WritingSystem::from_text(text), None, "{text}");
        }
    }

    #[test]
    fn the_region_of_a_language_does_not_change_its_system() {
        let system = |text: &str| WritingSystem::from_text(text).unwrap();
        assert!(system("Лампа").writes("ru-LV") && system("Лампа").writes("SR"));
        assert!(!system("Лампа").writes("en-GB"));
        assert!(system("灯").writes("ja") && system("灯").writes("zh-Hant-TW"));
        assert!(!system("ひ").writes("zh"));
    }

    #[test]
    fn every_usual_language_is_known_and_ranges_do_not_overlap() {
        let spoken = WRITING_SYSTEMS
            .iter()
            .filter(|system| espeak_language(system.usual_language()).is_some());
        // Lao, Tibetan, Khmer and Mongolian have no voice of `espeak-ng`, and Cherokee has one by a
        // longer tag only.
        assert_eq!(spoken.count(), WRITING_SYSTEMS.len() - 5);
        assert!(espeak_voice_languages().any(|language| language == "ja"));
        let mut ranges: Vec<(char, char)> = WRITING_SYSTEMS
            .iter()
            .flat_map(|system| system.ranges.iter().copied())
            .collect();
        ranges.sort_unstable();
        for pair in ranges.windows(2) {
            assert!(pair[0].1 < pair[1].0, "{pair:?}");
        }
    }
}
