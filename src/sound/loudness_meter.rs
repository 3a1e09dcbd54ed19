//! Measures loudness as EBU R128 and ITU-R BS.1770 define it.
//!
//! Gates, range and curve are computed here from the energy of every 100 ms. So the loudness at
//! another gain is known without another look at the samples, and no value is ever infinite: what
//! cannot be measured is `None`, with a reason.

use super::SoundBuffer;
use super::weighting_filter::WeightingFilter;
use ebur128::{EbuR128, Mode};

/// The gate below which nothing counts, in LUFS.
// The gate and the blocks of 400 ms are those of ITU-R BS.1770-4, the blocks of 3 s those of EBU
// Tech 3342.
const ABSOLUTE_GATE: f64 = -70.0;
/// Steps of 100 ms in a block of the integrated loudness.
const BLOCK_STEPS: usize = 4;
/// Steps of 100 ms in a block of the loudness range.
const RANGE_STEPS: usize = 30;
/// Values of the momentary curve a second.
pub const CURVE_RATE: u32 = 10;

/// Why sound has no integrated loudness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoudnessGap {
    /// No sample differs from 0, or there are none.
    Silent,
    /// It is shorter than the 400 ms of one block.
    TooShort,
    /// No block is louder than the gate of -70 LUFS.
    BelowGate,
}

/// What is measured of stereo sound.
#[derive(Debug, Clone, PartialEq)]
pub struct LoudnessMeasure {
    /// Integrated loudness in LUFS, or why there is none.
    pub integrated: Result<f64, LoudnessGap>,
    /// Loudness without gates in LUFS, over all of its length, however short. `None`: it is silent.
    pub ungated: Option<f64>,
    /// Loudness range in LU. `None`: shorter than 3 s, or nothing is above the gate.
    pub range: Option<f64>,
    /// True peak in dBTP. `None`: it is silent, or peaks were not measured.
    pub true_peak: Option<f64>,
    /// Momentary loudness in LUFS at the end of each 100 ms. `None`: silence, or less
    /// than 400 ms have passed.
    pub momentary: Vec<Option<f64>>,
}

impl LoudnessMeasure {
    /// Returns the loudest 400 ms in LUFS.
    #[must_use]
    pub fn loudest_moment(&self) -> Option<f64> {
        let moments = self.momentary.iter().flatten().copied();
        moments.reduce(f64::max)
    }
}

/// Why sound cannot be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a meter of loudness takes from 100 to 768000 samples a second, and not {0}")]
pub struct MeterError(pub(super) u32);

/// Measures stereo sound block by block.
#[derive(Debug)]
pub struct LoudnessMeter {
    source: EnergySource,
    step: usize,
    /// Samples until the end of the current step.
    until_step: usize,
    energies: StepEnergies,
}

/// Who filters the sound.
// The crate and this program check each other: a mix is made with our filter, and verified with
// the crate.
#[derive(Debug)]
enum EnergySource {
    /// The crate, which finds true peaks too.
    Crate(Box<EbuR128>),
    /// Our own filter.
    Filter(WeightingFilter),
}

/// The energy of filtered sound over time.
#[derive(Debug, Clone, PartialEq)]
pub struct StepEnergies {
    /// The mean square of each 100 ms.
    steps: Vec<f64>,
    /// Samples of each step.
    step: usize,
    /// The sum of squares of what follows the last step.
    rest: f64,
    samples: u64,
    is_silent: bool,
}

impl LoudnessMeter {
    /// Returns a meter of sound of this rate that is not the meter with which mixes are made.
    ///
    /// # Errors
    /// Fails if the rate is far from any rate of sound.
    pub fn new(sample_rate: u32) -> Result<Self, MeterError> {
        expect_sound_rate(sample_rate)?;
        let library = EbuR128::new(2, sample_rate, Mode::M | Mode::TRUE_PEAK);
        let library = library.map_err(|_| MeterError(sample_rate))?;
        let source = EnergySource::Crate(Box::new(library));
        Ok(Self::with_source(sample_rate, source))
    }

