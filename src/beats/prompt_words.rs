//! A prompt as words: what is in quotes apart, the rest in lower case, with the letters that are
//! part of a word.

use std::ops::Range;

/// The most bytes of a prompt that are read.
// A prompt is a sentence or two. What is longer is a treatment, or a mistake.
pub(super) const MOST_PROMPT_BYTES: usize = 10_000;

/// The words of a prompt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PromptWords {
    /// The words as typed, without what is in quotes.
    pub typed: Vec<String>,
    /// The same words in lower case.
    pub lower: Vec<String>,
    /// What is in quotes.
    pub quoted: Vec<String>,
    /// Before which word each of these is.
    pub quoted_at: Vec<usize>,
    /// Of each word, whether a mark behind it ends its phrase, such as a comma.
    pub ends_phrase: Vec<bool>,
}

/// Opening and closing quotes. An apostrophe is part of a word.
const QUOTES: [(char, char); 4] = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];

impl PromptWords {
    /// Reads a prompt.
    #[must_use]
    pub(super) fn from_prompt(prompt: &str) -> Self {
        let mut words = Self::default();
        let mut plain = String::with_capacity(prompt.len());
        let mut rest = prompt.chars();
        let (mut counted, mut count) = (0, 0);
        while let Some(c) = rest.next() {
            match closing_quote(c, rest.as_str()) {
                Some(length) => {
                    let quoted = &rest.as_str()[..length];
                    // From the last quote on, so that each word is counted once in prompts with
                    // many quotes.
                    count += phrase_words(&plain[counted..]).len();
                    counted = plain.len();
                    let quoted = non_empty(quoted);
                    words.quoted_at.extend(quoted.iter().map(|_| count));
                    words.quoted.extend(quoted);
                    let mut behind = rest.as_str()[length..].chars();
                    behind.next();
                    rest = behind;
                    // The words around a quote stay two words.
                    plain.push(' ');
                }
                // A mark of inches, or a quote that nothing closes, is a letter like others.
                None => plain.push(c),
            }
        }
        for (word, ends_phrase) in phrase_words(&plain) {
            words.typed.push(word.to_owned());
            words.ends_phrase.push(ends_phrase);
        }
        words.lower = words.typed.iter().map(|word| word.to_lowercase()).collect();
        words
    }
}

/// The word between the two parts of a name such as `Marks & Spencer`.
pub(super) const NAME_JOIN: &str = "&";

/// The fewest letters of a word that a full stop behind it ends. `Dr.` does not.
const LEAST_ENDED: usize = 4;

/// Returns the words of a text without quotes, each with whether a mark behind it ends its phrase.
fn phrase_words(text: &str) -> Vec<(&str, bool)> {
    let is_inner = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | ':' | '.' | '&');
    // With where the token of the last word ends: initials such as `A. P. C.` are one word.
    let mut words: Vec<(Range<usize>, bool)> = Vec::new();
    let mut rest = 0;
    while let Some(start) = text[rest..].find(is_inner).map(|at| rest + at) {
        let between = &text[rest..start];
        if let Some((_, ends)) = words.last_mut() {
            *ends |= between.contains(ends_phrase);
        }
        let end = text[start..].find(|c| !is_inner(c));
        let end = end.map_or(text.len(), |length| start + length);
        rest = end;
        let token = &text[start..end];
        // Trimmed as a mark, it would leave no word.
        if token == NAME_JOIN {
            words.push((start..end, false));
            continue;
        }
        if is_initials(token) {
            let last = words
                .last_mut()
                .filter(|(last, ends)| !ends && is_initials(&text[last.clone()]) && between == " ");
            match last {
                Some((last, _)) => last.end = end,
                None => words.push((start..end, false)),
            }
            continue;
        }
        let is_mark = |c: char| !c.is_alphanumeric();
        let from = start + token.len() - token.trim_start_matches(is_mark).len();
        let word = token.trim_matches(is_mark);
        if !word.is_empty() {
            let is_ended = word.chars().count() >= LEAST_ENDED && token.ends_with(['.', ':']);
            words.push((from..from + word.len(), is_ended));
        }
    }
    let words = words.into_iter();
    words.map(|(word, ends)| (&text[word], ends)).collect()
}

