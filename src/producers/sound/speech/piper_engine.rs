//! Speech by `piper`, a neural voice as a program of its own.
//!
//! Both noise scales are 0: without a seed, another line would come out each time. The voice is a
//! little flatter for it, and the bytes are the same on one machine. Machines with other vector
//! units may differ in the last digits; the artefact in the store is used for ever, so a line is
//! not spoken again elsewhere.

use super::engine_call::EngineFolder;
use super::finished_line::{EngineSpeech, pitch_factor};
use super::piper_voice::PiperVoice;
use crate::model::sound::{SpeechWork, has_counted_words, spoken_seconds};
use crate::producers::contract::JobFailure;
use crate::producers::render::command::EnvironmentVariables;
use crate::sound::{SoundBuffer, audible_range};
use std::process::Command;

/// Words a minute that voices speak by themselves, roughly. They do not say it, and differ.
const USUAL_PACE: f64 = 200.0;
/// Share of a line that the length scale changes. Pauses and the shortest sounds stay.
const SCALED_SHARE: f64 = 0.7;
/// Smallest and largest length scale.
const LENGTH_SCALES: (f64, f64) = (0.25, 4.0);
/// The most by which the scale of one line differs from the usual one.
const MAX_SCALE_CHANGE: f64 = 1.5;
/// A line within this share of its words a minute is not spoken again, which takes two seconds.
const GOOD_ENOUGH: f64 = 0.05;
/// Seconds of silence behind each sentence. Without it, sentences run into each other.
const SENTENCE_SILENCE: &str = "0.25";

/// Speaks a line.
pub(super) fn speak(
    voice: &PiperVoice,
    work: &SpeechWork,
    folder: &EngineFolder<'_>,
    environment: &EnvironmentVariables,
) -> Result<EngineSpeech, JobFailure> {
    // The program knows no pitch, so all of it is done afterwards, which makes the line faster.
    let raise = pitch_factor(work.voice.pitch);
    let requested = f64::from(work.voice.words_per_minute);
    let usual = scale_for_length(USUAL_PACE / requested * raise);
    let mut sound = call(voice, usual, folder, environment)?;
    if has_counted_words(&work.text) {
        let wanted = spoken_seconds(&work.text, work.voice.words_per_minute) * raise;
        let measured = audible_range(&sound).len() as f64 / f64::from(sound.sample_rate().max(1));
        // Spoken again at most once: a second correction gains less than it costs.
        if measured > 0.0 && (measured / wanted - 1.0).abs() > GOOD_ENOUGH {
            let scale = corrected_scale(usual, wanted / measured);
            sound = call(voice, scale, folder, environment)?;
        }
    }
    Ok(EngineSpeech {
        sound,
        semitones_left: work.voice.pitch,
        words: None,
    })
}

/// Returns the scale at which a line is so many times as long as at the scale 1.
fn scale_for_length(times: f64) -> f64 {
    let scale = (times - (1.0 - SCALED_SHARE)) / SCALED_SHARE;
    scale.clamp(LENGTH_SCALES.0, LENGTH_SCALES.1)
}

/// Returns the scale at which a line is so many times as long as at the scale `usual`.
fn corrected_scale(usual: f64, times: f64) -> f64 {
    // The scale does not act on pauses, so a line of twice the scale is less than twice as long.
    let length = SCALED_SHARE.mul_add(usual, 1.0 - SCALED_SHARE);
    let scale = scale_for_length(length * times);
    scale.clamp(usual / MAX_SCALE_CHANGE, usual * MAX_SCALE_CHANGE)
}

fn call(
    voice: &PiperVoice,
    scale: f64,
    folder: &EngineFolder<'_>,
    environment: &EnvironmentVariables,
) -> Result<SoundBuffer, JobFailure> {
    let sound_file = folder.sound_file("line.wav");
    let mut command = Command::new(&voice.program);
    command
        .arg("--model")
        .arg(&voice.model)
        .args(["--noise-scale", "0", "--noise-w-scale", "0"])
        .args(["--sentence-silence", SENTENCE_SILENCE])
        .args(["--length-scale", &format!("{scale:.4}")])
        .arg("--input-file")
        .arg(&folder.text_file)
        .arg("--output-file")
        .arg(&sound_file);
    folder.run_program(command, environment)?;
    folder.read_sound(&sound_file, "piper")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_changes_the_part_of_a_line_that_it_can() {
        assert!((scale_for_length(1.0) - 1.0).abs() < 1e-12);
        assert!((scale_for_length(1.7) - 2.0).abs() < 1e-12);
        assert_eq!(scale_for_length(0.1), LENGTH_SCALES.0);
        assert!((corrected_scale(1.0, 1.35) - 1.5).abs() < 1e-12);
        assert_eq!(corrected_scale(1.0, 3.0), MAX_SCALE_CHANGE);
        assert!((corrected_scale(1.3, 1.0) - 1.3).abs() < 1e-12);
    }
}
