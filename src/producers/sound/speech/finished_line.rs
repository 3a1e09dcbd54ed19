//! What an engine spoke becomes a line: cut at its ends, at the rate and the pitch of the work, at
//! one level.

use super::speech_check::longest_seconds;
use super::word_estimate::estimate_word_times;
use super::{SPEECH_FILE, WORDS_FILE};
use crate::base::json::to_json_bytes;
use crate::model::FailureClass;
use crate::model::sound::{SILENT_LINE_SECONDS, SpeechWork, WordTime, WordTimeSource, WordTimes};
use crate::producers::contract::{JobFailure, OutputFile};
use crate::sound::{
    SoundBuffer, WavFormat, audible_range, is_sound_rate, level_speech, resample, write_wav,
};
use std::path::Path;

/// Seconds over which a line begins and ends, so that the cut is no click.
const EDGE_SECONDS: f64 = 0.003;

/// What an engine spoke.
pub(super) struct EngineSpeech {
    /// One channel, at the rate of the engine.
    pub(super) sound: SoundBuffer,
    /// Semitones by which it must still be raised. The engine spoke so much slower that the line
    /// has its length afterwards.
    pub(super) semitones_left: f32,
    /// Start and end of each word in samples of `sound`, if the engine knows them.
    pub(super) words: Option<Vec<SpokenWord>>,
}

/// One word in the sound of an engine.
pub(super) struct SpokenWord {
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A line as the job leaves it.
pub(super) struct FinishedLine {
    sound: SoundBuffer,
    times: WordTimes,
}

impl FinishedLine {
    /// Returns the silent line of a text of which nothing can be spoken.
    pub(super) fn silent(work: &SpeechWork) -> Self {
        let length = whole_samples(SILENT_LINE_SECONDS * f64::from(work.sample_rate));
        let sound = SoundBuffer::silence(1, length, work.sample_rate);
        let times = WordTimes {
            source: WordTimeSource::Engine,
            seconds: rounded_seconds(sound.seconds()),
            words: Vec::new(),
        };
        Self { sound, times }
    }

    pub(super) fn from_engine(speech: EngineSpeech, work: &SpeechWork) -> Result<Self, JobFailure> {
        let range = audible_range(&speech.sound);
        if range.is_empty() {
            let engine = work.voice.engine.name();
            let message = format!(
                "speak with {engine}: it left only silence; can the voice `{}` read this text?",
                work.voice.name
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        expect_length(&speech.sound, range.len(), work)?;
        let samples = speech.sound.channels()[0][range.clone()].to_vec();
        let rate = raised_rate(speech.sound.sample_rate(), speech.semitones_left);
        let mut sound = resample(&SoundBuffer::mono(samples, rate), work.sample_rate);
        soften_edges(&mut sound);
        level_speech(&mut sound);
        let times = match speech.words {
            Some(words) => known_times(&words, range.start, rate, &sound),
            None => estimate_word_times(&work.text, &sound),
        };
        Ok(Self { sound, times })
    }

    /// Writes the files of the job.
    pub(super) fn write_files(&self, scratch: &Path) -> Result<Vec<OutputFile>, JobFailure> {
        let output = |name: &str| OutputFile {
            name: name.to_owned(),
            path: scratch.join(name),
        };
        let outputs = vec![output(SPEECH_FILE), output(WORDS_FILE)];
        write_wav(&outputs[0].path, &self.sound, WavFormat::Float32).map_err(|error| {
            error.io_error().map_or_else(
                || JobFailure::new(FailureClass::Crash, format!("write {error}")),
                |io| JobFailure::from_io_error("write a line", io),
            )
        })?;
        std::fs::write(&outputs[1].path, to_json_bytes(&self.times))
            .map_err(|error| JobFailure::from_io_error("write the times of words", &error))?;
        Ok(outputs)
    }
}

/// Fails on a rate that no engine has, and on a line that no engine speaks: both would be made
/// longer for minutes before the check of the finished line.
fn expect_length(sound: &SoundBuffer, audible: usize, work: &SpeechWork) -> Result<(), JobFailure> {
    let engine = work.voice.engine.name();
    let rate = sound.sample_rate();
    let bad = |what: String| {
        let message = format!("speak with {engine}: {what}");
        JobFailure::new(FailureClass::BadOutput, message)
    };
    if !is_sound_rate(rate) {
        return Err(bad(format!("it left sound of {rate} Hz")));
    }
    let seconds = audible as f64 / f64::from(rate);
    let most = longest_seconds(work);
    if seconds > most {
        return Err(bad(format!(
            "it spoke for {seconds:.0} s, and such a text lasts {most:.0} s at the most"
        )));
    }
    Ok(())
}

/// Returns the rate at which sound of `rate` is so many semitones higher.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate times at most two"
)]
fn raised_rate(rate: u32, semitones: f32) -> u32 {
    if semitones == 0.0 {
        return rate;
    }
    // In steps of 50: with few common divisors of the two rates, resampling needs thousands of
    // filters. The pitch is then right to 4 cents.
    let raised = f64::from(rate) * pitch_factor(semitones);
    ((raised / 50.0).round() * 50.0).max(50.0) as u32
}

/// Returns the ratio of frequencies of an interval.
pub(super) fn pitch_factor(semitones: f32) -> f64 {
    libm::exp2(f64::from(semitones) / 12.0)
}

/// Fades the first and last few samples.
fn soften_edges(sound: &mut SoundBuffer) {
    let length = sound.length();
    // A line shorter than both edges still has a middle.
    let edge = whole_samples(EDGE_SECONDS * f64::from(sound.sample_rate())).min(length / 2);
    for channel in sound.channels_mut() {
        for index in 0..edge {
            let share = index as f32 / edge as f32;
            channel[index] *= share;
            channel[length - 1 - index] *= share;
        }
    }
}

/// Returns the times of words that the engine knows.
fn known_times(words: &[SpokenWord], cut: usize, rate: u32, sound: &SoundBuffer) -> WordTimes {
    let seconds = sound.seconds();
    let moment = |sample: usize| {
        // A word may begin in the silence that was cut off.
        let moment = sample.saturating_sub(cut) as f64 / f64::from(rate);
        rounded_seconds(moment.min(seconds))
    };
    let times = words.iter().map(|word| WordTime {
        word: word.text.clone(),
        start: moment(word.start),
        end: moment(word.end),
    });
    WordTimes {
        source: WordTimeSource::Engine,
        seconds: rounded_seconds(seconds),
        words: times.collect(),
    }
}

/// Returns seconds to a tenth of a millisecond, so that the last digit is the same everywhere.
pub(super) fn rounded_seconds(seconds: f64) -> f64 {
    (seconds * 1e4).round() / 1e4
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are positive and short"
)]
pub(super) fn whole_samples(samples: f64) -> usize {
    samples.round() as usize
}
