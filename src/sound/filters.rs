//! Filters of second order, modal resonators, and noise of several colours.
//!
//! Coefficients are those of Robert Bristow-Johnson's *Audio EQ Cookbook*, computed with `libm`.
//! The crates for such filters take sine and cosine from the system, whose last digit differs
//! between machines, and sound is compared by its bytes.

use crate::base::seeded_random::SeededRandom;
use std::f64::consts::{FRAC_1_SQRT_2, TAU};

/// The Q of a filter without a peak at its corner.
pub const BUTTERWORTH_Q: f64 = FRAC_1_SQRT_2;

/// A filter of second order with its state (transposed direct form II).
#[derive(Debug, Clone)]
pub struct BiquadFilter {
    // Numerator b0 to b2, then denominator a1 and a2, all divided by a0. Double precision, because
    // poles near 20 Hz are too close to the unit circle for single precision.
    coefficients: [f64; 5],
    state: [f64; 2],
}

impl BiquadFilter {
    /// Returns a low-pass filter with its corner at `hertz`.
    #[must_use]
    pub fn low_pass(sample_rate: u32, hertz: f64, q: f64) -> Self {
        let corner = FilterCorner::new(sample_rate, hertz, q);
        let edge = 1.0 - corner.cosine;
        corner.filter([edge / 2.0, edge, edge / 2.0])
    }

    /// Returns a high-pass filter with its corner at `hertz`.
    #[must_use]
    pub fn high_pass(sample_rate: u32, hertz: f64, q: f64) -> Self {
        let corner = FilterCorner::new(sample_rate, hertz, q);
        let edge = 1.0 + corner.cosine;
        corner.filter([edge / 2.0, -edge, edge / 2.0])
    }

    /// Returns a band-pass filter with a gain of 1 at `hertz`.
    #[must_use]
    pub fn band_pass(sample_rate: u32, hertz: f64, q: f64) -> Self {
        let corner = FilterCorner::new(sample_rate, hertz, q);
        let alpha = corner.alpha;
        corner.filter([alpha, 0.0, -alpha])
    }

    /// Returns an all-pass filter, which only turns phases.
    #[must_use]
    pub fn all_pass(sample_rate: u32, hertz: f64, q: f64) -> Self {
        let corner = FilterCorner::new(sample_rate, hertz, q);
        corner.filter([1.0 - corner.alpha, -2.0 * corner.cosine, 1.0 + corner.alpha])
    }

    /// Filters one sample.
    pub fn next_sample(&mut self, input: f64) -> f64 {
        let [b0, b1, b2, a1, a2] = self.coefficients;
        let output = b0 * input + self.state[0];
        self.state[0] = b1 * input - a1 * output + self.state[1];
        self.state[1] = b2 * input - a2 * output;
        output
    }

    /// Filters samples in place.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "samples are stored in single precision"
    )]
    pub fn filter_samples(&mut self, samples: &mut [f32]) {
        for sample in samples {
            *sample = self.next_sample(f64::from(*sample)) as f32;
        }
    }

    /// Takes the corner of `other`, and keeps the state, so that a moving filter does not click.
    pub const fn retune(&mut self, other: &Self) {
        self.coefficients = other.coefficients;
    }
}

/// The corner of a filter: cosine of its angle, and alpha of the cookbook.
struct FilterCorner {
    cosine: f64,
    alpha: f64,
}

impl FilterCorner {
    fn new(sample_rate: u32, hertz: f64, q: f64) -> Self {
        let rate = f64::from(sample_rate.max(1));
        // A corner at or above half the rate would give an unstable filter, and NaN a silent film.
        let hertz = if hertz.is_finite() { hertz } else { rate };
        let angle = TAU * hertz.clamp(1e-4 * rate, 0.49 * rate) / rate;
        let q = if q.is_finite() { q.max(0.05) } else { 0.05 };
        Self {
            cosine: libm::cos(angle),
            alpha: libm::sin(angle) / (2.0 * q),
        }
    }

    fn filter(&self, numerator: [f64; 3]) -> BiquadFilter {
        let a0 = 1.0 + self.alpha;
        let [b0, b1, b2] = numerator.map(|value| value / a0);
        BiquadFilter {
            coefficients: [b0, b1, b2, -2.0 * self.cosine / a0, (1.0 - self.alpha) / a0],
            state: [0.0; 2],
        }
    }
}

