//! A file of music that is brought to one loudness when all of it is known.

use super::stopped;
use crate::producers::contract::{FailureClass, JobFailure};
use crate::sound::{
    LoudnessMeter, MeterError, SPEECH_LUFS, SoundBuffer, WavFileError, WavFormat, WavSink,
    WavStream, gain_factor,
};
use std::path::{Path, PathBuf};

/// Loudness of all music, in LUFS: that of speech, so that equal gains are equally loud.
pub(super) const MUSIC_LUFS: f64 = SPEECH_LUFS;
/// Steps of a measured loudness in a decibel: the last digits of the meter differ by machine.
const STEPS_A_DECIBEL: f64 = 100.0;
/// The most that music is made louder, in decibels: what is softer is meant to be silent.
const MAX_GAIN: f64 = 40.0;
/// Samples that are read at a time.
const BLOCK: usize = 65_536;
/// Name of the file before it has its loudness.
const RAW_NAME: &str = "unlevelled.wav";

/// Music that is written block by block.
pub(super) struct LevelledFile {
    raw_path: PathBuf,
    path: PathBuf,
    sink: WavSink,
    meter: LoudnessMeter,
    sample_rate: u32,
    length: u64,
}

impl LevelledFile {
    /// Creates a stereo file of exactly `length` samples in a folder.
    pub(super) fn create(
        folder: &Path,
        name: &str,
        sample_rate: u32,
        length: u64,
    ) -> Result<Self, JobFailure> {
        let raw_path = folder.join(RAW_NAME);
        // Written twice: the loudness of a cue is known only at its end, and an hour of music
        // should not take 1.4 GB of memory.
        let sink = WavSink::create(&raw_path, sample_rate, length, WavFormat::Float32);
        Ok(Self {
            path: folder.join(name),
            sink: sink.map_err(|error| wav_failure(&error))?,
            meter: LoudnessMeter::without_peaks(sample_rate)
                .map_err(|error| meter_failure(&error))?,
            raw_path,
            sample_rate,
            length,
        })
    }

    /// Appends a stereo block.
    pub(super) fn write_block(&mut self, block: &SoundBuffer) -> Result<(), JobFailure> {
        self.meter.add_block(block);
        self.sink
            .write_block(block)
            .map_err(|error| wav_failure(&error))
    }

    /// Brings what was written to [`MUSIC_LUFS`] and ends the file. Silence stays silent.
    pub(super) fn finish(self, is_halting: &dyn Fn() -> bool) -> Result<(), JobFailure> {
        self.sink.finish().map_err(|error| wav_failure(&error))?;
        let measure = self.meter.measure();
        // What is shorter than a block of the meter has a loudness without gates.
        let loudness = measure
            .integrated
            .ok()
            .or(measure.ungated)
            .unwrap_or(MUSIC_LUFS);
        let loudness = (loudness * STEPS_A_DECIBEL).round() / STEPS_A_DECIBEL;
        #[expect(clippy::cast_possible_truncation, reason = "decibels, in steps")]
        let gain = (MUSIC_LUFS - loudness).clamp(-MAX_GAIN, MAX_GAIN) as f32;
        let factor = gain_factor(gain);
        let mut raw = WavStream::open(&self.raw_path).map_err(|error| wav_failure(&error))?;
        let sink = WavSink::create(
            &self.path,
            self.sample_rate,
            self.length,
            WavFormat::Float32,
        );
        let mut sink = sink.map_err(|error| wav_failure(&error))?;
        let mut place = 0;
        // A block at a time, so that a stop takes effect within a moment.
        while place < self.length {
            if is_halting() {
                return Err(stopped());
            }
            let count = usize::try_from(self.length - place)
                .unwrap_or(BLOCK)
                .min(BLOCK);
            let mut block = raw
                .read_samples(place, count)
                .map_err(|error| wav_failure(&error))?;
            block.scale(factor);
            sink.write_block(&block)
                .map_err(|error| wav_failure(&error))?;
            place += count as u64;
        }
        sink.finish().map_err(|error| wav_failure(&error))?;
        std::fs::remove_file(&self.raw_path)
            .map_err(|error| JobFailure::from_io_error("remove a file of the work", &error))
    }
}

fn wav_failure(error: &WavFileError) -> JobFailure {
    match error.io_error() {
        Some(io) => JobFailure::from_io_error("write music", io),
        None => JobFailure::new(FailureClass::Crash, format!("write music: {error}")),
    }
}

fn meter_failure(error: &MeterError) -> JobFailure {
    JobFailure::new(FailureClass::Crash, format!("measure music: {error}"))
}
