//! The weighting of BS.1770: the power that sound has for listeners.
//!
//! One filter of fourth order, a shelf for the head and a high-pass, on both channels at once. The
//! crate `ebur128` filters one channel after the other in a chain of dependent sums, which took
//! most of the time of measuring. `verify` still measures with the crate.

/// Magnitude below which a state is taken as zero.
// Below 1e-308 processors are slow, and a state would reach that in a long silence.
const NEARLY_ZERO: f64 = 1e-30;
/// Order of the filter.
const ORDER: usize = 4;

/// Filters stereo sound, and adds up the squares of what comes out.
#[derive(Debug, Clone)]
pub(super) struct WeightingFilter {
    numerator: [f64; ORDER + 1],
    /// Without the first, which is 1.
    denominator: [f64; ORDER],
    /// What the recursion gave before, the newest first, for each channel.
    states: [[f64; 2]; ORDER],
    energy: [f64; 2],
}

impl WeightingFilter {
    /// Returns a filter at rest for sound of this rate.
    pub(super) fn new(sample_rate: u32) -> Self {
        let rate = f64::from(sample_rate.max(1));
        let shelf = shelf_section(rate);
        let pass = high_pass_section(rate);
        let product = |a: [f64; 3], b: [f64; 3]| {
            let mut product = [0.0; ORDER + 1];
            for (power, a) in a.iter().enumerate() {
                for (other, b) in b.iter().enumerate() {
                    product[power + other] += a * b;
                }
            }
            product
        };
        let [_, denominator @ ..] = product(shelf.denominator, pass.denominator);
        Self {
            numerator: product(shelf.numerator, pass.numerator),
            denominator,
            states: [[0.0; 2]; ORDER],
            energy: [0.0; 2],
        }
    }

    /// Filters the next samples of both channels, which are equally many.
    pub(super) fn add_samples(&mut self, left: &[f32], right: &[f32]) {
        let [b0, b1, b2, b3, b4] = self.numerator;
        let [a1, a2, a3, a4] = self.denominator;
        let [mut s1, mut s2, mut s3, mut s4] = self.states;
        let mut energy = self.energy;
        for (left, right) in left.iter().zip(right) {
            let input = [f64::from(*left), f64::from(*right)];
            // The newest state comes last, so that all but two operations can be done before it is
            // known.
            let next: [f64; 2] = std::array::from_fn(|channel| {
                let early = input[channel] - a4 * s4[channel] - a3 * s3[channel];
                (early - a2 * s2[channel]) - a1 * s1[channel]
            });
            let output: [f64; 2] = std::array::from_fn(|channel| {
                let before = b4 * s4[channel] + b3 * s3[channel] + b2 * s2[channel];
                (before + b1 * s1[channel]) + b0 * next[channel]
            });
            energy =
                std::array::from_fn(|channel| energy[channel] + output[channel] * output[channel]);
            s4 = s3;
            s3 = s2;
            s2 = s1;
            s1 = next;
        }
        self.energy = energy;
        self.states = [s1, s2, s3, s4];
        for state in self.states.as_flattened_mut() {
            // Nor does a sample that is no number silence all that follows it.
            if state.abs() < NEARLY_ZERO || !state.is_finite() {
                *state = 0.0;
            }
        }
    }

    /// Returns whether nothing of earlier sound is left: silence need not be filtered then.
    pub(super) fn is_at_rest(&self) -> bool {
        self.states.as_flattened().iter().all(|state| *state == 0.0)
    }

    /// Returns the sum of squares of both channels since the last call.
    pub(super) fn take_energy(&mut self) -> f64 {
        let [left, right] = std::mem::take(&mut self.energy);
        left + right
    }
}

/// A filter of second order.
struct FilterSection {
    numerator: [f64; 3],
    denominator: [f64; 3],
}

/// Returns the shelf for the head: 4 dB above 2 kHz.
// The standard gives coefficients at 48 kHz alone. These analogue values give the same at that
// rate (Brecht De Man, "Evaluation of implementations of the EBU R128 loudness measurement").
fn shelf_section(rate: f64) -> FilterSection {
    const HERTZ: f64 = 1_681.974_450_955_533;
    const DECIBELS: f64 = 3.999_843_853_973_347;
    const Q: f64 = 0.707_175_236_955_419_6;
    let k = libm::tan(std::f64::consts::PI * HERTZ / rate);
    let high = libm::pow(10.0, DECIBELS / 20.0);
    let band = libm::pow(high, 0.499_666_774_154_541_6);
    let a0 = 1.0 + k / Q + k * k;
    FilterSection {
        numerator: [
            (high + band * k / Q + k * k) / a0,
            2.0 * (k * k - high) / a0,
            (high - band * k / Q + k * k) / a0,
        ],
        denominator: [1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0],
    }
}

/// Returns the high-pass at 38 Hz.
fn high_pass_section(rate: f64) -> FilterSection {
    const HERTZ: f64 = 38.135_470_876_024_44;
    const Q: f64 = 0.500_327_037_323_877_3;
    let k = libm::tan(std::f64::consts::PI * HERTZ / rate);
    let a0 = 1.0 + k / Q + k * k;
    FilterSection {
        numerator: [1.0, -2.0, 1.0],
        denominator: [1.0, 2.0 * (k * k - 1.0) / a0, (1.0 - k / Q + k * k) / a0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;
    use ebur128::{EbuR128, Mode};

    /// The two channels differ, so that they cannot be taken for each other.
    fn noise(length: usize) -> [Vec<f32>; 2] {
        let mut random = SeededRandom::new(5);
        [0.3, 0.1].map(|level| (0..length).map(|_| random.next_signed() * level).collect())
    }

    #[test]
    fn it_measures_what_the_crate_measures_at_every_rate() {
        for rate in [8000, 44_100, 48_000, 96_000, 192_000] {
            let length = rate as usize / 10;
            let [left, right] = noise(length);
            let mut other = EbuR128::new(2, rate, Mode::M).unwrap();
            other.add_frames_planar_f32(&[&left, &right]).unwrap();
            let wanted = other.loudness_window(100).unwrap();
            let mut filter = WeightingFilter::new(rate);
            filter.add_samples(&left[..100], &right[..100]);
            filter.add_samples(&left[100..], &right[100..]);
            let level = 10.0 * libm::log10(filter.take_energy() / length as f64) - 0.691;
            assert!((level - wanted).abs() < 1e-9, "{rate}: {level} {wanted}");
            assert_eq!(filter.take_energy(), 0.0);
        }
    }

    #[test]
    fn silence_brings_it_to_rest() {
        let [left, right] = noise(4800);
        let mut filter = WeightingFilter::new(48_000);
        assert!(filter.is_at_rest());
        filter.add_samples(&left, &right);
        assert!(!filter.is_at_rest());
        let silence = vec![0.0; 4800];
        let steps = (0..40).position(|_| {
            filter.add_samples(&silence, &silence);
            filter.is_at_rest()
        });
        assert!(steps.is_some());
    }
}
