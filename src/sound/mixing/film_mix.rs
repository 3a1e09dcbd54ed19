//! The whole of mixing: from tracks to the files of a mix and its facts.

use super::bus_stems::BusStems;
use super::mastering::{MasterPass, MasterPlan, TOLERANCE};
use super::mix_measures::{MixMeasures, MixSubject};
use super::placed_track::PlacedTrack;
use crate::model::sound::{DuckingCurve, LoudnessTarget, MixBus, MixFacts, MixFile, RetroSound};
use crate::sound::{MeterError, WavFileError};
use std::io;
use std::path::{Path, PathBuf};

/// Everything that a mix is made from.
pub struct FilmMix<'a> {
    /// Samples a second.
    pub sample_rate: u32,
    /// Length of the film in samples.
    pub length: u64,
    /// The tracks, each with its bus.
    pub tracks: Vec<(MixBus, PlacedTrack)>,
    /// How music gives way to speech.
    pub ducking: DuckingCurve,
    /// Loudness of the mix.
    pub target: LoudnessTarget,
    /// The sound of a console, if any.
    pub retro: Option<RetroSound>,
    /// The folder for the files of the mix, and for files that are gone at the end.
    pub folder: &'a Path,
    /// Whether to stop.
    pub is_halting: &'a (dyn Fn() -> bool + Sync),
}

/// Why a film could not be mixed.
#[derive(Debug, thiserror::Error)]
pub enum MixError {
    /// A WAV file could not be read or written.
    #[error(transparent)]
    Wav(#[from] WavFileError),
    /// A stem could not be written to the scratch folder.
    #[error("keep a stem in the scratch folder: {0}")]
    Scratch(#[source] io::Error),
    /// The rate is none of sound.
    #[error(transparent)]
    Meter(#[from] MeterError),
    /// It was cancelled.
    #[error("stopped on request")]
    Halted,
}

impl MixError {
    pub(super) const fn scratch(error: io::Error) -> Self {
        Self::Scratch(error)
    }
}

impl FilmMix<'_> {
    /// Mixes the film. Leaves every [`MixFile`] in the folder, each of 24 bits and exactly the
    /// length of the film.
    ///
    /// # Errors
    /// Fails if a file cannot be read or written, or on a stop request.
    pub fn mix(mut self) -> Result<MixFacts, MixError> {
        let mut stems = BusStems::render(&mut self)?;
        let plan = MasterPlan::new(&self, &mut stems)?;
        // A gain alone moves what was measured by as much, so nothing is measured again.
        let (pass, measures) = if plan.is_raised_only {
            (plan.pass, plan.pass.write_raised(&self, &mut stems)?)
        } else {
            self.write_limited(plan.pass, plan.missed.is_none(), &mut stems)?
        };
        let subject = MixSubject {
            sample_rate: self.sample_rate,
            length: self.length,
            target: &self.target,
            dialogue: stems.dialogue,
        };
        Ok(subject.mix_facts(&measures, pass.gain(), plan.missed))
    }

    /// Writes the files, until a meter that is not the limiter's own finds no peak above the
    /// ceiling, and the loudness that was planned if the target `is_reached`.
    fn write_limited(
        &self,
        mut pass: MasterPass,
        is_reached: bool,
        stems: &mut BusStems,
    ) -> Result<(MasterPass, MixMeasures), MixError> {
        // Each try is a pass over the whole film. What is still off after the last one shows in the
        // measures of the mix.
        const MOST_TRIES: usize = 5;
        let mut measures = pass.write_limited(self, stems)?;
        for _ in 1..MOST_TRIES {
            let peak = measures.mix.true_peak;
            let excess = peak.map_or(0.0, |peak| peak - f64::from(self.target.true_peak));
            let level = measures.mix.integrated.ok().filter(|_| is_reached);
            let missing = level.map_or(0.0, |level| f64::from(self.target.lufs) - level);
            // Peaks first: a higher gain would only raise them.
            if excess > 0.0 {
                pass.lower_ceiling(excess);
            } else if missing.abs() > TOLERANCE {
                pass.raise_gain(missing);
            } else {
                break;
            }
            measures = pass.write_limited(self, stems)?;
        }
        Ok((pass, measures))
    }

    /// Returns the path of a file of the mix.
    pub(super) fn file_path(&self, file: MixFile) -> PathBuf {
        self.folder.join(file.name())
    }

    pub(super) fn stop_if_halting(&self) -> Result<(), MixError> {
        if (self.is_halting)() {
            return Err(MixError::Halted);
        }
        Ok(())
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests;
