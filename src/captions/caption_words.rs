//! The words of a line with their times.
//!
//! An engine speaks other words than are written: `1984` is three of them, and a dash is none. So
//! written and spoken words are matched by their letters, as far along the line as they are.

/// A part of a line that is never broken.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CaptionWord {
    /// The text, with the punctuation around it.
    pub(super) text: String,
    /// Whether a space is before it, unless a line begins with it.
    pub(super) is_spaced: bool,
    /// Seconds at which its sound begins.
    pub(super) start: f64,
    /// Seconds at which its sound ends.
    pub(super) end: f64,
}

/// One spoken word.
#[derive(Debug, Clone, PartialEq)]
pub struct HeardWord {
    /// The word, without the punctuation around it.
    pub word: String,
    /// Seconds of the film at which it begins.
    pub start: f64,
    /// Seconds of the film at which it ends.
    pub end: f64,
}

/// Returns the words of `text` with their times. `start` and `end` are those of the line in
/// seconds, for texts of which no word is spoken.
pub(super) fn timed_words(
    text: &str,
    spoken: &[HeardWord],
    start: f64,
    end: f64,
    most_letters: usize,
) -> Vec<CaptionWord> {
    // A profile with lines of no letters would never end a piece.
    let parts = text_parts(text, most_letters.max(1));
    let total: usize = parts.iter().map(|part| letter_weight(&part.text)).sum();
    let clock = LetterClock::new(spoken, start, end);
    let mut before = 0;
    let mut words = Vec::with_capacity(parts.len());
    for part in parts {
        let weight = letter_weight(&part.text);
        let place = |letters: usize| letters as f64 / total.max(1) as f64;
        let first = clock.start_time(place(before));
        before += weight;
        // A word without letters, such as a dash, has no sound and no time of its own.
        let last = match weight {
            0 => first,
            _ => clock.end_time(place(before)),
        };
        words.push(CaptionWord {
            start: first,
            // Words of an engine may overlap, and no word may end before it begins.
            end: last.max(first),
            ..part
        });
    }
    words
}

/// Returns the letters of a text that count on the way along a line.
fn letter_weight(text: &str) -> usize {
    text.chars()
        .filter(|letter| letter.is_alphanumeric())
        .count()
}

/// The time at which a share of the letters of a line has been spoken.
struct LetterClock<'a> {
    spoken: &'a [HeardWord],
    /// The share of the letters before each word, and 1 behind the last.
    shares: Vec<f64>,
    start: f64,
    end: f64,
}

impl<'a> LetterClock<'a> {
    fn new(spoken: &'a [HeardWord], start: f64, end: f64) -> Self {
        // A spoken word without letters, such as a sign that is read out, still takes time, and a
        // sum of 0 would have no shares.
        let weights = spoken.iter().map(|word| letter_weight(&word.word).max(1));
        let total: usize = weights.clone().sum();
        let mut before = 0;
        let mut shares = vec![0.0];
        for weight in weights {
            before += weight;
            shares.push(before as f64 / total as f64);
        }
        Self {
            spoken,
            shares,
            start,
            end,
        }
    }

    fn start_time(&self, share: f64) -> f64 {
        // Less than a thousandth of a letter before a word is that word.
        let index = self
            .shares
            .partition_point(|before| *before <= share + 1e-6);
        self.time_within(index.saturating_sub(1), share)
    }

    fn end_time(&self, share: f64) -> f64 {
        // The end of a word is that of the spoken word before, not the start of the next: a pause
        // between them belongs to neither.
        let index = self.shares.partition_point(|before| *before < share - 1e-6);
        self.time_within(index.saturating_sub(1), share)
    }

    fn time_within(&self, index: usize, share: f64) -> f64 {
        let Some(word) = self
            .spoken
            .get(index.min(self.spoken.len().saturating_sub(1)))
        else {
            return self.start + share * (self.end - self.start);
        };
        let index = index.min(self.spoken.len() - 1);
        let width = self.shares[index + 1] - self.shares[index];
        // Written and spoken letters rarely agree, so a share may be a little outside of its word.
        let within = ((share - self.shares[index]) / width.max(1e-9)).clamp(0.0, 1.0);
        word.start + within * (word.end - word.start)
    }
}

/// Returns a text in one line, without control characters: no player shows them, and some end a
/// caption or its file there.
pub(super) fn plain_text(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.chars().filter(|letter| !letter.is_control()).collect())
        // A word of control characters alone would leave two spaces.
        .filter(|word: &String| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Returns the parts of a text that lines are broken between, without times.
fn text_parts(text: &str, most_letters: usize) -> Vec<CaptionWord> {
    let text = &plain_text(text);
    let mut parts = Vec::new();
    for token in text.split_whitespace() {
        let mut is_spaced = true;
        for piece in unbroken_pieces(token, most_letters) {
            parts.push(CaptionWord {
                text: piece,
                is_spaced,
                start: 0.0,
                end: 0.0,
            });
            is_spaced = false;
        }
    }
    parts
}

/// Splits a token where a line may be broken within: between the characters of scripts without
/// spaces, behind a dash, and at the limit of a line.
fn unbroken_pieces(token: &str, most_letters: usize) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut letters = token.chars().peekable();
    while let Some(letter) = letters.next() {
        piece.push(letter);
        let next = letters.peek().copied();
        let may_break = match next {
            None => true,
            // A mark that closes stays with what it closes.
            Some(next) => {
                // A mark without a width is never parted from its letter, even at the limit.
                let is_full = letter_count(&piece) >= most_letters && letter_width(next) > 0;
                // Scripts without spaces may be broken between any two characters, except those
                // that belong together.
                let is_ideograph = is_wide(letter) || is_wide(next);
                let is_bound = is_closing(next) || is_opening(letter) || letter_width(next) == 0;
                is_full || (is_ideograph && !is_bound) || (letter == '—' && !is_closing(next))
            }
        };
        if may_break {
            pieces.push(std::mem::take(&mut piece));
        }
    }
    pieces
}

