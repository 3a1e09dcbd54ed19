//! The gain that brings a mix to its target loudness, and the pass that applies it.

use super::bus_stems::{BusStems, StemBlocks, StemPeaks, SumMeasures};
use super::film_mix::{FilmMix, MixError};
use super::mix_measures::{MixMeasures, reason, two_digits};
use super::stem_file::block_starts;
use crate::model::sound::{MixFile, MixReason, MixReasonKind};
use crate::sound::crate_peaks::CratePeakMeter;
use crate::sound::{
    ConsoleConverter, LoudnessGap, LoudnessMeasure, LoudnessMeter, PeakLimiter, SoundBuffer,
    WavFormat, WavSink, WaveformSummary, gain_factor,
};
use rayon::prelude::*;

/// Decibels by which the limiter stays below the ceiling.
// Meters differ by the filter between samples: one that reads 0.2 dB more must agree too.
const PEAK_MARGIN: f64 = 0.3;
/// The most decibels by which a film is raised. More would raise its noise.
const MOST_GAIN: f64 = 40.0;
/// Loudness is right within this many LU; three times closer than what is promised.
pub(super) const TOLERANCE: f64 = 0.1;
/// The most that the limiter takes off where the loudness cannot be reached anyway, in decibels.
const MOST_LIMITED: f64 = 12.0;
/// A film whose loudness follows its gain by less than this share is all peaks.
const LEAST_SLOPE: f64 = 0.05;
/// Decibels that the limiter takes off without anybody hearing the film become quieter.
const LITTLE_LIMITED: f64 = 3.0;
/// Ceiling of a stem whose peaks are beyond full scale: -0.1 dBFS.
const STEM_CEILING: f32 = 0.988_553;
/// Passes that look for the gain.
const MOST_PASSES: usize = 10;

/// A gain and a ceiling: what is done to the sum of all stems.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MasterPass {
    /// Decibels, in hundredths.
    gain: f64,
    /// Ceiling of the limiter in dBTP.
    ceiling: f64,
}

/// The chain that the sum of all stems goes through.
struct MasterChain {
    console: Option<ConsoleConverter>,
    limiter: PeakLimiter,
}

/// What is to be done to a film.
#[derive(Debug)]
pub(super) struct MasterPlan {
    pub(super) pass: MasterPass,
    /// Why the loudness will miss its target.
    pub(super) missed: Option<MixReason>,
    /// Whether a gain is all that is done. Everything is known then before the mix is written.
    pub(super) is_raised_only: bool,
}

impl MasterPlan {
    /// Returns the plan that brings the film to its target loudness, or as near to it as its
    /// peaks allow.
    pub(super) fn new(mix: &FilmMix<'_>, stems: &mut BusStems) -> Result<Self, MixError> {
        let pass = MasterPass {
            gain: 0.0,
            ceiling: f64::from(mix.target.true_peak) - PEAK_MARGIN,
        };
        // Measured once, and without a limiter: most films need only a gain, which is then known
        // without another pass.
        let sum = &stems.sum;
        let measured = sum.energies.measure_at(0.0);
        let Some(level) = normalised_level(&measured) else {
            return Ok(Self::without_search(mix, pass, sum.peak, None));
        };
        let target = f64::from(mix.target.lufs);
        let mut wanted = target - level;
        // What the gate leaves out depends on the level, so a gain of 10 dB may raise the loudness
        // by a little more or less.
        // Three times are enough: each leaves a fraction of the error before.
        for _ in 0..3 {
            let raised = sum.energies.measure_at(wanted.min(MOST_GAIN));
            let level = normalised_level(&raised);
            wanted += level.map_or(0.0, |level| target - level).clamp(-3.0, 3.0);
        }
        let missed = (wanted > MOST_GAIN).then(|| {
            let text = format!(
                "it would have to be raised by {wanted:.1} dB; it is raised by {MOST_GAIN:.0} dB"
            );
            reason(MixReasonKind::TooQuiet, text)
        });
        let pass = pass.with_gain(wanted.min(MOST_GAIN));
        let peak = sum.peak;
        let excess = peak + pass.gain - pass.ceiling;
        // Where the limiter has little to do, the loudness changes little, and is looked at when
        // the mix is written.
        if excess <= LITTLE_LIMITED && mix.retro.is_none() || missed.is_some() {
            return Ok(Self::without_search(mix, pass, peak, missed));
        }
        pass.search_gain(mix, stems, peak)
    }

