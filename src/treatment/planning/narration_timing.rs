//! How long narration probably takes. The voice decides in the end; a plan is made before anybody
//! has spoken.

use crate::model::sound::{MOST_HURRY, USUAL_WORDS_PER_MINUTE, spoken_seconds};
use crate::treatment::treatment_value::TreatmentScene;

/// Words a minute of a narrator who is fast, and of one who is slow.
const FAST_WORDS: u32 = 175;
const SLOW_WORDS: u32 = 135;

/// Milliseconds of a word, at 150 words a minute.
const WORD: i64 = 400;
/// Milliseconds of a character in a script without spaces, at 300 a minute.
const CHARACTER: i64 = 200;
/// Milliseconds before the first line, between two lines, and behind the last, as the document's
/// `lines` have them.
const BEFORE: i64 = 300;
const BETWEEN: i64 = 500;
const AFTER: i64 = 800;

/// Returns the words a minute of a narrator by the words about the voice, such as `calm female`.
#[must_use]
pub(in crate::treatment) fn narrator_rate(voice: &str) -> u32 {
    let voice = voice.to_lowercase();
    let has_word = |wanted: &[&str]| {
        let mut words = voice.split(|c: char| !c.is_alphanumeric());
        words.any(|word| wanted.contains(&word))
    };
    if has_word(&["fast", "energetic"]) {
        FAST_WORDS
    } else if has_word(&["slow", "calm"]) {
        SLOW_WORDS
    } else {
        USUAL_WORDS_PER_MINUTE
    }
}

/// Returns the milliseconds that the narration of a scene takes at these words a minute. Zero without
/// any.
pub(super) fn narration_milliseconds(scene: &TreatmentScene, words_per_minute: u32) -> i64 {
    let lines = i64::try_from(scene.narration.len()).unwrap_or(i64::MAX / 1000);
    if lines == 0 {
        return 0;
    }
    let spoken: i64 = scene
        .narration
        .iter()
        .map(|line| line_milliseconds(&line.text.value, words_per_minute))
        .sum();
    spoken + BEFORE + AFTER + BETWEEN * (lines - 1)
}

/// Returns the fewest frames of a narration that takes so many at its own pace: a run speaks faster
/// where a scene is too short.
pub(super) fn hurried_frames(frames: i64) -> i64 {
    let count = u32::try_from(frames).unwrap_or(u32::MAX);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no more than the frames that it began with"
    )]
    let hurried = (f64::from(count) / f64::from(MOST_HURRY)).ceil() as i64;
    hurried
}

/// Returns the milliseconds of a line: at least those that a run counts on for this voice, or
/// the film that is made would warn of its own lengths.
fn line_milliseconds(text: &str, words_per_minute: u32) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a line of the largest treatment takes days, which are few milliseconds"
    )]
    let counted = (spoken_seconds(text, words_per_minute) * 1000.0).ceil() as i64;
    text_milliseconds(text).max(counted)
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
