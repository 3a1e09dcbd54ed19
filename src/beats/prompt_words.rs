//! A prompt as words: what is in quotes apart, the rest in lower case, with the letters that are
//! part of a word.

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
                    count += phrase_words(&plain[counted..]).len();
                    counted = plain.len();
                    let quoted = non_empty(quoted);
                    words.quoted_at.extend(quoted.iter().map(|_| count));
                    words.quoted.extend(quoted);
                    let mut behind = rest.as_str()[length..].chars();
                    behind.next();
                    rest = behind;
                    plain.push(' ');
                }
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
    let mut words: Vec<(&str, bool)> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_inner) {
        let between = &rest[..start];
        if let Some((_, ends)) = words.last_mut() {
            *ends |= between.contains(ends_phrase);
        }
        let end = rest[start..].find(|c| !is_inner(c));
        let end = end.map_or(rest.len(), |length| start + length);
        let token = &rest[start..end];
        rest = &rest[end..];
        let word = token.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            let is_ended = word.chars().count() >= LEAST_ENDED && token.ends_with(['.', ':']);
            words.push((word, is_ended));
        } else if token == NAME_JOIN {
            words.push((token, false));
        }
    }
    words
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
    fn a_quote_that_nothing_closes_is_a_mark_like_others() {
        let words = PromptWords::from_prompt("a 5\" phone, 1:30");
        assert_eq!(words.lower, ["a", "5", "phone", "1:30"]);
        assert!(words.quoted.is_empty());
    }
}
