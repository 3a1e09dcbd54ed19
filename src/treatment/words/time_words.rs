//! Times in words and numbers: `5 sec`, `1 min 30 s`, `1:30`, `0:00-0:05`, `5s-10s`.

use crate::treatment::treatment_value::{TreatmentTime, WrittenTiming};
use std::ops::Range;

/// Longest time of a treatment: a day.
const MAX_MILLISECONDS: u64 = 24 * 3600 * 1000;

/// A time that was found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::treatment) struct TimeMatch {
    pub(in crate::treatment) timing: WrittenTiming,
    /// Where it is in the text, with the brackets around it.
    pub(in crate::treatment) range: Range<usize>,
    /// Whether the end of a range is before its beginning.
    pub(in crate::treatment) is_reversed: bool,
    /// Whether it is a range of lengths, such as `5-7 seconds`, of which the middle is taken.
    pub(in crate::treatment) is_between: bool,
}

/// One point of time, or a length.
#[derive(Debug, Clone, Copy)]
struct TimeToken {
    milliseconds: u64,
    /// First byte, and one past the last.
    start: usize,
    end: usize,
    form: TimeForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TimeForm {
    /// `1:30`
    Clock,
    /// `5 sec`
    Length,
    /// A number alone.
    Bare,
}

/// Returns the first time of a text.
pub(in crate::treatment) fn parse_times(text: &str) -> Option<TimeMatch> {
    let tokens = time_tokens(text);
    let first = tokens
        .iter()
        .position(|token| token.form != TimeForm::Bare)?;
    // In `5-7 seconds` and `0-5s` the first number has no unit.
    let begins_before = first.checked_sub(1).filter(|before| {
        joins_range(text, &tokens[*before], &tokens[first])
            && tokens[first].form == TimeForm::Length
    });
    if let Some(before) = begins_before {
        return Some(range_match(text, &tokens[before], &tokens[first]));
    }
    let token = tokens[first];
    let next = tokens
        .get(first + 1)
        .filter(|next| next.form == token.form && joins_range(text, &token, next));
    Some(next.map_or_else(
        || single_match(text, &token),
        |next| range_match(text, &token, next),
    ))
}

/// Returns a length that a value consists of: `30`, `30 sec`, `0:30`, `half a minute` has none.
pub(in crate::treatment) fn parse_length(text: &str) -> Option<TimeMatch> {
    if let Some(found) = parse_times(text) {
        return Some(found);
    }
    // Behind a label for durations, a bare number is seconds. With digits behind it that are no
    // number, as in `15-2O`, no one knows what it is.
    let token = time_tokens(text).into_iter().next()?;
    let is_alone = !text[token.end..].contains(|c: char| c.is_ascii_digit());
    is_alone.then(|| single_match(text, &token))
}

fn single_match(text: &str, token: &TimeToken) -> TimeMatch {
    TimeMatch {
        timing: WrittenTiming {
            start: None,
            length: TreatmentTime(token.milliseconds),
        },
        range: with_brackets(text, token.start..token.end),
        is_reversed: false,
        is_between: false,
    }
}

fn range_match(text: &str, from: &TimeToken, to: &TimeToken) -> TimeMatch {
    // `5-7 seconds` is a length between the two, `0-5 s` and `0:00-0:05` are a place in the film.
    let is_between = from.form != TimeForm::Clock && is_length_range(text, from, to);
    let (start, length) = if is_between {
        (None, u64::midpoint(from.milliseconds, to.milliseconds))
    } else {
        let start = Some(TreatmentTime(from.milliseconds));
        (start, to.milliseconds.saturating_sub(from.milliseconds))
    };
    TimeMatch {
        timing: WrittenTiming {
            start,
            length: TreatmentTime(length),
        },
        range: with_brackets(text, from.start..to.end),
        is_reversed: to.milliseconds < from.milliseconds,
        is_between,
    }
}

/// Whether `3-5 seconds` says how long and not when. Words such as `about` and `long` decide; else a
/// range in full words is a length, and one in single letters is a place.
fn is_length_range(text: &str, from: &TimeToken, to: &TimeToken) -> bool {
    let unit = text[..to.end].trim_end().to_lowercase();
    let before = text[..from.start].to_lowercase();
    let is_spelt =
        unit.ends_with("seconds") || unit.ends_with("sekunden") || unit.ends_with("secondes");
    let after = text[to.end..].trim_start().to_lowercase();
    from.form == TimeForm::Bare && from.milliseconds > 0 && is_spelt
        || after.starts_with("long")
        || before.trim_end().ends_with("about")
}

/// Whether the text between two times makes them a range.
fn joins_range(text: &str, from: &TimeToken, to: &TimeToken) -> bool {
    let between = text.get(from.end..to.start).unwrap_or_default().trim();
    matches!(
        between,
        "-" | "–" | "—" | "−" | "to" | "->" | "→" | "bis" | "à" | "a" | ".."
    )
}

/// Widens a range over the brackets around it.
fn with_brackets(text: &str, range: Range<usize>) -> Range<usize> {
    let before = text[..range.start].trim_end();
    let after = &text[range.end..];
    let closing = after.len() - after.trim_start().len();
    let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
    for (open, close) in pairs {
        if before.ends_with(open) && after.trim_start().starts_with(close) {
            return before.len() - 1..range.end + closing + 1;
        }
    }
    range
}

fn time_tokens(text: &str) -> Vec<TimeToken> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<TimeToken> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match starts_word(text, at)
            .then(|| read_token(text, at))
            .flatten()
        {
            Some(token) => {
                at = token.end;
                push_token(&mut tokens, text, token);
            }
            None => at += 1,
        }
    }
    tokens
}