/// Returns how many letters a text has for a reader: characters, without marks on them.
pub(super) fn letter_count(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

/// Returns 0 for marks that are on the letter before them and for what is not seen, else 1.
fn letter_width(letter: char) -> usize {
    let is_mark = matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{5bf}'
        | '\u{5c1}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6ed}' | '\u{93c}' | '\u{94d}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}' | '\u{feff}');
    usize::from(!is_mark)
}

/// Returns whether a script writes this character without spaces around.
const fn is_wide(letter: char) -> bool {
    matches!(letter,
        '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{33ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}'
        | '\u{20000}'..='\u{3fffd}')
}

const fn is_closing(letter: char) -> bool {
    matches!(
        letter,
        '.' | ','
            | '!'
            | '?'
            | ':'
            | ';'
            | ')'
            | ']'
            | '}'
            | '"'
            | '\''
            | '”'
            | '’'
            | '»'
            | '…'
            | '、'
            | '。'
            | '，'
            | '．'
            | '！'
            | '？'
            | '：'
            | '；'
            | '）'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '》'
            | 'ー'
            | '々'
            | 'ぁ'
            | 'ぃ'
            | 'ぅ'
            | 'ぇ'
            | 'ぉ'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
            | 'ァ'
            | 'ィ'
            | 'ゥ'
            | 'ェ'
            | 'ォ'
            | 'ッ'
            | 'ャ'
            | 'ュ'
            | 'ョ'
    )
}

const fn is_opening(letter: char) -> bool {
    matches!(
        letter,
        '(' | '[' | '{' | '“' | '‘' | '«' | '（' | '「' | '『' | '【' | '〈' | '《'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(words: &[(&str, f64, f64)]) -> Vec<HeardWord> {
        let word = |(word, start, end): &(&str, f64, f64)| HeardWord {
            word: (*word).to_owned(),
            start: *start,
            end: *end,
        };
        words.iter().map(word).collect()
    }

    fn shown(words: &[CaptionWord]) -> Vec<(&str, f64, f64)> {
        let rounded = |time: f64| (time * 1000.0).round() / 1000.0;
        let words = words.iter();
        words
            .map(|word| (word.text.as_str(), rounded(word.start), rounded(word.end)))
            .collect()
    }

    #[test]
    fn written_words_have_the_times_of_the_spoken_ones() {
        let recognised = spoken(&[
            ("Wait", 10.0, 10.4),
            ("it's", 11.0, 11.2),
            ("out", 11.2, 11.6),
        ]);
        let words = timed_words("Wait -- it's out!", &recognised, 10.0, 12.0, 42);
        assert_eq!(
            shown(&words),
            [
                ("Wait", 10.0, 10.4),
                ("--", 11.0, 11.0),
                ("it's", 11.0, 11.2),
                ("out!", 11.2, 11.6)
            ]
        );
    }

    #[test]
    fn other_spoken_words_are_matched_by_their_letters() {
        let recognised = spoken(&[
            ("nineteen", 0.0, 0.5),
            ("eighty-four", 0.6, 1.0),
            ("ends", 1.2, 1.6),
        ]);
        let words = timed_words("1984 ends", &recognised, 0.0, 2.0, 42);
        assert_eq!(words[0].start, 0.0);
        assert_eq!(words[1].end, 1.6);
        assert!(words[0].end <= words[1].start + 1e-9, "{words:?}");
        // A translation has no spoken words of its own.
        let words = timed_words("ein zwei", &[], 3.0, 4.0, 42);
        assert_eq!(words[0].start, 3.0);
        assert_eq!(words[1].end, 4.0);
        assert_eq!(timed_words("", &recognised, 0.0, 2.0, 42), []);
        let words = timed_words("… !", &[], 1.0, 2.0, 42);
        assert_eq!(shown(&words), [("…", 1.0, 1.0), ("!", 1.0, 1.0)]);
    }

    #[test]
    fn scripts_without_spaces_are_broken_between_characters() {
        let pieces: Vec<String> = text_parts("灯台が「消えた」。 OK", 42)
            .into_iter()
            .map(|part| part.text)
            .collect();
        assert_eq!(pieces, ["灯", "台", "が", "「消", "え", "た」。", "OK"]);
        let long = text_parts("abcdefghij", 4);
        let pieces: Vec<&str> = long.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(pieces, ["abcd", "efgh", "ij"]);
        assert!(long[0].is_spaced && !long[1].is_spaced);
        assert_eq!(letter_count("e\u{301}a"), 2);
    }
}
