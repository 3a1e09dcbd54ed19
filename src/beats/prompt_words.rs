//! A prompt as words: what is in quotes apart, the rest in lower case, with the letters that are part
//! of a word.

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
        while let Some(c) = rest.next() {
            match closing_quote(c, rest.as_str()) {
                Some(length) => {
                    let said = &rest.as_str()[..length];
                    words.quoted.extend(non_empty(said));
                    let mut behind = rest.as_str()[length..].chars();
                    behind.next();
                    rest = behind;
                    plain.push(' ');
                }
                None => plain.push(c),
            }
        }
        words.typed = plain
            .split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’' | '-' | ':' | '.')))
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect();
        words.lower = words.typed.iter().map(|word| word.to_lowercase()).collect();
        words
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_quotes_is_apart_and_apostrophes_stay() {
        let words = PromptWords::from_prompt("15s Levi's jeans, “Wear  what lasts.” urban!");
        assert_eq!(words.lower, ["15s", "levi's", "jeans", "urban"]);
        assert_eq!(words.quoted, ["Wear what lasts."]);
    }

    #[test]
    fn a_quote_that_nothing_closes_is_a_mark_like_others() {
        let words = PromptWords::from_prompt("a 5\" phone, 1:30");
        assert_eq!(words.lower, ["a", "5", "phone", "1:30"]);
        assert!(words.quoted.is_empty());
    }
}
