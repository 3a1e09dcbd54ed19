//! A short sound while it is put together from bursts of noise, struck modes, chirps and grains.

use crate::base::seeded_random::SeededRandom;
use crate::sound::filters::{BUTTERWORTH_Q, BiquadFilter, ModeResonator, decay_factor, eased};
use std::f64::consts::TAU;

/// A sound of one channel while it is put together. Times are seconds from its start.
pub(super) struct SoundSketch {
    sample_rate: u32,
    samples: Vec<f32>,
    /// The source of every choice.
    pub(super) random: SeededRandom,
}

/// A burst of noise within a band, which rises and falls by 60 dB.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoiseBurst {
    /// Its start.
    pub(super) at: f64,
    /// Seconds of its rise.
    pub(super) attack: f64,
    /// Seconds of its fall.
    pub(super) decay: f64,
    /// Its RMS at the top.
    pub(super) level: f64,
    /// Lower end of the band in hertz.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
}

/// A mode of a struck body.
#[derive(Debug, Clone, Copy)]
pub(super) struct BodyMode {
    /// Its frequency.
    pub(super) hertz: f64,
    /// Seconds in which it falls by 60 dB.
    pub(super) decay: f64,
    /// Its first peak.
    pub(super) level: f64,
}

/// A sine that glides and fades.
#[derive(Debug, Clone, Copy)]
pub(super) struct SineChirp {
    /// Its start.
    pub(super) at: f64,
    /// Its length.
    pub(super) seconds: f64,
    /// Its first frequency.
    pub(super) from: f64,
    /// Its last frequency.
    pub(super) to: f64,
    /// Its first peak.
    pub(super) level: f64,
}

/// Noise through a band that moves: from `from` to `peak` hertz at `peak_at`, then to `to`.
#[derive(Debug, Clone, Copy)]
pub(super) struct SweptNoise {
    /// Its start.
    pub(super) at: f64,
    /// Its length.
    pub(super) seconds: f64,
    /// The place of its top, 0 to 1.
    pub(super) peak_at: f64,
    /// Hertz at the start.
    pub(super) from: f64,
    /// Hertz at the top.
    pub(super) peak: f64,
    /// Hertz at the end.
    pub(super) to: f64,
    /// The width of the band.
    pub(super) q: f64,
    /// Its level at the top.
    pub(super) level: f64,
}

/// Short bursts at random times.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoiseGrains {
    /// Start of the span.
    pub(super) at: f64,
    /// Length of the span.
    pub(super) seconds: f64,
    /// How many.
    pub(super) count: usize,
    /// The longest fall of one.
    pub(super) decay: f64,
    /// The loudest.
    pub(super) level: f64,
    /// Lower end of the bands.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
}

/// Samples between two settings of a filter that moves.
// 0.7 ms at 48 kHz, too short for an audible change of timbre. Coefficients cost sines, so they are
// not computed for each sample.
const RETUNE_STEP: usize = 32;

/// Returns a burst of most of the spectrum, at the start.
pub(super) const fn noise_burst(attack: f64, decay: f64, level: f64) -> NoiseBurst {
    NoiseBurst {
        at: 0.0,
        attack,
        decay,
        level,
        low: 100.0,
        high: 8000.0,
    }
}

impl NoiseBurst {
    /// Returns it at a time.
    pub(super) const fn starting_at(self, at: f64) -> Self {
        Self { at, ..self }
    }

    /// Returns it within a band.
    pub(super) const fn in_band(self, low: f64, high: f64) -> Self {
        Self { low, high, ..self }
    }
}

pub(super) const fn body_mode(hertz: f64, decay: f64, level: f64) -> BodyMode {
    BodyMode {
        hertz,
        decay,
        level,
    }
}

impl SoundSketch {
    /// Returns silence of this many seconds.
    pub(super) fn new(seconds: f64, sample_rate: u32, random: SeededRandom) -> Self {
        Self {
            sample_rate,
            samples: vec![0.0; sample_index(seconds, sample_rate).max(1)],
            random,
        }
    }

    pub(super) fn into_samples(self) -> Vec<f32> {
        self.samples
    }