/// Adds a token, or adds it up with the one before: `1 min 30 s` is one length.
fn push_token(tokens: &mut Vec<TimeToken>, text: &str, token: TimeToken) {
    let is_next = |last: &&mut TimeToken| {
        let between = text.get(last.end..token.start).unwrap_or("x").trim();
        last.form == TimeForm::Length
            && token.form == TimeForm::Length
            && matches!(between, "" | "," | "and" | "und" | "et" | "y")
            // A smaller unit follows a larger one; `5 s, 10 s` are two lengths.
            && last.milliseconds > token.milliseconds
    };
    if let Some(last) = tokens.last_mut().filter(is_next) {
        last.milliseconds = (last.milliseconds + token.milliseconds).min(MAX_MILLISECONDS);
        last.end = token.end;
    } else {
        tokens.push(token);
    }
}

/// Whether a word may begin at a byte.
fn starts_word(text: &str, at: usize) -> bool {
    // A dash of typography, as in `0:00–0:06`, has several bytes.
    let is_behind_dash = || {
        let before = text.get(..at);
        before.is_some_and(|before| before.ends_with(['–', '—', '−']))
    };
    at == 0 || !is_word_byte(text.as_bytes()[at - 1]) || is_behind_dash()
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b':' || byte == b'#' || byte >= 0x80
}

/// Reads the time that begins at a byte.
fn read_token(text: &str, start: usize) -> Option<TimeToken> {
    let rest = text.get(start..)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':' && c != ',')
        .unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches(['.', ':', ',']);
    if number.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let token = |milliseconds: u64, length: usize, form| TimeToken {
        milliseconds: milliseconds.min(MAX_MILLISECONDS),
        start,
        end: start + length,
        form,
    };
    if number.contains(':') {
        return Some(token(
            clock_milliseconds(number)?,
            number.len(),
            TimeForm::Clock,
        ));
    }
    let value: f64 = number.replace(',', ".").parse().ok()?;
    let behind = &rest[number.len()..];
    Some(match time_unit(behind) {
        Some((seconds, length)) => token(
            to_milliseconds(value * seconds),
            number.len() + length,
            TimeForm::Length,
        ),
        // `1o sec` is a slip of the finger and no second.
        None if behind.starts_with(char::is_alphabetic) => return None,
        None => token(to_milliseconds(value), number.len(), TimeForm::Bare),
    })
}

/// Returns the milliseconds of `mm:ss`, `hh:mm:ss`, or either with a fraction.
fn clock_milliseconds(text: &str) -> Option<u64> {
    let mut total = 0.0;
    let parts: Vec<&str> = text.split(':').collect();
    if parts.len() > 3 {
        return None;
    }
    for part in parts {
        let value: f64 = part.replace(',', ".").parse().ok()?;
        total = total * 60.0 + value;
    }
    Some(to_milliseconds(total))
}

fn to_milliseconds(seconds: f64) -> u64 {
    let day = 24.0 * 3600.0;
    // A number of some hundred digits is infinite.
    let seconds = if seconds.is_finite() {
        seconds.clamp(0.0, day)
    } else {
        day
    };
    let duration = std::time::Duration::from_secs_f64(seconds);
    // Rounded, because 0.1 s is not exact in binary.
    let micros = duration.as_micros() + 500;
    u64::try_from(micros / 1000).unwrap_or(MAX_MILLISECONDS)
}