    /// Returns a meter that does not measure peaks, which is several times as fast.
    ///
    /// # Errors
    /// Fails as [`LoudnessMeter::new`] does.
    pub fn without_peaks(sample_rate: u32) -> Result<Self, MeterError> {
        expect_sound_rate(sample_rate)?;
        let source = EnergySource::Filter(WeightingFilter::new(sample_rate));
        Ok(Self::with_source(sample_rate, source))
    }

    const fn with_source(sample_rate: u32, source: EnergySource) -> Self {
        let step = (sample_rate / CURVE_RATE) as usize;
        Self {
            source,
            step,
            until_step: step,
            energies: StepEnergies {
                steps: Vec::new(),
                step,
                rest: 0.0,
                samples: 0,
                is_silent: true,
            },
        }
    }

    /// Takes the next block. One channel counts as both.
    pub fn add_block(&mut self, block: &SoundBuffer) {
        let (Some(left), Some(right)) = (block.channels().first(), block.channels().last()) else {
            return;
        };
        let mut place = 0;
        while place < left.len() {
            // Cut where a step ends: the filter is read for the last 100 ms, which must be this
            // step and no part of the next.
            let end = left.len().min(place + self.until_step);
            self.add_part(&left[place..end], &right[place..end]);
            self.until_step -= end - place;
            place = end;
            if self.until_step == 0 {
                self.until_step = self.step;
                let energy = self.window_energy();
                self.energies.steps.push(energy);
            }
        }
    }

    fn add_part(&mut self, left: &[f32], right: &[f32]) {
        let mut samples = left.iter().chain(right);
        let is_zero = samples.all(|sample| *sample == 0.0);
        let energies = &mut self.energies;
        energies.is_silent = energies.is_silent && is_zero;
        energies.samples += left.len() as u64;
        self.source.add_samples(left, right, is_zero);
    }

    /// Returns the mean square of the last 100 ms.
    fn window_energy(&mut self) -> f64 {
        let energy = match &mut self.source {
            EnergySource::Crate(library) => {
                let level = library.loudness_window(1000 / CURVE_RATE);
                level.map_or(0.0, level_energy)
            }
            EnergySource::Filter(filter) => filter.take_energy() / self.step as f64,
        };
        // Of what is no number, too.
        if energy.is_finite() { energy } else { 0.0 }
    }

    /// Returns what was measured.
    #[must_use]
    pub fn measure(self) -> LoudnessMeasure {
        self.finish().0
    }

    /// Returns what was measured, and the energies that it was computed from.
    #[must_use]
    pub fn finish(mut self) -> (LoudnessMeasure, StepEnergies) {
        // Before silence is added below: the peaks are those of the sound alone.
        let peak = self.source.largest_peak();
        if self.until_step != self.step {
            // The crate measures only whole steps. The filter rings on for a few milliseconds in
            // the silence that fills the last one up, which belongs to the sound.
            let silence = vec![0.0; self.until_step];
            self.source.add_samples(&silence, &silence, true);
            self.energies.rest = self.window_energy() * self.step as f64;
        }
        let mut measure = self.energies.measure_at(0.0);
        measure.true_peak = peak
            .filter(|peak| *peak > 0.0 && !self.energies.is_silent)
            .map(|peak| 20.0 * libm::log10(peak));
        (measure, self.energies)
    }
}

fn expect_sound_rate(sample_rate: u32) -> Result<(), MeterError> {
    // Below, a step of 100 ms would have too few samples to mean anything.
    if (100..=768_000).contains(&sample_rate) {
        Ok(())
    } else {
        Err(MeterError(sample_rate))
    }
}

impl EnergySource {
    fn add_samples(&mut self, left: &[f32], right: &[f32], is_zero: bool) {
        match self {
            Self::Crate(library) => {
                // It refuses only other numbers of channels and of samples.
                let added = library.add_frames_planar_f32(&[left, right]);
                debug_assert!(added.is_ok());
            }
            Self::Filter(filter) if is_zero && filter.is_at_rest() => {}
            Self::Filter(filter) => filter.add_samples(left, right),
        }
    }