    /// Returns a number between two others.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * f64::from(self.random.next_unit())
    }

    pub(super) fn add_burst(&mut self, burst: NoiseBurst) {
        let rate = self.sample_rate;
        let mut low_cut = BiquadFilter::high_pass(rate, burst.low, BUTTERWORTH_Q);
        let mut high_cut = BiquadFilter::low_pass(rate, burst.high, BUTTERWORTH_Q);
        // By the width of the band: without it, a level would mean something else for each band.
        let gain = burst.level * band_gain(burst.high - burst.low, rate);
        let rise = sample_index(burst.attack, rate).max(1);
        let fall = decay_factor(f64::from(rate), burst.decay);
        let length = rise + sample_index(burst.decay, rate);
        let mut envelope = gain;
        for index in 0..length {
            let white = f64::from(self.random.next_signed());
            let noise = high_cut.next_sample(low_cut.next_sample(white));
            let level = if index < rise {
                gain * eased((index as f64 + 1.0) / rise as f64)
            } else {
                envelope *= fall;
                envelope
            };
            self.add_sample(burst.at, index, noise * level);
        }
    }

    /// Strikes modes together. Each differs a little every time.
    pub(super) fn strike(&mut self, at: f64, strength: f64, modes: &[BodyMode]) {
        for mode in modes {
            // A body is never struck twice at the same spot, so pitch and levels differ a little.
            let hertz = mode.hertz * self.between(0.985, 1.015);
            let level = mode.level * strength * self.between(0.75, 1.2);
            let mut struck = ModeResonator::struck(self.sample_rate, hertz, mode.decay, level);
            // Until it is 72 dB down, where the cut is inaudible.
            for index in 0..sample_index(mode.decay * 1.2, self.sample_rate) {
                self.add_sample(at, index, struck.next_sample());
            }
        }
    }

    pub(super) fn add_chirp(&mut self, chirp: SineChirp) {
        let rate = f64::from(self.sample_rate);
        let length = sample_index(chirp.seconds, self.sample_rate).max(1);
        let rise = (length / 8).max(1);
        let mut phase = 0.0;
        for index in 0..length {
            let place = index as f64 / length as f64;
            // Summed: a phase that is computed from the time would jump while the frequency moves.
            phase += TAU * (chirp.from + (chirp.to - chirp.from) * place) / rate;
            let rising = (index as f64 / rise as f64).min(1.0);
            let fading = (1.0 - place) * (1.0 - place);
            self.add_sample(
                chirp.at,
                index,
                libm::sin(phase) * rising * fading * chirp.level,
            );
        }
    }

    /// Adds noise through a moving band.
    pub(super) fn add_sweep(&mut self, sweep: SweptNoise) {
        let rate = self.sample_rate;
        let length = sample_index(sweep.seconds, rate).max(1);
        let mut band = BiquadFilter::band_pass(rate, sweep.from, sweep.q);
        let gain = sweep.level * band_gain(sweep.peak / sweep.q, rate);
        for index in 0..length {
            let place = index as f64 / length as f64;
            // Rises from 0 to 1 at the top, and falls to 0 again.
            let height = if place < sweep.peak_at {
                place / sweep.peak_at
            } else {
                (1.0 - place) / (1.0 - sweep.peak_at)
            };
            let height = eased(height);
            if index % RETUNE_STEP == 0 {
                let foot = if place < sweep.peak_at {
                    sweep.from
                } else {
                    sweep.to
                };
                // By ratios, as the ear perceives pitch.
                let hertz = foot * libm::pow(sweep.peak / foot, height);
                band.retune(&BiquadFilter::band_pass(rate, hertz, sweep.q));
            }
            let noise = band.next_sample(f64::from(self.random.next_signed()));
            self.add_sample(sweep.at, index, noise * height * gain);
        }
    }

    pub(super) fn add_grains(&mut self, grains: NoiseGrains) {
        for _ in 0..grains.count {
            let offset = self.between(0.0, grains.seconds);
            // By ratios: drawn evenly in hertz, most grains would be at the top of the band.
            let middle = grains.low * libm::pow(grains.high / grains.low, self.between(0.1, 0.9));
            let decay = grains.decay * self.between(0.3, 1.0);
            let level = grains.level * self.between(0.2, 1.0);
            self.add_burst(
                noise_burst(0.0006, decay, level)
                    .in_band(middle * 0.7, middle * 1.5)
                    .starting_at(grains.at + offset),
            );
        }
    }

    /// Adds samples of another sound.
    pub(super) fn add_samples(&mut self, at: f64, level: f64, samples: &[f32]) {
        for (index, sample) in samples.iter().enumerate() {
            self.add_sample(at, index, f64::from(*sample) * level);
        }
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "samples are stored in single precision"
    )]
    fn add_sample(&mut self, at: f64, index: usize, value: f64) {
        let place = sample_index(at, self.sample_rate) + index;
        // A tail may be longer than the sketch, and is cut off there: the length of an effect is
        // part of its definition.
        if let Some(sample) = self.samples.get_mut(place) {
            *sample += value as f32;
        }
    }
}

/// Returns the factor by which white noise of a generator, cut to a band of this width, has an RMS
/// of 1.
fn band_gain(width: f64, sample_rate: u32) -> f64 {
    // White noise from -1 to 1 has an RMS of 1 / sqrt(3), spread over half the sample rate.
    let share = (width.max(1.0) * 2.0 / f64::from(sample_rate.max(1))).min(1.0);
    libm::sqrt(3.0 / share)
}

/// Returns the number of samples in so many seconds, 0 for less than none.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sounds last minutes at most, and a float above or below is cut off"
)]
pub(super) fn sample_index(seconds: f64, sample_rate: u32) -> usize {
    (seconds * f64::from(sample_rate)).round().max(0.0) as usize
}
