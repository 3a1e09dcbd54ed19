//! The gain that brings a mix to its target loudness, and the pass that applies it.

use super::bus_stems::{BusStems, StemBlocks};
use super::film_mix::{FilmMix, MixError};
use super::mix_measures::{MixMeasures, reason, two_digits};
use super::stem_file::block_starts;
use crate::model::sound::{MixFile, MixReason, MixReasonKind};
use crate::sound::true_peak::PeakMeter;
use crate::sound::{
    ConsoleConverter, LoudnessGap, LoudnessMeasure, LoudnessMeter, PeakLimiter, SoundBuffer,
    StepEnergies, WavFormat, WavSink, WaveformSummary, gain_factor,
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

/// What was measured of the sum of all stems before its gain.
#[derive(Debug)]
pub(super) struct SumMeasures {
    energies: StepEnergies,
    /// In dBTP.
    peak: f64,
}

/// What is to be done to a film.
#[derive(Debug)]
pub(super) struct MasterPlan {
    pub(super) pass: MasterPass,
    /// Why the loudness will miss its target.
    pub(super) missed: Option<MixReason>,
    /// Set if a gain is all that is done. Everything is known then before the mix is written.
    pub(super) sum: Option<SumMeasures>,
}

impl MasterPlan {
    /// Returns the plan that brings the film to its target loudness, or as near to it as its
    /// peaks allow.
    pub(super) fn new(mix: &FilmMix<'_>, stems: &mut BusStems) -> Result<Self, MixError> {
        let pass = MasterPass {
            gain: 0.0,
            ceiling: f64::from(mix.target.true_peak) - PEAK_MARGIN,
        };
        // Once, and without a limiter: most films need only a gain, which is then known without
        // another pass.
        let sum = pass.measure_sum(mix, stems)?;
        let measured = sum.energies.measure_at(0.0);
        let Some(level) = normalised_level(&measured) else {
            return Ok(Self::without_search(mix, pass, sum, None));
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
        let excess = sum.peak + pass.gain - pass.ceiling;
        // Where the limiter has little to do, the loudness changes little, and is looked at when
        // the mix is written.
        if excess <= LITTLE_LIMITED && mix.retro.is_none() || missed.is_some() {
            return Ok(Self::without_search(mix, pass, sum, missed));
        }
        pass.search_gain(mix, stems, sum.peak)
    }

    /// Returns a plan with this gain, and no limiter if the peaks and the console allow that.
    fn without_search(
        mix: &FilmMix<'_>,
        pass: MasterPass,
        sum: SumMeasures,
        missed: Option<MixReason>,
    ) -> Self {
        let is_below = sum.peak + pass.gain <= pass.ceiling;
        Self {
            pass,
            missed,
            sum: (is_below && mix.retro.is_none()).then_some(sum),
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
            sum: None,
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
        self.ceiling -= excess + 0.05;
    }

    /// Raises the gain by decibels.
    pub(super) fn raise_gain(&mut self, decibels: f64) {
        *self = self.with_gain(self.gain + decibels);
    }

    /// Measures the sum of all stems.
    fn measure_sum(self, mix: &FilmMix<'_>, stems: &mut BusStems) -> Result<SumMeasures, MixError> {
        let mut meter = LoudnessMeter::without_peaks(mix.sample_rate)?;
        let mut peaks = PeakMeter::new();
        stems.rewind()?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            let sum = block_sum(&stems.read_blocks(first)?);
            rayon::join(|| meter.add_block(&sum), || peaks.add_block(&sum));
        }
        let peak = f64::from(peaks.largest_peak());
        Ok(SumMeasures {
            energies: meter.finish().1,
            // Silence has no peak in decibels. This one is below any.
            peak: 20.0 * libm::log10(peak.max(1e-9)),
        })
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
        stems.rewind()?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            let mut sum = block_sum(&stems.read_blocks(first)?);
            sum.scale(factor);
            meter.add_block(&chain.next_block(sum));
        }
        meter.add_block(&chain.finish().0);
        Ok(meter.measure())
    }

    /// Writes every file of the mix, with a gain alone.
    pub(super) fn write_raised(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
        sum: &SumMeasures,
    ) -> Result<MixMeasures, MixError> {
        let mut mixed = MixedFile::create(mix)?;
        let clipped = self.write_blocks(mix, stems, |block| mixed.write_block(&block))?;
        let mut measured = sum.energies.measure_at(self.gain);
        // Known without a meter: a gain alone raises every peak alike.
        if measured.integrated != Err(LoudnessGap::Silent) {
            measured.true_peak = Some(sum.peak + self.gain);
        }
        Ok(MixMeasures {
            mix: measured,
            waveform: mixed.finish()?,
            lowest_gain: 1.0,
            clipped,
        })
    }

    /// Writes every file of the mix, and measures what comes out of the limiter.
    pub(super) fn write_limited(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
    ) -> Result<MixMeasures, MixError> {
        let mut chain = MasterChain::new(mix, self);
        let mut meter = LoudnessMeter::new(mix.sample_rate)?;
        let mut mixed = MixedFile::create(mix)?;
        let clipped = self.write_blocks(mix, stems, |block| {
            let limited = chain.next_block(block);
            meter.add_block(&limited);
            mixed.write_block(&limited)
        })?;
        let (rest, lowest_gain) = chain.finish();
        meter.add_block(&rest);
        mixed.write_block(&rest)?;
        Ok(MixMeasures {
            mix: meter.measure(),
            waveform: mixed.finish()?,
            lowest_gain,
            clipped,
        })
    }

    /// Writes the stems, and passes the sum of each block of them on. Returns the names of files
    /// with samples beyond full scale.
    fn write_blocks(
        self,
        mix: &FilmMix<'_>,
        stems: &mut BusStems,
        mut write_sum: impl FnMut(SoundBuffer) -> Result<(), MixError> + Send,
    ) -> Result<Vec<&'static str>, MixError> {
        let mut files = StemFiles::create(mix)?;
        let factor = self.factor();
        stems.rewind()?;
        for first in block_starts(mix.length) {
            mix.stop_if_halting()?;
            let mut blocks = stems.read_blocks(first)?;
            blocks.iter_mut().for_each(|block| block.scale(factor));
            // Side by side: neither needs the other.
            let (summed, stored) = rayon::join(
                || write_sum(block_sum(&blocks)),
                || files.write_blocks(&blocks),
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

    fn next_block(&mut self, mut sum: SoundBuffer) -> SoundBuffer {
        // The steps of a console have peaks of their own, so the limiter comes after them.
        if let Some(console) = &mut self.console {
            console.convert_block(&mut sum);
        }
        self.limiter.limit_block(&sum)
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

/// The stems as they are written.
struct StemFiles {
    sinks: Vec<(MixFile, WavSink)>,
    clipped: Vec<&'static str>,
}

impl StemFiles {
    fn create(mix: &FilmMix<'_>) -> Result<Self, MixError> {
        let stems = MixFile::ALL
            .into_iter()
            .filter(|file| *file != MixFile::Mix);
        let sinks = stems.map(|file| Ok((file, create_sink(mix, file)?)));
        Ok(Self {
            sinks: sinks.collect::<Result<_, MixError>>()?,
            clipped: Vec::new(),
        })
    }

    fn write_blocks(&mut self, blocks: &StemBlocks) -> Result<(), MixError> {
        let [dialogue, music, effects] = blocks;
        // Computed once for the file of music and effects.
        let both = sum_of(music, effects);
        let clipped: Result<Vec<Option<&'static str>>, MixError> = self
            .sinks
            .par_iter_mut()
            .map(|(file, sink)| {
                let block = match file {
                    MixFile::Dialogue => dialogue,
                    MixFile::Music => music,
                    MixFile::Effects => effects,
                    MixFile::MusicAndEffects | MixFile::Mix => &both,
                };
                sink.write_block(block)?;
                Ok((block.peak() > 1.0).then_some(file.name()))
            })
            .collect();
        for name in clipped?.into_iter().flatten() {
            if !self.clipped.contains(&name) {
                self.clipped.push(name);
            }
        }
        Ok(())
    }

    /// Ends the files, and returns the names of those with samples beyond full scale.
    fn finish(self) -> Result<Vec<&'static str>, MixError> {
        for (_, sink) in self.sinks {
            sink.finish()?;
        }
        let mut clipped = self.clipped;
        // Sorted, because the files are written in parallel and reports must be the same each time.
        clipped.sort_unstable();
        Ok(clipped)
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

/// Returns the sum of one block of each stem.
fn block_sum(blocks: &StemBlocks) -> SoundBuffer {
    let [dialogue, music, effects] = blocks;
    sum_of(dialogue, &sum_of(music, effects))
}

fn sum_of(first: &SoundBuffer, second: &SoundBuffer) -> SoundBuffer {
    let mut sum = first.clone();
    for (channel, added) in sum.channels_mut().zip(second.channels()) {
        for (sample, added) in channel.iter_mut().zip(added) {
            *sample += added;
        }
    }
    sum
}
