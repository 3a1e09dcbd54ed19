//! Lines and headings that begin a scene: `Scene 3: The hive (5 sec)`, `0:05-0:12 The hive`.

use crate::base::Spanned;
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::WrittenTiming;
use crate::treatment::words::{SCENE_WORDS, TimeMatch, parse_times};

/// What a line says about the scene that it begins.
#[derive(Debug, Clone, Default)]
pub(super) struct SceneMark {
    pub(super) number: Option<Spanned<String>>,
    pub(super) timing: Option<Spanned<WrittenTiming>>,
    pub(super) time: Option<TimeMatch>,
    /// What is left of the line.
    pub(super) rest: LocatedText,
}

/// Returns the rank of the word that a line begins with, if a number or a colon follows it.
pub(super) fn scene_word_rank(text: &str) -> Option<usize> {
    let (word, rest) = first_word(text)?;
    let rank = SCENE_WORDS.iter().position(|known| *known == word)?;
    let has_number = scene_number(rest).is_some();
    // `Scene: the hive` begins a scene; `Part: ...` and `Step: ...` are prose as often.
    let is_bare = rank < FIRST_LOOSE_WORD && rest.trim_start().starts_with(':');
    (has_number || is_bare).then_some(rank)
}

/// The words of `SCENE_WORDS` before this index mean a scene and nothing else.
const FIRST_LOOSE_WORD: usize = 11;

/// Returns the first word in lower case, and the text behind it.
fn first_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    (end > 0 && end < 20).then(|| (text[..end].to_lowercase(), &text[end..]))
}

/// Returns the number that a text begins with, and its length with what separates it.
fn scene_number(text: &str) -> Option<(&str, usize)> {
    let trimmed = text.trim_start_matches([' ', '#', '\u{a0}', '.', '-']);
    let start = text.len() - trimmed.len();
    let end = trimmed
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(trimmed.len());
    let number = &trimmed[..end];
    let digits = number.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let is_counted = !digits.is_empty()
        && digits.len() <= 4
        && number.len() - digits.len() <= 1
        && digits.chars().all(|c| c.is_ascii_digit());
    let is_written = is_counted || NUMBER_WORDS.contains(&number.to_lowercase().as_str());
    is_written.then_some((number, start + end))
}

const NUMBER_WORDS: &[&str] = &[
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "i", "ii",
    "iii", "iv", "v", "vi", "vii", "viii", "ix", "x",
];

/// Whether a line begins with a range of times.
pub(super) fn begins_with_times(text: &str) -> bool {
    let found = parse_times(text);
    found.is_some_and(|found| {
        found.timing.start.is_some()
            && text[..found.range.start]
                .chars()
                .all(|c| !c.is_alphanumeric())
    })
}

/// Reads what a line says about its scene.
pub(super) fn read_scene_mark(line: &LocatedText) -> SceneMark {
    let mut mark = SceneMark {
        rest: line.clone(),
        ..SceneMark::default()
    };
    // The time first: its digits would be taken for the number of the scene.
    take_time(&mut mark);
    take_number(&mut mark);
    mark
}

fn take_time(mark: &mut SceneMark) {
    if let Some(found) = parse_times(&mark.rest.text) {
        let origin = mark.rest.span(found.range.clone());
        mark.timing = Some(Spanned::new(found.timing, origin));
        mark.rest = mark.rest.without(std::slice::from_ref(&found.range));
        mark.time = Some(found);
    }
}

fn take_number(mark: &mut SceneMark) {
    let text = mark.rest.text.clone();
    let start = text.len()
        - text
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .len();
    let mut end = start;
    if scene_word_rank(&text).is_some()
        && let Some((word, rest)) = first_word(&text)
    {
        end = text.len() - rest.len();
        let _ = word;
        if let Some((number, length)) = scene_number(rest) {
            let at = end + length - number.len();
            mark.number = Some(mark.rest.value(at..at + number.len()));
            end += length;
        }
    } else if let Some((number, length)) = numbered_heading(&text[start..]) {
        mark.number = Some(mark.rest.value(start..start + number));
        end = start + length;
    }
    let separators = |c: char| c.is_whitespace() || ":.-–—|)]•·".contains(c);
    let rest = &text[end..];
    let skipped = rest.len() - rest.trim_start_matches(separators).len();
    let from = if end > start || start > 0 {
        end + skipped
    } else {
        0
    };
    let kept = text[from..].trim_end_matches(|c: char| c.is_whitespace() || ":-–—|".contains(c));
    mark.rest = mark.rest.part(from..from + kept.len());
}

/// Returns the lengths of a number that begins a heading, such as `3. The hive`, alone and with its
/// mark.
fn numbered_heading(text: &str) -> Option<(usize, usize)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &text[digits..];
    // `2024. A year` is a heading that begins with a year.
    let is_mark = (1..=3).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") "));
    is_mark.then_some((digits, digits + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn mark(text: &str) -> (Option<String>, Option<u64>, String) {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        let mark = read_scene_mark(&line);
        let length = mark.timing.map(|timing| timing.value.length.0);
        (
            mark.number.map(|number| number.value),
            length,
            mark.rest.full_value().value,
        )
    }

    #[test]
    fn number_time_and_heading_of_a_mark_are_distinguished() {
        let expected = |number: Option<&str>, length, rest: &str| {
            (number.map(str::to_owned), length, rest.to_owned())
        };
        assert_eq!(
            mark("Scene 1: The hive (5 sec)"),
            expected(Some("1"), Some(5000), "The hive")
        );
        assert_eq!(
            mark("SCENE 2A - Dance"),
            expected(Some("2A"), None, "Dance")
        );
        assert_eq!(
            mark("0:05-0:12 The hive"),
            expected(None, Some(7000), "The hive")
        );
        assert_eq!(
            mark("[0:00 - 0:05] Scene 1"),
            expected(Some("1"), Some(5000), "")
        );
        assert_eq!(
            mark("3. Why bees matter"),
            expected(Some("3"), None, "Why bees matter")
        );
        assert_eq!(
            mark("Why bees matter"),
            expected(None, None, "Why bees matter")
        );
        assert_eq!(
            mark("Scene One – Opening"),
            expected(Some("One"), None, "Opening")
        );
    }

    #[test]
    fn only_a_number_or_a_colon_makes_a_word_a_mark() {
        assert!(scene_word_rank("Scene 1").is_some() && scene_word_rank("Szene: Wabe").is_some());
        assert!(
            scene_word_rank("Scene of crime").is_none() && scene_word_rank("Part of it").is_none()
        );
    }
}