/// A low-pass filter of first order.
#[derive(Debug, Clone)]
pub struct OnePole {
    keep: f64,
    state: f64,
}

impl OnePole {
    /// Returns a filter with its corner at `hertz`.
    #[must_use]
    pub fn low_pass(sample_rate: u32, hertz: f64) -> Self {
        let rate = f64::from(sample_rate.max(1));
        Self {
            // Below half of the sample rate: a corner above it has no filter.
            keep: libm::exp(-TAU * hertz.clamp(0.0, 0.49 * rate) / rate),
            state: 0.0,
        }
    }

    /// Filters one sample.
    pub fn next_sample(&mut self, input: f64) -> f64 {
        self.state = input + self.keep * (self.state - input);
        self.state
    }
}

/// A struck mode of a body: a sine that decays.
#[derive(Debug, Clone)]
pub struct ModeResonator {
    turn: f64,
    shrink: f64,
    before: f64,
    last: f64,
}

impl ModeResonator {
    /// Returns a mode of `hertz` that falls by 60 dB in `decay` seconds, with its first peak near
    /// `level`. It begins at 0, so that it does not click.
    #[must_use]
    pub fn struck(sample_rate: u32, hertz: f64, decay: f64, level: f64) -> Self {
        let rate = f64::from(sample_rate.max(1));
        // Below half of the sample rate, or the mode would sound at another pitch.
        let angle = TAU * hertz.clamp(1.0, 0.49 * rate) / rate;
        let radius = decay_factor(rate, decay);
        Self {
            turn: 2.0 * radius * libm::cos(angle),
            shrink: radius * radius,
            // The sample before the first of a sine that passes 0 at the first.
            before: -level * libm::sin(angle) / radius,
            last: 0.0,
        }
    }

    /// Returns the next sample.
    pub fn next_sample(&mut self) -> f64 {
        let sample = self.last;
        self.last = self.turn * sample - self.shrink * self.before;
        self.before = sample;
        sample
    }
}

/// Returns the factor by which each sample is smaller than the one before, so that a sound falls by
/// 60 dB in `decay` seconds.
#[must_use]
pub fn decay_factor(sample_rate: f64, decay: f64) -> f64 {
    // ln(1000): 60 dB.
    libm::exp(-6.907_755_278_982_137 / (decay.max(1e-4) * sample_rate.max(1.0)))
}

/// Returns a way from 0 to 1 that begins and ends slowly, for places from 0 to 1.
#[must_use]
pub const fn eased(place: f64) -> f64 {
    // A polynomial, where a cosine would take most of the time of a bed.
    place * place * (3.0 - 2.0 * place)
}

/// Noise with the same power in every octave (Paul Kellet's filter of white noise).
#[derive(Debug, Clone)]
pub struct PinkNoise {
    random: SeededRandom,
    state: [f64; 6],
}

impl PinkNoise {
    /// Returns the noise of this generator.
    #[must_use]
    pub const fn new(random: SeededRandom) -> Self {
        Self {
            random,
            state: [0.0; 6],
        }
    }

    /// Returns the next sample, of about -12 dB RMS.
    pub fn next_sample(&mut self) -> f64 {
        const POLES: [f64; 6] = [0.998_86, 0.993_32, 0.969, 0.866_5, 0.55, -0.761_6];
        const GAINS: [f64; 6] = [
            0.055_517_9,
            0.075_075_9,
            0.153_852,
            0.310_485_6,
            0.532_952_2,
            -0.016_898,
        ];
        let white = f64::from(self.random.next_signed());
        let mut sum = white * 0.536_2;
        for (state, (pole, gain)) in self.state.iter_mut().zip(POLES.iter().zip(GAINS)) {
            *state = pole * *state + gain * white;
            sum += *state;
        }
        sum * 0.15
    }
}

/// A value that wanders slowly between 0 and 1: random points, joined smoothly.
#[derive(Debug, Clone)]
pub struct SlowNoise {
    random: SeededRandom,
    from: f64,
    to: f64,
    place: f64,
    step: f64,
}

impl SlowNoise {
    /// Returns a value that reaches a new point every `seconds`.
    #[must_use]
    pub fn new(mut random: SeededRandom, sample_rate: u32, seconds: f64) -> Self {
        Self {
            from: f64::from(random.next_unit()),
            to: f64::from(random.next_unit()),
            // The first interval is begun somewhere, so that several of them do not turn together.
            place: f64::from(random.next_unit()),
            step: 1.0 / (seconds.max(1e-3) * f64::from(sample_rate.max(1))),
            random,
        }
    }

