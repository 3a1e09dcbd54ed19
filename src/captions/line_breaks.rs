//! Where a line of a caption is broken: after punctuation rather than within a clause, before a
//! small word rather than behind it.

use super::caption_words::{CaptionWord, letter_count};
use std::ops::Range;

/// Words that belong to what follows them: no line ends with one. English, German, French, Spanish
/// and Italian.
const LEADING_WORDS: &[&str] = &[
    "a", "an", "the", "and", "or", "but", "nor", "so", "yet", "of", "in", "on", "at", "to", "for",
    "by", "with", "from", "into", "onto", "over", "under", "about", "after", "before", "behind",
    "between", "through", "without", "within", "that", "which", "who", "whose", "when", "where",
    "while", "because", "if", "as", "than", "der", "die", "das", "den", "dem", "des", "ein",
    "eine", "einen", "einem", "einer", "und", "oder", "aber", "dass", "weil", "wenn", "mit", "von",
    "vom", "zu", "zum", "zur", "im", "am", "auf", "für", "nach", "bei", "aus", "le", "la", "les",
    "un", "une", "et", "ou", "mais", "de", "du", "des", "à", "au", "aux", "dans", "pour", "avec",
    "que", "qui", "el", "los", "las", "y", "con", "il",
];

/// What it costs to break behind a sentence, a clause, before a small word, and elsewhere.
const CLAUSE_COST: f64 = 1.0;
const PHRASE_COST: f64 = 2.5;
const WORD_COST: f64 = 5.0;
/// What it costs to break behind a small word, on top.
const STRANDED_COST: f64 = 6.0;
/// What it costs to break within a word or between characters of a script without spaces.
const LETTER_COST: f64 = 3.0;

/// Returns the last character of a word that is no quote or bracket.
fn last_mark(word: &CaptionWord) -> Option<char> {
    // `"Go!"` ends a sentence though its last character is a quote.
    let closes = |letter: &char| {
        matches!(
            letter,
            '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '」' | '』'
        )
    };
    word.text.chars().rev().find(|letter| !closes(letter))
}

/// Returns whether a sentence ends with this word.
pub(super) fn ends_sentence(word: &CaptionWord) -> bool {
    matches!(
        last_mark(word),
        Some('.' | '!' | '?' | '…' | '。' | '！' | '？')
    )
}

/// Returns what it costs to break between two words, from 0.
pub(super) fn break_cost(before: &CaptionWord, after: &CaptionWord) -> f64 {
    let punctuation = match last_mark(before) {
        // First: a full stop counts more than the script on either side of it.
        _ if ends_sentence(before) => Some(0.0),
        Some(',' | ';' | ':' | '—' | '–' | '-' | '、' | '，') => Some(CLAUSE_COST),
        _ => None,
    };
    if let Some(cost) = punctuation {
        return cost;
    }
    if !after.is_spaced {
        return LETTER_COST;
    }
    match (is_leading(&before.text), is_leading(&after.text)) {
        (true, _) => WORD_COST + STRANDED_COST,
        (false, true) => PHRASE_COST,
        (false, false) => WORD_COST,
    }
}

fn is_leading(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
    LEADING_WORDS.contains(&word)
}

