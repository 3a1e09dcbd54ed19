//! The length that a prompt asks for: `15s`, `30 seconds`, `half a minute`, `1:30`.

use super::prompt_words::PromptWords;

/// A length in a prompt, and the words that say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PromptLength {
    /// Seconds.
    pub seconds: u32,
    /// The words, as typed.
    pub typed: String,
    /// Where they are among the words.
    pub at: std::ops::Range<usize>,
}

const SECOND_WORDS: &[&str] = &[
    "s", "sec", "secs", "second", "seconds", "sekunden", "sekunde", "secondes", "seconde",
    "segundos", "secondi",
];
const MINUTE_WORDS: &[&str] = &[
    "m", "min", "mins", "minute", "minutes", "minuten", "minutos", "minuti",
];
const NUMBER_WORDS: &[(&str, u32)] = &[
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("five", 5),
    ("ten", 10),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("forty-five", 45),
    ("fifty", 50),
    ("sixty", 60),
    ("ninety", 90),
];

/// Returns every length that the prompt names, in order.
#[must_use]
pub(super) fn prompt_lengths(words: &PromptWords) -> Vec<PromptLength> {
    let mut lengths = Vec::new();
    let mut at = 0;
    while at < words.lower.len() {
        // `3M` is a brand. Nobody writes minutes with a capital alone.
        let is_name = words.typed[at].ends_with('M');
        match length_at(&words.lower, at).filter(|_| !is_name) {
            Some((seconds, count)) => {
                lengths.push(PromptLength {
                    seconds,
                    typed: words.typed[at..at + count].join(" "),
                    at: at..at + count,
                });
                at += count;
            }
            None => at += 1,
        }
    }
    lengths
}

/// Returns the seconds that the words from here on say, and how many words those are.
fn length_at(words: &[String], at: usize) -> Option<(u32, usize)> {
    let rest: Vec<&str> = words[at..].iter().take(4).map(String::as_str).collect();
    if rest.starts_with(&["half", "a", "minute"]) {
        return Some((30, 3));
    }
    if rest.starts_with(&["half", "minute"]) || rest.starts_with(&["half-minute"]) {
        return Some((30, if rest[0] == "half" { 2 } else { 1 }));
    }
    let word = *rest.first()?;
    if let Some(seconds) = clock_seconds(word).or_else(|| joined_seconds(word)) {
        return Some((seconds, 1));
    }
    let number = number(word)?;
    let unit = unit_seconds(rest.get(1)?)?;
    // People write `one minute and a half`, and more often `a minute` alone.
    let seconds = number.checked_mul(unit)?;
    if unit == 60
        && rest.get(2..) == Some(&["and", "a"][..])
        && words.get(at + 4).is_some_and(|word| word == "half")
    {
        return Some((seconds.checked_add(30)?, 5));
    }
    Some((seconds, 2))
}

fn number(word: &str) -> Option<u32> {
    let named = NUMBER_WORDS.iter().find(|(name, _)| *name == word);
    named
        .map(|(_, number)| *number)
        .or_else(|| word.parse().ok())
}

fn unit_seconds(word: &str) -> Option<u32> {
    if SECOND_WORDS.contains(&word) {
        Some(1)
    } else {
        MINUTE_WORDS.contains(&word).then_some(60)
    }
}

/// Returns the seconds of `15s`, `30-second`, `2min`.
fn joined_seconds(word: &str) -> Option<u32> {
    let digits = word.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = word.split_at(digits);
    let unit = unit_seconds(unit.trim_start_matches('-'))?;
    number.parse::<u32>().ok()?.checked_mul(unit)
}

/// Shapes of pictures that look like minutes and seconds.
const SHAPES: [&str; 4] = ["9:16", "9:19", "9:21", "16:10"];

/// Returns the seconds of `1:30`.
fn clock_seconds(word: &str) -> Option<u32> {
    if SHAPES.contains(&word) {
        return None;
    }
    let (minutes, seconds) = word.split_once(':')?;
    // `4:3` and `2:1` are shapes or scores.
    let is_clock = seconds.len() == 2 && minutes.len() <= 2;
    let seconds: u32 = seconds
        .parse()
        .ok()
        .filter(|seconds| is_clock && *seconds < 60)?;
    minutes
        .parse::<u32>()
        .ok()?
        .checked_mul(60)?
        .checked_add(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(prompt: &str) -> Vec<u32> {
        let lengths = prompt_lengths(&PromptWords::from_prompt(prompt));
        lengths.iter().map(|length| length.seconds).collect()
    }

    #[test]
    fn lengths_are_read_as_people_write_them() {
        for (prompt, wanted) in [
            ("15s sneakers", 15),
            ("a 30-second ad", 30),
            ("sneakers, 20 seconds", 20),
            ("half a minute of tea", 30),
            ("thirty seconds for a watch", 30),
            ("a minute for a car", 60),
            ("one minute and a half of music", 90),
            ("1:30 of coffee", 90),
            ("0:45 shoes", 45),
            ("2min chairs", 120),
            ("15 Sekunden Schuhe", 15),
        ] {
            assert_eq!(seconds(prompt), [wanted], "{prompt}");
        }
    }

    #[test]
    fn other_numbers_are_no_lengths() {
        assert!(seconds("71582788 minutes and a half of tea").is_empty());
        assert!(seconds("an upright 9:16 film of 16:10 screens").is_empty());
        assert!(seconds("iPhone 15 in 4k at 24fps, 3 colours, 100% wool").is_empty());
        assert!(seconds("99999999999 seconds").is_empty());
        assert!(seconds("tape by 3M").is_empty());
    }

    #[test]
    fn every_length_is_found() {
        assert_eq!(seconds("15s ad, no, 30 seconds"), [15, 30]);
    }
}