    /// Returns a plan with this gain, and no limiter if the peaks and the console allow that.
    fn without_search(
        mix: &FilmMix<'_>,
        pass: MasterPass,
        peak: f64,
        missed: Option<MixReason>,
    ) -> Self {
        let is_below = peak + pass.gain <= pass.ceiling;
        Self {
            pass,
            missed,
            is_raised_only: is_below && mix.retro.is_none(),
        }
    }
}

impl MasterPass {
    /// Looks for the gain at which the film has its target loudness after the limiter.
    fn search_gain(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
        peak: f64,
    ) -> Result<MasterPlan, MixError> {
        let target = f64::from(mix.target.lufs);
        let wanted = self.gain;
        let planned = |pass: Self, missed: Option<MixReason>| MasterPlan {
            pass,
            missed,
            is_raised_only: false,
        };
        let mut pass = self;
        let mut last: Option<(f64, f64)> = None;
        for _ in 0..MOST_PASSES {
            let measured = pass.measure_mix(mix, stems)?;
            let Some(level) = normalised_level(&measured) else {
                break;
            };
            let missing = target - level;
            if missing.abs() <= TOLERANCE {
                return Ok(planned(pass, None));
            }
            // How much of a decibel of gain arrives behind the limiter, from the last two passes.
            // The first pass has no limiter to speak of.
            let slope = last.map_or(1.0, |(gain, before)| (level - before) / (pass.gain - gain));
            if !slope.is_finite() || slope < LEAST_SLOPE {
                break;
            }
            last = Some((pass.gain, level));
            // A slope above 1 comes from the gates. Dividing by it would make the step too small.
            pass = pass.with_gain(pass.gain + missing / slope.min(1.0));
            // More gain would mostly raise the noise of the film.
            if pass.gain > MOST_GAIN {
                break;
            }
        }
        // A film that is a little quieter is better than one that the limiter has flattened.
        let gentle = self.with_gain((self.ceiling - peak + MOST_LIMITED).min(wanted));
        let reached = gentle.measure_mix(mix, stems)?;
        let missing = normalised_level(&reached).map_or(0.0, |level| target - level);
        let missed = reason(
            MixReasonKind::Peaks,
            format!(
                "its peaks are too high for {target:.1} LUFS: the limiter would have to take more than \
                 {MOST_LIMITED:.0} dB off them; it is {missing:.1} LU quieter"
            ),
        );
        Ok(planned(gentle, (missing > TOLERANCE).then_some(missed)))
    }

    /// Returns the pass with another gain.
    fn with_gain(self, gain: f64) -> Self {
        Self {
            // In hundredths, so that the gain that is reported is the one that was applied.
            gain: two_digits(gain),
            ..self
        }
    }

    /// Returns the gain in decibels.
    pub(super) const fn gain(self) -> f64 {
        self.gain
    }

    /// Lowers the ceiling after a peak above it.
    pub(super) fn lower_ceiling(&mut self, excess: f64) {
        // A little more than the excess, or the next try might miss by a rounding.
        self.ceiling -= excess + 0.05;
    }

    /// Raises the gain by decibels.
    pub(super) fn raise_gain(&mut self, decibels: f64) {
        *self = self.with_gain(self.gain + decibels);
    }

