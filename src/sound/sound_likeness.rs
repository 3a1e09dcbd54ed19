//! Compares a sound with the one that it was made from, by band and by passage.
//!
//! A codec with loss leaves no sample as it was, but the waves of the bands that it keeps still go
//! up and down together with those of the source. So energies of spectra are compared: that of the
//! source, that of the copy, and what both have in common, which is negative for a copy upside down
//! and near zero for another sound or another time.

use super::SoundBuffer;
use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::PI;
use std::ops::{AddAssign, Range};
use std::sync::Arc;

/// Samples of one spectrum.
const BLOCK: usize = 4096;
/// Samples from one spectrum to the next. With the window below, every sample counts the same.
const HOP: usize = BLOCK / 2;
/// Spectra of one passage, a quarter of a second at 48 kHz.
const PASSAGE_HOPS: usize = 6;
/// Number of bands.
const BANDS: usize = 9;
/// Where each band ends, in hertz. The last has no end.
const BAND_ENDS: [f64; BANDS - 1] = [60.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0, 16_000.0];

/// The energy of a band in both sounds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SharedEnergy {
    /// In the source.
    pub source: f64,
    /// In the copy.
    pub copy: f64,
    /// What both have in common: the mean of both for equal sounds, its negative for a copy upside
    /// down.
    pub common: f64,
}

impl SharedEnergy {
    /// Returns how well the waves agree: 1 for the same sound at any level, 0 for another one, -1
    /// for the same upside down.
    #[must_use]
    pub fn agreement(&self) -> f64 {
        // The geometric mean, so that another level alone changes nothing.
        let both = (self.source * self.copy).sqrt();
        if both > 0.0 { self.common / both } else { 0.0 }
    }

    /// Returns the level of the copy over that of the source in decibels, within 200.
    #[must_use]
    pub fn level(&self) -> f64 {
        let ratio = (self.copy + 1e-20) / (self.source + 1e-20);
        // Silence on one side would be an infinite ratio, which no comparison may get.
        (10.0 * libm::log10(ratio)).clamp(-200.0, 200.0)
    }

    /// Returns the energy of the difference of both.
    #[must_use]
    pub fn difference(&self) -> f64 {
        (self.source + self.copy - 2.0 * self.common).max(0.0)
    }
}

impl AddAssign for SharedEnergy {
    fn add_assign(&mut self, other: Self) {
        self.source += other.source;
        self.copy += other.copy;
        self.common += other.common;
    }
}

/// The bands of one channel, or of the difference of two.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ComparedBands([SharedEnergy; BANDS]);

impl ComparedBands {
    /// Returns all bands together.
    #[must_use]
    pub fn total(&self) -> SharedEnergy {
        self.sum(|_| true)
    }

    /// Returns the bands that are wholly within a range of hertz, together.
    #[must_use]
    pub fn within(&self, range: &Range<f64>) -> SharedEnergy {
        self.sum(|band| range.start <= band.start && band.end <= range.end)
    }

    /// Returns each band with its range.
    pub fn bands(&self) -> impl Iterator<Item = (Range<f64>, SharedEnergy)> + '_ {
        (0..BANDS).map(|band| (band_range(band), self.0[band]))
    }

    fn sum(&self, is_in: impl Fn(&Range<f64>) -> bool) -> SharedEnergy {
        let mut sum = SharedEnergy::default();
        for (_, energy) in self.bands().filter(|(range, _)| is_in(range)) {
            sum += energy;
        }
        sum
    }
}

impl AddAssign for ComparedBands {
    fn add_assign(&mut self, other: Self) {
        for (sum, energy) in self.0.iter_mut().zip(other.0) {
            *sum += energy;
        }
    }
}

fn band_range(band: usize) -> Range<f64> {
    let start = band.checked_sub(1).map_or(0.0, |before| BAND_ENDS[before]);
    start..BAND_ENDS.get(band).copied().unwrap_or(f64::INFINITY)
}

/// A passage of both sounds.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct ComparedPassage {
    /// Seconds from the start to its start.
    pub start: f64,
    /// Left and right.
    pub channels: [ComparedBands; 2],
    /// Left minus right.
    pub side: ComparedBands,
}

impl ComparedPassage {
    /// Adds the energies of another passage.
    pub fn add_passage(&mut self, other: &Self) {
        for (sum, bands) in self.channels.iter_mut().zip(other.channels) {
            *sum += bands;
        }
        self.side += other.side;
    }
}

/// Energy of the source: as ears weigh it, the part in the passband of the codec, and unweighted.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SourceLoudness {
    /// Energy as loudness weighs it.
    pub weighted: f64,
    /// The weighted energy in the passband of the codec.
    pub passband: f64,
    /// Energy without weights.
    pub unweighted: f64,
}