    /// Returns the largest true peak of both channels as a factor. `None`: it is not measured.
    fn largest_peak(&self) -> Option<f64> {
        match self {
            Self::Crate(library) => {
                let peaks = [0, 1].map(|channel| library.true_peak(channel).unwrap_or(0.0));
                Some(peaks[0].max(peaks[1]))
            }
            Self::Filter(_) => None,
        }
    }
}

impl StepEnergies {
    /// Returns what would be measured of the sound after a gain in decibels, peaks aside.
    #[must_use]
    pub fn measure_at(&self, gain: f64) -> LoudnessMeasure {
        // A gain multiplies every energy, so the gates can be applied again without the samples.
        let factor = libm::pow(10.0, gain / 10.0);
        let blocks = self.block_energies(BLOCK_STEPS, factor);
        let integrated = gated_mean(&blocks, 10.0).map(energy_level);
        LoudnessMeasure {
            integrated: match integrated {
                _ if self.is_silent => Err(LoudnessGap::Silent),
                _ if blocks.is_empty() => Err(LoudnessGap::TooShort),
                Some(level) => Ok(level),
                None => Err(LoudnessGap::BelowGate),
            },
            ungated: self.ungated_level(factor),
            range: loudness_range(&self.block_energies(RANGE_STEPS, factor)),
            true_peak: None,
            momentary: self.momentary_curve(&blocks),
        }
    }

    /// Returns the mean squares of all blocks of `count` steps; one begins with each step.
    fn block_energies(&self, count: usize, factor: f64) -> Vec<f64> {
        let windows = self.steps.windows(count);
        windows
            .map(|steps| steps.iter().sum::<f64>() / count as f64 * factor)
            .collect()
    }

    fn momentary_curve(&self, blocks: &[f64]) -> Vec<Option<f64>> {
        // A value needs 400 ms before it. The curve has a place for each 100 ms all the same, so
        // that its index is the time.
        let early = self.steps.len().min(BLOCK_STEPS - 1);
        let levels = blocks
            .iter()
            .map(|energy| (*energy > 0.0).then(|| energy_level(*energy)));
        std::iter::repeat_n(None, early).chain(levels).collect()
    }

    fn ungated_level(&self, factor: f64) -> Option<f64> {
        if self.is_silent || self.samples == 0 {
            return None;
        }
        let whole: f64 = self.steps.iter().map(|mean| mean * self.step as f64).sum();
        let mean = (whole + self.rest) / self.samples as f64 * factor;
        (mean > 0.0).then(|| energy_level(mean))
    }
}

/// Returns the mean of the blocks above the absolute gate and above a gate that is `depth` LU below
/// the mean of those. `None`: there are none.
fn gated_mean(blocks: &[f64], depth: f64) -> Option<f64> {
    let mean_above = |gate: f64| {
        let mut sum = 0.0;
        let mut count = 0_u32;
        for energy in blocks.iter().filter(|energy| **energy > gate) {
            sum += energy;
            count += 1;
        }
        (count > 0).then(|| sum / f64::from(count))
    };
    let absolute = level_energy(ABSOLUTE_GATE);
    let mean = mean_above(absolute)?;
    // The second gate follows from what passed the first, as the standard has it: pauses must not
    // make a film of talk quieter.
    mean_above(absolute.max(mean * libm::pow(10.0, -depth / 10.0)))
}