/// Words for seconds, minutes and hours, the longest first.
const UNITS: &[(&str, f64)] = &[
    ("milliseconds", 0.001),
    ("ms", 0.001),
    ("seconds", 1.0),
    ("secondes", 1.0),
    ("segundos", 1.0),
    ("sekunden", 1.0),
    ("sekunde", 1.0),
    ("second", 1.0),
    ("seconde", 1.0),
    ("segundo", 1.0),
    ("secondi", 1.0),
    ("sek", 1.0),
    ("secs", 1.0),
    ("sec", 1.0),
    ("seg", 1.0),
    ("s", 1.0),
    ("minutes", 60.0),
    ("minuten", 60.0),
    ("minutos", 60.0),
    ("minuti", 60.0),
    ("minute", 60.0),
    ("minuto", 60.0),
    ("mins", 60.0),
    ("min", 60.0),
    ("m", 60.0),
    ("hours", 3600.0),
    ("hour", 3600.0),
    ("stunden", 3600.0),
    ("heures", 3600.0),
    ("h", 3600.0),
    ("秒", 1.0),
    ("分", 60.0),
    ("сек", 1.0),
    ("мин", 60.0),
];

/// Returns the seconds of the unit that a text begins with, and its length with spaces before it.
fn time_unit(text: &str) -> Option<(f64, usize)> {
    let trimmed = text.trim_start_matches([' ', '-', '\u{a0}']);
    let skipped = text.len() - trimmed.len();
    // `5-` and `5 - sec`: one sign or space only.
    if skipped > 2 {
        return None;
    }
    let word_end = trimmed
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(trimmed.len());
    let word = trimmed[..word_end].to_lowercase();
    // Scripts without spaces write the unit before other characters.
    let found = UNITS
        .iter()
        .find(|(unit, _)| word == *unit || (!unit.is_ascii() && word.starts_with(unit)))?;
    // `4 m` is metres as often as minutes, so a single letter must touch the number.
    if found.0.len() == 1 && skipped > 0 && found.0 != "s" {
        return None;
    }
    // Small letters may be longer or shorter than those that are written.
    let length = if word == found.0 {
        word_end
    } else {
        found.0.len()
    };
    trimmed
        .is_char_boundary(length)
        .then_some((found.1, skipped + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(text: &str) -> Option<(Option<u64>, u64)> {
        parse_times(text).map(|found| {
            let start = found.timing.start.map(|start| start.0);
            (start, found.timing.length.0)
        })
    }

    #[test]
    fn lengths_and_ranges_are_read_in_every_form() {
        let cases: &[(&str, (Option<u64>, u64))] = &[
            ("5 sec", (None, 5000)),
            ("(5s)", (None, 5000)),
            ("lasts 2.5 seconds here", (None, 2500)),
            ("2,5 Sekunden", (None, 2500)),
            ("1 min 30 s", (None, 90_000)),
            ("1:30", (None, 90_000)),
            ("01:02:03", (None, 3_723_000)),
            ("0:00-0:05", (Some(0), 5000)),
            ("[0:05 – 0:12.5]", (Some(5000), 7500)),
            ("(0:00–0:06)", (Some(0), 6000)),
            ("(0–6 s)", (Some(0), 6000)),
            ("0:02—0:05", (Some(2000), 3000)),
            ("0-5s", (Some(0), 5000)),
            ("5s-10s", (Some(5000), 5000)),
            ("5-7 seconds", (None, 6000)),
            ("00:00 to 00:10", (Some(0), 10_000)),
            ("30-second", (None, 30_000)),
            ("5秒", (None, 5000)),
            ("5 se\u{212a}", (None, 5000)),
        ];
        for (text, expected) in cases {
            assert_eq!(times(text), Some(*expected), "{text}");
        }
    }

    #[test]
    fn numbers_that_are_no_times_are_left() {
        for text in [
            "2019", "40%", "5 bees", "v1.2", "#00ff00", "4 m wide", "Scene 3", "",
        ] {
            assert_eq!(times(text), None, "{text}");
        }
    }

    #[test]
    fn a_length_with_a_letter_in_its_number_is_none() {
        for text in ["1o sec", "1O", "15-2O seconds", "l5 s2"] {
            assert!(parse_length(text).is_none(), "{text}");
        }
        assert_eq!(parse_length("30").unwrap().timing.length.0, 30_000);
    }

    #[test]
    fn a_range_that_runs_backwards_is_marked() {
        let found = parse_times("0:10-0:05").unwrap();
        assert!(found.is_reversed);
        assert_eq!(found.timing.length.0, 0);
    }

    #[test]
    fn brackets_are_part_of_the_place() {
        let text = "The hive (5 sec)";
        assert_eq!(&text[parse_times(text).unwrap().range], "(5 sec)");
    }
}