/// What a comparison found.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundLikeness {
    /// One passage after another.
    pub passages: Vec<ComparedPassage>,
    /// Of the source.
    pub loudness: SourceLoudness,
}

/// Compares stereo sounds of one rate, block by block.
pub struct SoundComparison {
    sample_rate: u32,
    transform: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// The band of each bin, its weight, and whether the codec retains it.
    bins: Vec<SpectrumBin>,
    /// Left and right of the source, then of the copy, from the start of the next spectrum on.
    waiting: [Vec<f32>; 4],
    spectra: [Vec<Complex<f32>>; 4],
    scratch: Vec<Complex<f32>>,
    input: Vec<f32>,
    hops: usize,
    likeness: SoundLikeness,
}

#[derive(Debug, Clone, Copy)]
struct SpectrumBin {
    band: usize,
    weight: f64,
    is_retained: bool,
}

impl SoundComparison {
    /// Returns a comparison of sounds of this rate, of which a codec keeps a range of hertz.
    #[must_use]
    pub fn new(sample_rate: u32, retained: &Range<f64>) -> Self {
        let transform = RealFftPlanner::new().plan_fft_forward(BLOCK);
        let spectrum = transform.make_output_vec();
        let hertz = |bin: usize| bin as f64 * f64::from(sample_rate) / BLOCK as f64;
        let bin = |bin: usize| SpectrumBin {
            band: BAND_ENDS.partition_point(|end| *end <= hertz(bin)),
            weight: loudness_weight(hertz(bin)),
            is_retained: retained.contains(&hertz(bin)),
        };
        // Silence before the start, so that the first samples count as much as all others.
        let before = || vec![0.0; HOP];
        Self {
            sample_rate: sample_rate.max(1),
            window: (0..BLOCK).map(window_value).collect(),
            bins: (0..spectrum.len()).map(bin).collect(),
            waiting: [before(), before(), before(), before()],
            scratch: transform.make_scratch_vec(),
            input: transform.make_input_vec(),
            spectra: [
                spectrum.clone(),
                spectrum.clone(),
                spectrum.clone(),
                spectrum,
            ],
            transform,
            hops: 0,
            likeness: SoundLikeness {
                passages: Vec::new(),
                loudness: SourceLoudness::default(),
            },
        }
    }

    /// Takes the next samples of the source and of the copy, as many of both. One channel counts as
    /// both.
    pub fn add_block(&mut self, source: &SoundBuffer, copy: &SoundBuffer) {
        let length = source.length().min(copy.length());
        // A sound of one channel is compared as both.
        let channels = |sound: &SoundBuffer| [0, sound.channels().len().saturating_sub(1)];
        let sides = [source, copy].map(|sound| (sound, channels(sound)));
        let all = sides.iter().flat_map(|(sound, channels)| {
            channels.map(|channel| &sound.channels()[channel][..length])
        });
        for (waiting, samples) in self.waiting.iter_mut().zip(all) {
            waiting.extend_from_slice(samples);
        }
        self.compare_waiting();
    }

    /// Returns what was found.
    #[must_use]
    pub fn finish(mut self) -> SoundLikeness {
        // Silence behind the end, for the same reason as before the start.
        for waiting in &mut self.waiting {
            let length = waiting.len().next_multiple_of(HOP) + HOP;
            waiting.resize(length.max(BLOCK), 0.0);
        }
        self.compare_waiting();
        self.likeness
    }

    fn compare_waiting(&mut self) {
        let mut start = 0;
        // Blocks overlap by half: a window fades at both ends, and together they weigh every sample
        // alike.
        while start + BLOCK <= self.waiting[0].len() {
            for (waiting, spectrum) in self.waiting.iter().zip(&mut self.spectra) {
                let samples = &waiting[start..start + BLOCK];
                for ((input, sample), factor) in
                    self.input.iter_mut().zip(samples).zip(&self.window)
                {
                    // One sample that is no number would make the whole spectrum none.
                    *input = if sample.is_finite() {
                        sample * factor
                    } else {
                        0.0
                    };
                }
                // It fails only for slices of other lengths, and these are its own.
                let _ = self.transform.process_with_scratch(
                    &mut self.input,
                    spectrum,
                    &mut self.scratch,
                );
            }
            self.add_spectra();
            start += HOP;
        }
        for waiting in &mut self.waiting {
            waiting.drain(..start);
        }
    }

