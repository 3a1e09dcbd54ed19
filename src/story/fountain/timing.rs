//! The duration of words and actions on screen, by common rules of thumb.
//!
//! Speech: two and a half words a second, with pauses. Action: a page a minute, with 54 printed
//! lines of 60 characters.

/// Words spoken in a second, at the pace of film dialogue (about 150 a minute).
const WORDS_PER_SECOND: f64 = 2.5;
/// Pause after a sentence, in seconds.
const SENTENCE_PAUSE: f64 = 0.4;
/// Pause after a part of a sentence, in seconds.
const CLAUSE_PAUSE: f64 = 0.15;
/// Breath between two dialogues, in seconds.
const TURN_PAUSE: f64 = 0.5;
/// One printed line at a page a minute, in seconds.
const LINE_SECONDS: f64 = 60.0 / 54.0;
/// Characters in a printed line of action.
const LINE_WIDTH: usize = 60;
/// Time on screen of a centred line, such as a title card, in seconds.
pub(super) const CARD_SECONDS: f64 = 3.0;

/// Returns the estimated seconds to speak this. Text without words takes none.
#[must_use]
pub fn speech_seconds(spoken: &str) -> f64 {
    // A dash or an ellipsis alone is a word to `split_whitespace`, but nobody speaks it.
    let words: Vec<&str> = spoken
        .split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .collect();
    if words.is_empty() {
        return 0.0;
    }
    let pauses: f64 = words.iter().map(|word| pause_after(word)).sum();
    count_as_f64(words.len()) / WORDS_PER_SECOND + pauses + TURN_PAUSE
}

/// Returns the estimated seconds of an action paragraph.
#[must_use]
pub fn action_seconds(action: &str) -> f64 {
    // An empty line inside of a paragraph is a printed line too.
    let printed = action
        .lines()
        .map(|line| line.chars().count().div_ceil(LINE_WIDTH).max(1))
        .sum();
    // The blank line after a paragraph is printed too.
    if action.trim().is_empty() {
        0.0
    } else {
        count_as_f64(printed) * LINE_SECONDS + LINE_SECONDS
    }
}

/// Returns the seconds that a direction such as `beat` adds. Other directions, such as
/// `whispering`, only colour the words.
pub(super) fn direction_seconds(direction: &str) -> f64 {
    let direction = direction.to_lowercase();
    let waits = ["beat", "pause", "silence", "sighs", "laughs"]
        .iter()
        .any(|word| direction.contains(word));
    if waits { 1.0 } else { 0.0 }
}

fn pause_after(word: &str) -> f64 {
    // A closing quote or parenthesis after the full stop does not change the pause.
    match word
        .trim_end_matches(['"', '\'', ')', '”', '’', '»'])
        .chars()
        .last()
    {
        Some('.' | '!' | '?' | '…') => SENTENCE_PAUSE,
        Some(',' | ';' | ':' | '-' | '–' | '—') => CLAUSE_PAUSE,
        _ => 0.0,
    }
}

fn count_as_f64(items: usize) -> f64 {
    u32::try_from(items).map_or(f64::from(u32::MAX), f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_take_two_seconds_and_the_pauses() {
        assert!(
            (speech_seconds("We leave at dawn, friend.")
                - (2.0 + CLAUSE_PAUSE + SENTENCE_PAUSE + TURN_PAUSE))
                .abs()
                < 1e-9
        );
        assert!(speech_seconds(" - ...").abs() < 1e-9);
    }

    #[test]
    fn a_page_of_action_takes_a_minute() {
        let page = vec!["x".repeat(LINE_WIDTH); 53].join("\n");
        assert!((action_seconds(&page) - 60.0).abs() < 1e-9);
        assert!(action_seconds("").abs() < 1e-9);
    }
}
