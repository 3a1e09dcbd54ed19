//! Makes music: composed for a mood, or a file of the user fitted to its cue.

mod composed_music;
mod fitted_music;
mod levelled_file;
#[cfg(test)]
mod tests;

use crate::model::sound::{MusicFileWork, MusicWork};
use crate::model::{ActionKind, JobAction};
use crate::music::{SYNTHESISER_VERSION, has_notes, is_midi};
use crate::producers::contract::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::producers::output_check::{expect_names, unreadable_output};
use crate::producers::producer_tools::{ProducerTools, built_in_identity};
use crate::sound::WavStream;
use std::path::Path;

/// Name of the sound of a cue.
const MUSIC_WAV: &str = "music.wav";
/// Name of its score.
const MUSIC_MIDI: &str = "music.mid";
/// Samples that are checked at a time.
const CHECK_BLOCK: usize = 65_536;

/// Composes, plays and fits music.
pub(in crate::producers) struct MusicProducer<'a> {
    /// Where the SoundFont is found.
    pub(in crate::producers) tools: &'a ProducerTools,
}

impl JobProducer for MusicProducer<'_> {
    fn provider_identity(&self, work: &JobAction) -> String {
        match work {
            // The file of the production is an input, and so part of the identity anyway.
            JobAction::Music(work) if work.own_font => {
                format!("rustysynth-ext {SYNTHESISER_VERSION}")
            }
            JobAction::Music(_) => self.tools.instruments_identity(),
            _ => built_in_identity(),
        }
    }

    fn run_job(&self, context: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        match context.action {
            JobAction::Music(work) => {
                let provider = self.provider_identity(context.action);
                composed_music::make_music(self.tools, work, context, provider)
            }
            JobAction::MusicFile(work) => fitted_music::fit_music(work, context),
            other => Err(JobFailure::wrong_action(ActionKind::Music, other)),
        }
    }

    fn check_outputs(
        &self,
        context: &JobContext<'_>,
        outputs: &[OutputFile],
    ) -> Result<(), JobFailure> {
        match context.action {
            JobAction::Music(work) => check_composed(work, outputs),
            JobAction::MusicFile(work) => check_fitted(work, outputs),
            other => Err(JobFailure::wrong_action(ActionKind::Music, other)),
        }
    }
}

fn check_composed(work: &MusicWork, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    expect_names(&[MUSIC_WAV.to_owned(), MUSIC_MIDI.to_owned()], outputs)?;
    let [wav, midi] = outputs else {
        return Err(bad_output("make music: not two files".to_owned()));
    };
    let bytes = std::fs::read(&midi.path)
        .map_err(|error| JobFailure::from_io_error("read the score back", &error))?;
    if !is_midi(&bytes) {
        return Err(bad_output(format!("make {MUSIC_MIDI}: it is no MIDI file")));
    }
    let is_silent = check_sound(&wav.path, work.sample_rate, work.length)?;
    if is_silent && has_notes(&bytes) {
        return Err(bad_output(format!(
            "make {MUSIC_WAV}: it is silent, and its score is not"
        )));
    }
    Ok(())
}

fn check_fitted(work: &MusicFileWork, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    expect_names(&[MUSIC_WAV.to_owned()], outputs)?;
    let Some(wav) = outputs.first() else {
        return Err(bad_output("make music: no file".to_owned()));
    };
    check_sound(&wav.path, work.sample_rate, work.length).map(|_| ())
}

/// Checks the format, the length and every sample. Returns whether it is silent.
fn check_sound(path: &Path, sample_rate: u32, length: u64) -> Result<bool, JobFailure> {
    let unreadable = |error: crate::sound::WavFileError| unreadable_output(path, &error);
    let mut wav = WavStream::open(path).map_err(unreadable)?;
    for (what, expected, actual) in [
        ("samples", length, wav.length()),
        (
            "samples a second",
            sample_rate.into(),
            wav.sample_rate().into(),
        ),
        ("channels", 2, wav.channel_count() as u64),
    ] {
        if expected != actual {
            return Err(bad_output(format!(
                "make {MUSIC_WAV}: it has {actual} {what}, and {expected} were expected"
            )));
        }
    }
    let mut is_silent = true;
    let mut place = 0;
    while place < length {
        let count = usize::try_from(length - place)
            .unwrap_or(CHECK_BLOCK)
            .min(CHECK_BLOCK);
        let block = wav.read_samples(place, count).map_err(unreadable)?;
        for sample in block.channels().iter().flatten() {
            if !sample.is_finite() {
                return Err(bad_output(format!(
                    "make {MUSIC_WAV}: a sample is no number"
                )));
            }
            is_silent &= *sample == 0.0;
        }
        place += count as u64;
    }
    Ok(is_silent)
}

fn bad_output(message: String) -> JobFailure {
    JobFailure::new(FailureClass::BadOutput, message)
}

fn stopped() -> JobFailure {
    JobFailure::new(FailureClass::Cancelled, "make music: stopped on request")
}