/// Whether a word is the initials of a name: single capitals, each with a full stop.
pub(super) fn is_initials(word: &str) -> bool {
    let mut parts = word.split_inclusive('.').map(str::trim);
    let is_initial = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.as_str() == "."
    };
    !word.is_empty() && parts.all(is_initial)
}

/// Whether a mark between two words parts their phrases.
fn ends_phrase(mark: char) -> bool {
    matches!(
        mark,
        ',' | ';' | '!' | '?' | '(' | ')' | '/' | '|' | '–' | '—' | '…' | '\n' | '、' | '，' | '。'
    )
}

/// Returns the bytes up to the quote that closes this one. `None`: it is no opening quote, or
/// nothing closes it.
fn closing_quote(c: char, rest: &str) -> Option<usize> {
    let (_, close) = QUOTES.into_iter().find(|(open, _)| *open == c)?;
    rest.find(close)
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// Words that are no part of a product's name.
pub(super) const STOP_WORDS: &[&str] = &[
    NAME_JOIN,
    "a",
    "ad",
    "advert",
    "advertisement",
    "advertising",
    "an",
    "and",
    "are",
    "as",
    "at",
    "by",
    "clip",
    "commercial",
    "create",
    "das",
    "der",
    "die",
    "ein",
    "eine",
    "film",
    "for",
    "für",
    "from",
    "give",
    "great",
    "have",
    "i",
    "in",
    "is",
    "it",
    "its",
    "make",
    "me",
    "my",
    "need",
    "new",
    "of",
    "on",
    "or",
    "our",
    "please",
    "pour",
    "short",
    "show",
    "spot",
    "that",
    "the",
    "this",
    "to",
    "un",
    "una",
    "une",
    "und",
    "video",
    "want",
    "we",
    "werbung",
    "with",
    "you",
    "your",
    "about",
    "people",
    "features",
    "long",
    "like",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_quotes_is_apart_and_apostrophes_stay() {
        let words = PromptWords::from_prompt("15s Levi's jeans, “Wear  what lasts.” urban!");
        assert_eq!(words.lower, ["15s", "levi's", "jeans", "urban"]);
        assert_eq!(words.quoted, ["Wear what lasts."]);
        assert_eq!(words.quoted_at, [3]);
    }

    #[test]
    fn names_keep_their_ampersand_and_marks_end_phrases() {
        let words = PromptWords::from_prompt("H&M watch, Marks & Spencer. Dr. Oetker & co; fun");
        assert_eq!(
            words.typed,
            [
                "H&M", "watch", "Marks", "&", "Spencer", "Dr", "Oetker", "&", "co", "fun"
            ]
        );
        let ends: Vec<usize> = (0..words.typed.len())
            .filter(|index| words.ends_phrase[*index])
            .collect();
        assert_eq!(ends, [1, 4, 8]);
    }

    #[test]
    fn initials_of_a_name_are_one_word_with_their_stops() {
        let words = PromptWords::from_prompt("A. P. C. jeans by J. Lindqvist, A.P.C. bag. Plan B");
        assert_eq!(
            words.typed,
            [
                "A. P. C.",
                "jeans",
                "by",
                "J.",
                "Lindqvist",
                "A.P.C.",
                "bag",
                "Plan",
                "B"
            ]
        );
    }

    #[test]
    fn a_quote_that_nothing_closes_is_a_mark_like_others() {
        let words = PromptWords::from_prompt("a 5\" phone, 1:30");
        assert_eq!(words.lower, ["a", "5", "phone", "1:30"]);
        assert!(words.quoted.is_empty());
    }
}