/// Returns words as one text.
pub(super) fn joined_words(words: &[CaptionWord]) -> String {
    let mut text = String::new();
    for word in words {
        if word.is_spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Returns the lines of a caption, each at most `line_letters` long, at most `lines` of them.
/// `None`: they do not fit.
///
/// One line if the words fit in one. Otherwise all ways to break them are compared: by what the
/// breaks cost, and by how even the lines are, the lower one rather the longer.
pub(super) fn broken_lines(
    words: &[CaptionWord],
    line_letters: usize,
    lines: usize,
) -> Option<Vec<String>> {
    let widths = WordWidths::new(words);
    let mut table = LineTable::new(words, &widths, line_letters, lines, words.len());
    let mut cost = Some(0.0);
    for _ in words {
        cost = table.add_word();
    }
    cost?;
    let ends = table.line_ends();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let lines = starts.zip(&ends);
    Some(
        lines
            .map(|(start, end)| joined_words(&words[start..*end]))
            .collect(),
    )
}

/// The cheapest ways to break words that end at one place into lines, for each place at which they
/// may begin.
///
/// A word is added in front at a time, so that all captions that end at one place cost no more than
/// the longest of them.
pub(super) struct LineTable<'a> {
    words: &'a [CaptionWord],
    widths: &'a WordWidths,
    line_letters: usize,
    lines: usize,
    /// The place behind the last word.
    end: usize,
    /// For each place before `end`, the nearest first: the cheapest way in at most 1, 2 and more
    /// lines.
    rows: Vec<Vec<Option<FirstLine>>>,
}

/// The first line of some words, and what they cost in all.
#[derive(Debug, Clone, Copy)]
struct FirstLine {
    end: usize,
    cost: f64,
}

impl<'a> LineTable<'a> {
    pub(super) const fn new(
        words: &'a [CaptionWord],
        widths: &'a WordWidths,
        line_letters: usize,
        lines: usize,
        end: usize,
    ) -> Self {
        Self {
            words,
            widths,
            line_letters,
            lines,
            end,
            rows: Vec::new(),
        }
    }

    fn first(&self) -> usize {
        self.end - self.rows.len()
    }

    fn is_one_line(&self) -> bool {
        self.widths.width(self.first()..self.end) <= self.line_letters
    }

    /// Adds the word before those that it has. Returns what all of them cost as a caption, `None` if
    /// they do not fit.
    pub(super) fn add_word(&mut self) -> Option<f64> {
        let first = self.first() - 1;
        let row = (1..=self.lines)
            .map(|lines| self.cheapest_line(first, lines))
            .collect();
        self.rows.push(row);
        // One line costs nothing, however its words could be broken.
        if self.is_one_line() {
            return Some(0.0);
        }
        let whole = self.rows.last().and_then(|row| *row.last()?);
        whole.map(|line| line.cost)
    }

    fn cheapest_line(&self, first: usize, lines: usize) -> Option<FirstLine> {
        let mut best: Option<FirstLine> = None;
        for end in first + 1..=self.end {
            let width = self.widths.width(first..end);
            // Longer lines only become wider.
            if width > self.line_letters {
                break;
            }
            // What is left does not fit in the lines that are left. A longer first line may leave
            // less.
            let Some(rest) = self.rest_cost(end, lines - 1) else {
                continue;
            };
            // Room that a line does not fill is uneven, in the upper lines a little less than in
            // the last.
            let free = (self.line_letters - width) as f64 / self.line_letters as f64;
            let cost = rest + free * free * if end == self.end { 3.0 } else { 2.5 };
            // Of equals the shorter first line, which hides less of the picture.
            if best.is_none_or(|best| cost < best.cost) {
                best = Some(FirstLine { end, cost });
            }
        }
        best
    }

    /// Returns what it costs to break at `start`, and what the words behind it cost in so many lines.
    fn rest_cost(&self, start: usize, lines: usize) -> Option<f64> {
        // Behind the last line nothing is broken.
        if start == self.end {
            return Some(0.0);
        }
        let rest = self.rows[self.end - start - 1].get(lines.checked_sub(1)?);
        let rest = (*rest?)?;
        Some(rest.cost + break_cost(&self.words[start - 1], &self.words[start]))
    }

    /// Returns the end of each line of all words that it has.
    fn line_ends(&self) -> Vec<usize> {
        if self.is_one_line() {
            return vec![self.end];
        }
        let mut ends = Vec::new();
        let mut start = self.first();
        let mut lines = self.lines;
        while start < self.end && lines > 0 {
            let Some(line) = self.rows[self.end - start - 1][lines - 1] else {
                break;
            };
            ends.push(line.end);
            start = line.end;
            lines -= 1;
        }
        ends
    }
}

/// Letters of words and of their spaces, summed up.
pub(super) struct WordWidths {
    /// Letters before each word, its own space included.
    sums: Vec<usize>,
    spaces: Vec<usize>,
}

impl WordWidths {
    pub(super) fn new(words: &[CaptionWord]) -> Self {
        let mut sums = vec![0];
        let spaces = words
            .iter()
            .map(|word| usize::from(word.is_spaced))
            .collect();
        for word in words {
            let before = sums.last().copied().unwrap_or_default();
            sums.push(before + letter_count(&word.text) + usize::from(word.is_spaced));
        }
        Self { sums, spaces }
    }

    /// Returns the letters of words in one line.
    pub(super) fn width(&self, range: Range<usize>) -> usize {
        if range.is_empty() {
            return 0;
        }
        self.sums[range.end] - self.sums[range.start] - self.spaces[range.start]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::captions::caption_words::timed_words;

    fn lines(text: &str, line_letters: usize, lines: usize) -> Option<Vec<String>> {
        let words = timed_words(text, &[], 0.0, 1.0, line_letters);
        broken_lines(&words, line_letters, lines)
    }

    #[test]
    fn a_text_that_fits_is_one_line() {
        assert_eq!(lines("It went out.", 42, 2).unwrap(), ["It went out."]);
        assert_eq!(lines("", 42, 2).unwrap(), [""]);
    }

    #[test]
    fn lines_are_broken_at_punctuation_and_before_small_words() {
        for (text, broken) in [
            (
                "When the lamp went out, nobody on the pier said a word.",
                ["When the lamp went out,", "nobody on the pier said a word."],
            ),
            (
                "She carried the heavy brass lantern to the end of the pier",
                [
                    "She carried the heavy brass lantern",
                    "to the end of the pier",
                ],
            ),
        ] {
            assert_eq!(lines(text, 42, 2).unwrap(), broken);
        }
    }

    #[test]
    fn what_does_not_fit_is_no_caption() {
        let text = "word ".repeat(40);
        assert_eq!(lines(&text, 42, 2), None);
        assert_eq!(lines(&text, 42, 5).unwrap().len(), 5);
        assert_eq!(lines("abcdefgh", 4, 2).unwrap(), ["abcd", "efgh"]);
        assert_eq!(lines("abc", 42, 0).unwrap(), ["abc"]);
    }
}