    /// Measures the loudness of the mix that this pass would write.
    fn measure_mix(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
    ) -> Result<LoudnessMeasure, MixError> {
        let mut meter = LoudnessMeter::without_peaks(mix.sample_rate)?;
        let mut chain = MasterChain::new(mix, self);
        let factor = self.factor();
        let mut blocks = StemBlocks::new(mix);
        stems.rewind()?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            stems.read_blocks(first, &mut blocks)?;
            blocks.add_up();
            blocks.sum.scale(factor);
            meter.add_block(&chain.next_block(&mut blocks.sum));
        }
        // The limiter is some milliseconds behind, and they belong to the mix.
        meter.add_block(&chain.finish().0);
        Ok(meter.measure())
    }

    /// Writes every file of the mix, with a gain alone.
    pub(super) fn write_raised(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
    ) -> Result<MixMeasures, MixError> {
        let mut mixed = MixedFile::create(mix)?;
        let limited_stems = self.write_blocks(mix, stems, |block| mixed.write_block(block))?;
        let SumMeasures { energies, peak } = &stems.sum;
        let mut measured = energies.measure_at(self.gain);
        // Known without a meter: a gain alone raises every peak alike.
        if measured.integrated != Err(LoudnessGap::Silent) {
            measured.true_peak = Some(peak + self.gain);
        }
        Ok(MixMeasures {
            mix: measured,
            waveform: mixed.finish()?,
            lowest_gain: 1.0,
            limited_stems,
        })
    }

    /// Writes every file of the mix, and measures what comes out of the limiter.
    pub(super) fn write_limited(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
    ) -> Result<MixMeasures, MixError> {
        let mut chain = MasterChain::new(mix, self);
        let mut meter = LoudnessMeter::without_peaks(mix.sample_rate)?;
        let mut peaks = CratePeakMeter::new(mix.sample_rate)?;
        let mut mixed = MixedFile::create(mix)?;
        let limited_stems = self.write_blocks(mix, stems, |block| {
            let limited = chain.next_block(block);
            meter.add_block(&limited);
            peaks.add_block(&limited);
            mixed.write_block(&limited)
        })?;
        let (rest, lowest_gain) = chain.finish();
        meter.add_block(&rest);
        peaks.add_block(&rest);
        mixed.write_block(&rest)?;
        let mut measured = meter.measure();
        let peak = peaks.largest_peak();
        if peak > 0.0 {
            measured.true_peak = Some(20.0 * libm::log10(peak));
        }
        Ok(MixMeasures {
            mix: measured,
            waveform: mixed.finish()?,
            lowest_gain,
            limited_stems,
        })
    }

    /// Writes the stems, and passes the sum of each block of them on. Returns the names of stems
    /// that were limited.
    fn write_blocks(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
        mut write_sum: impl FnMut(&mut SoundBuffer) -> Result<(), MixError> + Send,
    ) -> Result<Vec<&'static str>, MixError> {
        let factor = self.factor();
        let mut files = StemFiles::create(mix, stems.peaks, factor)?;
        let mut blocks = StemBlocks::new(mix);
        stems.rewind()?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            stems.read_blocks(first, &mut blocks)?;
            // The gain is applied to the buses and not to their sum, so that stems add up to the
            // mix.
            blocks.scale_buses(factor);
            blocks.add_up();
            let StemBlocks {
                buses,
                music_and_effects,
                sum,
            } = &mut blocks;
            let (summed, stored) = rayon::join(
                || write_sum(sum),
                || files.write_blocks(buses, music_and_effects),
            );
            summed?;
            stored?;
        }
        files.finish()
    }

    #[expect(clippy::cast_possible_truncation, reason = "a gain of some decibels")]
    fn factor(self) -> f32 {
        gain_factor(self.gain as f32)
    }
}

impl MasterChain {
    #[expect(clippy::cast_possible_truncation, reason = "a ceiling near 0 dB")]
    fn new(mix: &FilmMix<'_>, pass: MasterPass) -> Self {
        Self {
            console: mix
                .retro
                .map(|retro| ConsoleConverter::new(retro, mix.sample_rate)),
            limiter: PeakLimiter::new(mix.sample_rate, gain_factor(pass.ceiling as f32)),
        }
    }

    fn next_block(&mut self, sum: &mut SoundBuffer) -> SoundBuffer {
        // The steps of a console have peaks of their own, so the limiter comes after them.
        if let Some(console) = &mut self.console {
            console.convert_block(sum);
        }
        self.limiter.limit_block(sum)
    }

    /// Returns what is left, and the lowest gain of the limiter.
    fn finish(self) -> (SoundBuffer, f32) {
        self.limiter.finish()
    }
}