/// Returns the distance of the 10th and the 95th hundredth of short-term loudness, as EBU Tech 3342
/// defines it.
fn loudness_range(blocks: &[f64]) -> Option<f64> {
    let absolute = level_energy(ABSOLUTE_GATE);
    let audible = blocks.iter().filter(|energy| **energy > absolute);
    let mut levels: Vec<f64> = audible.copied().collect();
    let mean = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
    // 20 LU below, and not the 10 of the integrated loudness: soft passages are part of the range,
    // and only fades and room tone are not.
    let relative = mean * libm::pow(10.0, -20.0 / 10.0);
    levels.retain(|energy| *energy > relative);
    levels.sort_by(f64::total_cmp);
    let last = levels.len().checked_sub(1)?;
    #[expect(clippy::cast_possible_truncation, reason = "a place in the list")]
    let at = |share: f64| energy_level(levels[(last as f64 * share + 0.5) as usize]);
    Some(at(0.95) - at(0.10))
}

/// Returns the loudness of filtered sound of this mean square.
fn energy_level(energy: f64) -> f64 {
    10.0 * libm::log10(energy) - 0.691
}

/// Returns the mean square of filtered sound of this loudness.
fn level_energy(level: f64) -> f64 {
    libm::pow(10.0, (level + 0.691) / 10.0)
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;

    fn tone(seconds: f64, amplitude: f32) -> SoundBuffer {
        let length = (seconds * 48_000.0) as usize;
        let wave: Vec<f32> = (0..length)
            .map(|n| libm::sinf(n as f32 * 997.0 * std::f32::consts::TAU / 48_000.0) * amplitude)
            .collect();
        SoundBuffer::mono(wave, 48_000).into_stereo()
    }

    fn meter_of(sound: &SoundBuffer) -> LoudnessMeter {
        let mut meter = LoudnessMeter::new(sound.sample_rate()).unwrap();
        meter.add_block(sound);
        meter
    }

    fn measure(sound: &SoundBuffer) -> LoudnessMeasure {
        meter_of(sound).measure()
    }

    /// EBU Tech 3341, case 1: a tone of 1 kHz at -23 dBFS in both channels is -23 LUFS.
    #[test]
    fn a_tone_of_the_standard_has_the_loudness_of_the_standard() {
        let measured = measure(&tone(20.0, libm::powf(10.0, -23.0 / 20.0)));
        let close = |value: f64, wanted: f64| (value - wanted).abs() < 0.1;
        assert!(close(measured.integrated.unwrap(), -23.0), "{measured:?}");
        assert!(close(measured.ungated.unwrap(), -23.0));
        assert!(close(measured.true_peak.unwrap(), -23.0));
        assert!(close(measured.range.unwrap(), 0.0));
        assert_eq!(measured.momentary.len(), 200);
        assert!(close(measured.loudest_moment().unwrap(), -23.0));
    }

    /// EBU Tech 3342, case 1: 20 s at -20 and 20 s at -30 dBFS have a range of 10 LU.
    #[test]
    fn a_range_of_the_standard_is_measured() {
        let mut meter = LoudnessMeter::new(48_000).unwrap();
        meter.add_block(&tone(20.0, libm::powf(10.0, -20.0 / 20.0)));
        meter.add_block(&tone(20.0, libm::powf(10.0, -30.0 / 20.0)));
        let range = meter.measure().range.unwrap();
        assert!((range - 10.0).abs() < 1.0, "{range}");
    }

    /// The gates are ours, so the test also compares the crate's own result.
    #[test]
    fn the_gates_are_those_of_the_crate() {
        let mut random = SeededRandom::new(5);
        let mut samples = || -> Vec<f32> {
            let wave = (0..480_000_u32).map(|n| {
                let swell = [0.5, 0.02, 0.3, 0.0001, 0.1][n as usize / 48_000 % 5];
                random.next_signed() * swell
            });
            wave.collect()
        };
        let sound = SoundBuffer::stereo(samples(), samples(), 48_000);
        let mut other = EbuR128::new(2, 48_000, Mode::I | Mode::LRA).unwrap();
        let channels = sound.channels();
        other
            .add_frames_planar_f32(&[&channels[0], &channels[1]])
            .unwrap();
        let measured = measure(&sound);
        let wanted = other.loudness_global().unwrap();
        assert!(
            (measured.integrated.unwrap() - wanted).abs() < 1e-6,
            "{wanted}"
        );
        let range = other.loudness_range().unwrap();
        assert!((measured.range.unwrap() - range).abs() < 1.5, "{range}");
    }

    #[test]
    fn sound_that_cannot_be_measured_has_a_reason_and_is_never_infinite() {
        let gap = |sound: &SoundBuffer| measure(sound).integrated.unwrap_err();
        let silence = SoundBuffer::silence(2, 48_000, 48_000);
        assert_eq!(gap(&silence), LoudnessGap::Silent);
        assert_eq!(measure(&silence).true_peak, None);
        assert_eq!(gap(&tone(0.0, 0.1)), LoudnessGap::Silent);
        assert_eq!(gap(&tone(0.399, 0.1)), LoudnessGap::TooShort);
        assert_eq!(gap(&tone(2.0, 0.0001)), LoudnessGap::BelowGate);
        let short = measure(&tone(0.25, 0.1));
        assert!((short.ungated.unwrap() + 20.0).abs() < 0.2, "{short:?}");
        assert_eq!(short.range, None);
        let click = SoundBuffer::stereo(vec![1.0], vec![1.0], 48_000);
        assert!(measure(&click).ungated.unwrap().is_finite());
        let second = measure(&tone(1.0, 0.1));
        assert!(second.integrated.is_ok() && second.range.is_none());
    }

    #[test]
    fn the_loudness_after_a_gain_is_known_before_it() {
        let quiet = tone(4.0, 0.01);
        let mut loud = quiet.clone();
        loud.scale(10.0);
        let (_, energies) = meter_of(&quiet).finish();
        let expected = energies.measure_at(20.0);
        let measured = measure(&loud);
        let difference = expected.integrated.unwrap() - measured.integrated.unwrap();
        assert!(difference.abs() < 1e-4, "{difference}");
    }

    #[test]
    fn the_meter_of_mixes_agrees_with_the_crate() {
        let mut sound = tone(5.0, 0.2);
        for channel in sound.channels_mut() {
            channel[60_000..130_000].fill(0.0);
            channel[200_000..]
                .iter_mut()
                .for_each(|sample| *sample *= 0.1);
        }
        let mut meter = LoudnessMeter::without_peaks(48_000).unwrap();
        meter.add_block(&sound);
        let ours = meter.measure();
        let theirs = measure(&sound);
        assert_eq!(ours.true_peak, None);
        let pairs = [
            (ours.integrated.ok(), theirs.integrated.ok()),
            (ours.ungated, theirs.ungated),
            (ours.range, theirs.range),
        ];
        let curves = ours.momentary.into_iter().zip(theirs.momentary);
        // Below this it is silence. There one counts the last trace of a filter, the other
        // does not.
        let floored =
            |loudness: Option<f64>| loudness.map_or(-90.0, |loudness| loudness.max(-90.0));
        for (ours, theirs) in pairs.into_iter().chain(curves) {
            let difference = floored(ours) - floored(theirs);
            assert!(difference.abs() < 1e-6, "{ours:?} {theirs:?}");
        }
    }

    #[test]
    fn blocks_of_any_length_measure_the_same() {
        let sound = tone(3.5, 0.3);
        let mut meter = LoudnessMeter::new(48_000).unwrap();
        for start in (0..sound.length()).step_by(1777) {
            let end = sound.length().min(start + 1777);
            let part = |channel: &Vec<f32>| channel[start..end].to_vec();
            let channels = sound.channels();
            meter.add_block(&SoundBuffer::stereo(
                part(&channels[0]),
                part(&channels[1]),
                48_000,
            ));
        }
        assert_eq!(meter.measure(), measure(&sound));
    }

    #[test]
    fn a_rate_that_is_none_is_refused() {
        assert!(LoudnessMeter::new(0).is_err());
        assert!(LoudnessMeter::new(u32::MAX).is_err());
        assert!(LoudnessMeter::new(8000).is_ok());
        assert!(LoudnessMeter::new(192_000).is_ok());
    }
}
