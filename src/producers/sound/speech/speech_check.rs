//! Checks of what a speech job left.

use super::{SPEECH_FILE, WORDS_FILE};
use crate::model::FailureClass;
use crate::model::sound::{SpeechWork, WordTimes, spoken_seconds, text_words};
use crate::producers::contract::{JobFailure, OutputFile};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::sound::{SoundBuffer, read_wav};

/// How many times longer than estimated a line may be. An engine that reads a text letter by letter
/// is slow; one that never stops is broken.
const MAX_TIMES_LONGER: f64 = 12.0;
/// Seconds that any line may have beside that.
const SPARE_SECONDS: f64 = 10.0;
/// Seconds in which a letter is spelt at the most: a slow voice that says the names of Thai letters needs
/// nearly as many.
const LETTER_SECONDS: f64 = 4.0;
/// Seconds of the shortest word.
const MIN_SECONDS: f64 = 0.02;
/// The most by which the two files may differ about the length, in seconds.
const MAX_LENGTH_ERROR: f64 = 1e-3;

/// Fails if the line does not decode, has another rate, is silent, or if its words are not in it.
pub(super) fn check_line(work: &SpeechWork, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    expect_names(&[SPEECH_FILE.to_owned(), WORDS_FILE.to_owned()], outputs)?;
    let path = &outputs[0].path;
    let sound = read_wav(path).map_err(|error| unreadable_output(path, &error))?;
    check_sound(work, &sound)?;
    let path = &outputs[1].path;
    let bytes = std::fs::read(path).map_err(|error| unreadable_output(path, &error))?;
    let times: WordTimes =
        serde_json::from_slice(&bytes).map_err(|error| unreadable_output(path, &error))?;
    check_words(work, &times, &sound)
}

fn check_sound(work: &SpeechWork, sound: &SoundBuffer) -> Result<(), JobFailure> {
    if sound.sample_rate() != work.sample_rate || sound.channels().len() != 1 {
        return bad(format!(
            "it has {} samples a second in {} channels and not {} in one",
            sound.sample_rate(),
            sound.channels().len(),
            work.sample_rate
        ));
    }
    // One such sample would make every measure of the mix none.
    if sound.channels()[0].iter().any(|sample| !sample.is_finite()) {
        return bad("it has a sample that is no number".to_owned());
    }
    let has_words = !text_words(&work.text).is_empty();
    if has_words && sound.peak() == 0.0 {
        return bad("it is silent".to_owned());
    }
    let expected = spoken_seconds(&work.text, work.voice.words_per_minute);
    let most = longest_seconds(work);
    let seconds = sound.seconds();
    if !(MIN_SECONDS..=most).contains(&seconds) {
        return bad(format!(
            "it lasts {seconds:.2} s, and its text should last about {expected:.1} s"
        ));
    }
    Ok(())
}

/// Returns the seconds that a line lasts at the most.
pub(super) fn longest_seconds(work: &SpeechWork) -> f64 {
    let expected = spoken_seconds(&work.text, work.voice.words_per_minute);
    // Words are counted by their vowels. One of thousands of letters without any is spelt.
    let letters = work.text.chars().filter(|letter| letter.is_alphanumeric());
    let spelt = letters.count() as f64 * LETTER_SECONDS;
    (expected * MAX_TIMES_LONGER).max(spelt) + SPARE_SECONDS
}

fn check_words(
    work: &SpeechWork,
    times: &WordTimes,
    sound: &SoundBuffer,
) -> Result<(), JobFailure> {
    if let Some(fault) = times.fault() {
        return bad(format!("the times of its words are wrong: {fault}"));
    }
    if (times.seconds - sound.seconds()).abs() > MAX_LENGTH_ERROR {
        return bad(format!(
            "its words last {} s and its sound {} s",
            times.seconds,
            sound.seconds()
        ));
    }
    let expected = text_words(&work.text).len();
    if times.words.len() != expected {
        return bad(format!(
            "it has times of {} words and not of {expected}",
            times.words.len()
        ));
    }
    Ok(())
}

fn bad(why: String) -> Result<(), JobFailure> {
    let message = format!("check a spoken line: {why}");
    Err(JobFailure::new(FailureClass::BadOutput, message))
}