    fn add_spectra(&mut self) {
        if self.hops.is_multiple_of(PASSAGE_HOPS) {
            self.likeness.passages.push(ComparedPassage {
                start: self.hops as f64 * HOP as f64 / f64::from(self.sample_rate),
                ..ComparedPassage::default()
            });
        }
        self.hops += 1;
        let Some(passage) = self.likeness.passages.last_mut() else {
            return;
        };
        let loudness = &mut self.likeness.loudness;
        let [left, right, copy_left, copy_right] = &self.spectra;
        for (at, bin) in self.bins.iter().enumerate() {
            let [left, right] = [left[at], right[at]];
            let [copy_left, copy_right] = [copy_left[at], copy_right[at]];
            let pairs = [
                shared_energy(left, copy_left),
                shared_energy(right, copy_right),
            ];
            for (channel, pair) in passage.channels.iter_mut().zip(pairs) {
                channel.0[bin.band] += pair;
            }
            // The difference of the channels shows what no channel shows alone: sides that were
            // exchanged or merged.
            passage.side.0[bin.band] += shared_energy(left - right, copy_left - copy_right);
            let energy = pairs[0].source + pairs[1].source;
            loudness.unweighted += energy;
            loudness.weighted += energy * bin.weight;
            if bin.is_retained {
                loudness.passband += energy * bin.weight;
            }
        }
    }
}

fn shared_energy(source: Complex<f32>, copy: Complex<f32>) -> SharedEnergy {
    let product = source * copy.conj();
    SharedEnergy {
        source: source.norm_sqr().into(),
        copy: copy.norm_sqr().into(),
        common: product.re.into(),
    }
}

/// Returns a value of the window: the root of a raised cosine, whose squares of neighbouring blocks
/// add up to 1.
#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored in single precision"
)]
fn window_value(index: usize) -> f32 {
    libm::sin(PI * (index as f64 + 0.5) / BLOCK as f64) as f32
}

/// Returns the weight of a frequency in loudness, of power: the shelf and the high-pass of ITU-R
/// BS.1770.
fn loudness_weight(hertz: f64) -> f64 {
    let shelf = {
        let place = (hertz / 1681.97).powi(2);
        let damping = place / 0.7072_f64.powi(2);
        let high = (1.0 - 1.5849 * place).powi(2) + 1.2587_f64.powi(2) * damping;
        high / ((1.0 - place).powi(2) + damping)
    };
    let place = (hertz / 38.135).powi(2);
    let high_pass = place * place / ((1.0 - place).powi(2) + place / 0.5003_f64.powi(2));
    shelf * high_pass
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;

    fn noise(seed: u64, length: usize) -> Vec<f32> {
        let mut random = SeededRandom::for_part(seed, "noise");
        (0..length).map(|_| random.next_signed() * 0.2).collect()
    }

    fn compared(source: &SoundBuffer, copy: &SoundBuffer) -> ComparedPassage {
        let mut comparison = SoundComparison::new(48_000, &(0.0..f64::INFINITY));
        comparison.add_block(source, copy);
        let mut whole = ComparedPassage::default();
        for passage in &comparison.finish().passages {
            whole.add_passage(passage);
        }
        whole
    }

    #[test]
    fn a_copy_agrees_and_other_sounds_do_not() {
        let [left, right] = [noise(1, 48_000), noise(2, 48_000)];
        let source = SoundBuffer::stereo(left.clone(), right.clone(), 48_000);
        let mut copy = source.clone();
        copy.scale(0.5);
        let whole = compared(&source, &copy);
        for bands in whole.channels {
            assert!(bands.total().agreement() > 0.999);
            assert!((bands.total().level() + 6.02).abs() < 0.01);
        }
        copy.scale(-2.0);
        assert!(compared(&source, &copy).channels[0].total().agreement() < -0.999);
        let exchanged = SoundBuffer::stereo(right.clone(), left.clone(), 48_000);
        let whole = compared(&source, &exchanged);
        assert!(whole.channels[0].total().agreement().abs() < 0.1);
        assert!(whole.side.total().agreement() < -0.999);
        let reversed = SoundBuffer::stereo(
            left.into_iter().rev().collect(),
            right.into_iter().rev().collect(),
            48_000,
        );
        let whole = compared(&source, &reversed);
        assert!(whole.channels[0].total().agreement().abs() < 0.1);
    }

    #[test]
    fn odd_input_is_no_panic() {
        for samples in [vec![], vec![f32::NAN], vec![f32::INFINITY; 5000]] {
            let sound = SoundBuffer::mono(samples, 48_000);
            let whole = compared(&sound, &sound);
            assert_eq!(whole.channels[0].total().agreement(), 0.0);
        }
        let comparison = SoundComparison::new(0, &(0.0..1.0));
        assert!(!comparison.finish().passages.is_empty());
    }

    #[test]
    fn weights_are_those_of_the_standard() {
        // ITU-R BS.1770: a tone of 997 Hz has a gain of 0.691 dB.
        let decibels = |hertz: f64| 10.0 * libm::log10(loudness_weight(hertz));
        assert!((decibels(997.0) - 0.691).abs() < 0.1);
        assert!((decibels(10_000.0) - 4.0).abs() < 0.1);
        assert!(decibels(20.0) < -12.0);
    }
}