/// The mix as it is written.
struct MixedFile {
    sink: WavSink,
    waveform: WaveformSummary,
}

impl MixedFile {
    fn create(mix: &FilmMix<'_>) -> Result<Self, MixError> {
        Ok(Self {
            sink: create_sink(mix, MixFile::Mix)?,
            waveform: WaveformSummary::new(mix.length),
        })
    }

    fn write_block(&mut self, block: &SoundBuffer) -> Result<(), MixError> {
        self.waveform.add_block(block);
        Ok(self.sink.write_block(block)?)
    }

    fn finish(self) -> Result<WaveformSummary, MixError> {
        self.sink.finish()?;
        Ok(self.waveform)
    }
}

/// A stem as it is written.
struct StemSink {
    file: MixFile,
    sink: WavSink,
    /// Set if samples would be beyond full scale and cut off: speech in a loud mix, which is
    /// limited only as a whole.
    limiter: Option<PeakLimiter>,
}

impl StemSink {
    fn write_block(&mut self, block: &SoundBuffer) -> Result<(), MixError> {
        match &mut self.limiter {
            Some(limiter) => self.sink.write_block(&limiter.limit_block(block))?,
            None => self.sink.write_block(block)?,
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), MixError> {
        if let Some(limiter) = self.limiter.take() {
            self.sink.write_block(&limiter.finish().0)?;
        }
        Ok(self.sink.finish()?)
    }
}

/// The stems as they are written.
struct StemFiles {
    sinks: Vec<StemSink>,
}

impl StemFiles {
    /// Creates the files of stems with these peaks, which are multiplied by `factor`.
    fn create(mix: &FilmMix<'_>, peaks: StemPeaks, factor: f32) -> Result<Self, MixError> {
        let stems = MixFile::ALL
            .into_iter()
            .filter(|file| *file != MixFile::Mix);
        let sinks = stems.map(|file| {
            // A limiter changes samples; without need, the stems must add up to the mix.
            let is_beyond = peaks.peak_of(file) * factor > 1.0;
            let limiter = || PeakLimiter::new(mix.sample_rate, STEM_CEILING);
            Ok(StemSink {
                file,
                sink: create_sink(mix, file)?,
                limiter: is_beyond.then(limiter),
            })
        });
        Ok(Self {
            sinks: sinks.collect::<Result<_, MixError>>()?,
        })
    }

    fn write_blocks(
        &mut self,
        buses: &[SoundBuffer; 3],
        music_and_effects: &SoundBuffer,
    ) -> Result<(), MixError> {
        let [dialogue, music, effects] = buses;
        self.sinks.par_iter_mut().try_for_each(|stem| {
            let block = match stem.file {
                MixFile::Dialogue => dialogue,
                MixFile::Music => music,
                MixFile::Effects => effects,
                MixFile::MusicAndEffects | MixFile::Mix => music_and_effects,
            };
            stem.write_block(block)
        })
    }

    /// Ends the files, and returns the names of those that were limited.
    fn finish(self) -> Result<Vec<&'static str>, MixError> {
        let limited = self.sinks.iter().filter(|stem| stem.limiter.is_some());
        let mut limited: Vec<&'static str> = limited.map(|stem| stem.file.name()).collect();
        limited.sort_unstable();
        self.sinks.into_iter().try_for_each(StemSink::finish)?;
        Ok(limited)
    }
}

fn create_sink(mix: &FilmMix<'_>, file: MixFile) -> Result<WavSink, MixError> {
    let path = mix.file_path(file);
    let sink = WavSink::create(&path, mix.sample_rate, mix.length, WavFormat::Pcm24);
    Ok(sink?)
}

/// Returns the loudness that is brought to the target: that of films too short for a meter is the
/// loudness of all of it. `None`: it stays as it is.
fn normalised_level(measured: &LoudnessMeasure) -> Option<f64> {
    match measured.integrated {
        Ok(level) => Some(level),
        Err(LoudnessGap::TooShort) => measured.ungated.filter(|level| *level >= -70.0),
        Err(LoudnessGap::Silent | LoudnessGap::BelowGate) => None,
    }
}
