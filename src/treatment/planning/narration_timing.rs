//! How long narration probably takes. The voice decides in the end; a plan is made before anybody
//! has spoken.

use crate::treatment::treatment_value::TreatmentScene;

/// Milliseconds of a word, at 150 words a minute.
const WORD: i64 = 400;
/// Milliseconds of a character in a script without spaces, at 300 a minute.
const CHARACTER: i64 = 200;
/// Milliseconds before the first line, between two lines, and behind the last, as the document's
/// `lines` have them.
const BEFORE: i64 = 300;
const BETWEEN: i64 = 500;
const AFTER: i64 = 800;

/// Returns the milliseconds that the narration of a scene takes. Zero without any.
pub(super) fn narration_milliseconds(scene: &TreatmentScene) -> i64 {
    let lines = i64::try_from(scene.narration.len()).unwrap_or(i64::MAX / 1000);
    if lines == 0 {
        return 0;
    }
    let spoken: i64 = scene
        .narration
        .iter()
        .map(|line| text_milliseconds(&line.text.value))
        .sum();
    spoken + BEFORE + AFTER + BETWEEN * (lines - 1)
}

/// Returns the milliseconds that a text takes to say.
pub(super) fn text_milliseconds(text: &str) -> i64 {
    let dense = text.chars().filter(|c| is_dense(*c)).count();
    let spaced: String = text
        .chars()
        .map(|c| if is_dense(c) { ' ' } else { c })
        .collect();
    let words = spaced
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric));
    let count = |value: usize| i64::try_from(value).unwrap_or(i64::MAX / 1000);
    let pauses = text.chars().filter(|c| ".!?;。！？".contains(*c)).count();
    count(words.count()) * WORD + count(dense) * CHARACTER + count(pauses.saturating_sub(1)) * 250
}

/// Whether a character is of a script without spaces.
fn is_dense(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{0e00}'..='\u{0e7f}')
}
