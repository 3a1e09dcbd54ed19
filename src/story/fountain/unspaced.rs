//! Languages that write no spaces between words: their characters, and how long each takes to say.
//!
//! The seconds are rounded from the pace of film dialogue. A text that was translated takes about
//! as long as before.

/// Ranges of characters, each with the seconds that one of them takes. Marks above and below
/// letters are in none, as they take no time of their own.
const RANGES: [(char, char, f64); 30] = [
    // Chinese, also in Japanese: a syllable or two each.
    ('\u{3400}', '\u{4dbf}', HAN),
    ('\u{4e00}', '\u{9fff}', HAN),
    ('\u{f900}', '\u{faff}', HAN),
    ('\u{20000}', '\u{3ffff}', HAN),
    ('\u{3005}', '\u{3007}', HAN),
    ('\u{a000}', '\u{a48c}', HAN),
    // Kana: a mora each.
    ('\u{3041}', '\u{3096}', KANA),
    ('\u{309d}', '\u{309f}', KANA),
    ('\u{30a1}', '\u{30fa}', KANA),
    ('\u{30fc}', '\u{30ff}', KANA),
    ('\u{31f0}', '\u{31ff}', KANA),
    ('\u{ff66}', '\u{ff9d}', KANA),
    // Bopomofo: two or three signs for a syllable.
    ('\u{3105}', '\u{312f}', 0.1),
    // Thai, Lao and the Tai languages: consonants, of which a syllable has about two.
    ('\u{0e01}', '\u{0e2e}', THAI),
    ('\u{0e81}', '\u{0eae}', THAI),
    ('\u{0edc}', '\u{0edf}', THAI),
    ('\u{1950}', '\u{1962}', THAI),
    ('\u{1980}', '\u{19ab}', THAI),
    ('\u{1a20}', '\u{1a4c}', THAI),
    ('\u{aa80}', '\u{aaaf}', THAI),
    // Khmer and Burmese: consonants, also stacked and silent ones.
    ('\u{1780}', '\u{17b3}', KHMER),
    ('\u{1000}', '\u{102a}', BURMESE),
    ('\u{103f}', '\u{103f}', BURMESE),
    ('\u{1050}', '\u{1055}', BURMESE),
    ('\u{1075}', '\u{1081}', BURMESE),
    ('\u{aa60}', '\u{aa76}', BURMESE),
    // Tibetan, Javanese, Balinese and Sundanese: letters.
    ('\u{0f40}', '\u{0f6c}', 0.12),
    ('\u{a984}', '\u{a9b2}', KHMER),
    ('\u{1b05}', '\u{1b33}', KHMER),
    ('\u{1b83}', '\u{1ba0}', KHMER),
];
const HAN: f64 = 0.25;
const KANA: f64 = 0.18;
const THAI: f64 = 0.18;
const KHMER: f64 = 0.14;
const BURMESE: f64 = 0.13;

/// Returns the seconds to say a character of a language without spaces. `None` for any other.
pub(super) fn unspaced_seconds(c: char) -> Option<f64> {
    // Below Thai there is nothing, and nearly every text is below it.
    if c < '\u{0e01}' {
        return None;
    }
    RANGES
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&c))
        .map(|(_, _, seconds)| *seconds)
}

/// Returns whether the character is a letter, vowel sign or mark of such a language. Vowel signs
/// are letters to Unicode, but no words of another language.
pub(super) fn is_unspaced_script(c: char) -> bool {
    unspaced_seconds(c).is_some()
        || matches!(c, '\u{0e01}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{1aaf}'
            | '\u{1b00}'..='\u{1bbf}' | '\u{3005}'..='\u{312f}' | '\u{a980}'..='\u{a9ff}'
            | '\u{aa60}'..='\u{aadf}' | '\u{ff65}'..='\u{ff9f}')
}

/// Returns the columns of a character in print: two for those of Chinese and Japanese and their
/// punctuation, one for others.
pub(in crate::story) fn printed_columns(c: char) -> usize {
    let is_wide = matches!(c, '\u{3000}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}');
    if is_wide { 2 } else { 1 }
}