    /// Returns the next value.
    pub fn next_value(&mut self) -> f64 {
        let value = self.from + (self.to - self.from) * eased(self.place);
        self.place += self.step;
        if self.place >= 1.0 {
            self.place -= 1.0;
            self.from = self.to;
            self.to = f64::from(self.random.next_unit());
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the gain of a filter at `hertz`, in decibels, measured with a sine.
    fn gain_at(mut filter: BiquadFilter, hertz: f64) -> f64 {
        let rate = 48_000;
        let sine = |index: u32| libm::sin(TAU * hertz * f64::from(index) / f64::from(rate));
        let settled = (0..rate).map(|index| filter.next_sample(sine(index)));
        let peak = settled.skip(24_000).fold(0.0, |a: f64, b| a.max(b.abs()));
        20.0 * libm::log10(peak)
    }

    #[test]
    fn filters_pass_and_stop_what_they_should() {
        let low = || BiquadFilter::low_pass(48_000, 1000.0, BUTTERWORTH_Q);
        assert!(gain_at(low(), 100.0).abs() < 0.1);
        assert!((gain_at(low(), 1000.0) + 3.0).abs() < 0.1);
        assert!(gain_at(low(), 10_000.0) < -38.0);
        let high = || BiquadFilter::high_pass(48_000, 1000.0, BUTTERWORTH_Q);
        assert!(gain_at(high(), 100.0) < -38.0);
        assert!(gain_at(high(), 10_000.0).abs() < 0.1);
        let band = || BiquadFilter::band_pass(48_000, 1000.0, 4.0);
        assert!(gain_at(band(), 1000.0).abs() < 0.1);
        assert!(gain_at(band(), 4000.0) < -20.0);
        assert!(gain_at(BiquadFilter::all_pass(48_000, 700.0, 1.0), 900.0).abs() < 0.1);
    }

    #[test]
    fn no_corner_makes_a_filter_unstable() {
        for hertz in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e9] {
            let mut filter = BiquadFilter::low_pass(8000, hertz, f64::NAN);
            let last = (0..20_000).map(|_| filter.next_sample(1.0)).last().unwrap();
            assert!(last.is_finite() && last.abs() < 10.0, "{hertz}: {last}");
        }
    }

    #[test]
    fn a_mode_begins_at_zero_and_falls_by_sixty_decibels() {
        let mut mode = ModeResonator::struck(48_000, 440.0, 0.5, 1.0);
        let samples: Vec<f64> = (0..48_000).map(|_| mode.next_sample()).collect();
        assert_eq!(samples[0], 0.0);
        let peak = |from: usize| {
            let part = &samples[from..from + 200];
            part.iter().fold(0.0, |a: f64, b| a.max(b.abs()))
        };
        assert!((peak(0) - 1.0).abs() < 0.05, "{}", peak(0));
        let fall = 20.0 * libm::log10(peak(24_000) / peak(0));
        assert!((fall + 60.0).abs() < 1.0, "{fall}");
    }

    #[test]
    fn pink_noise_falls_by_three_decibels_an_octave() {
        let power = |hertz: f64| {
            let mut noise = PinkNoise::new(SeededRandom::new(5));
            // Bands of one width, whose power halves with each octave.
            let mut band = BiquadFilter::band_pass(48_000, hertz, hertz / 100.0);
            let samples = (0..480_000).map(|_| band.next_sample(noise.next_sample()));
            10.0 * libm::log10(samples.map(|sample| sample * sample).sum::<f64>())
        };
        let fall = power(4000.0) - power(500.0);
        assert!((fall + 9.0).abs() < 1.5, "{fall}");
    }

    #[test]
    fn a_slow_value_stays_between_zero_and_one_and_never_jumps() {
        let mut slow = SlowNoise::new(SeededRandom::new(9), 1000, 0.5);
        let values: Vec<f64> = (0..20_000).map(|_| slow.next_value()).collect();
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        assert!(
            values
                .windows(2)
                .all(|pair| (pair[0] - pair[1]).abs() < 0.01)
        );
        let spread = values.iter().fold(0.0, |a: f64, b| a.max(*b))
            - values.iter().fold(1.0, |a: f64, b| a.min(*b));
        assert!(spread > 0.5, "{spread}");
    }
}
