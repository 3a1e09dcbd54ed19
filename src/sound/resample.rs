//! Changes the sample rate of sound.
//!
//! The filters and their scalar products are those of `rubato`. Its own resamplers choose between
//! AVX, SSE and NEON by what the processor has, which add up in another order and so give other
//! last digits on another machine. Here the plain scalar products are used, at exact fractions of
//! a sample: two rates have a smallest common period, in which only so many different places
//! between two samples occur.

use super::SoundBuffer;
use rubato::WindowFunction;
use rubato::calculate_cutoff;
use rubato::sinc_interpolator::{ScalarInterpolator, SincInterpolator};

/// Points of the filter at equal or rising rates.
const FILTER_POINTS: usize = 192;

/// The most points of a filter, for rates that fall to a tenth and less.
const MAX_FILTER_POINTS: usize = 2048;

/// The most places between two samples for which a filter of its own is made.
// 44,100 to 48,000 has 160, and 22,050 to 48,000 has 320. Rates without a common divisor would fill
// hundreds of megabytes; between their places it is interpolated, with an error below -140 dB.
const MAX_PHASES: u64 = 4096;

/// Samples between two checks whether to stop, some milliseconds of work.
const HALT_STEP: u64 = 1 << 15;

/// Steps of a filter coefficient in one unit.
// The sine of the system may differ in its last digit between machines. What is left of it after
// rounding to this is the same.
const COEFFICIENT_STEPS: f64 = 1_073_741_824.0;

/// Returns the length of `length` samples at another rate: the time that they last, to the nearest
/// sample.
#[must_use]
pub fn resampled_length(length: usize, from: u32, to: u32) -> usize {
    let from = u128::from(from.max(1));
    let samples = u128::try_from(length).unwrap_or(u128::MAX) * u128::from(to);
    usize::try_from((samples + from / 2) / from).unwrap_or(usize::MAX)
}

/// Returns the sound at another rate. Its length is that of [`resampled_length`], and nothing is
/// delayed: every event stays at its time.
///
/// A rate of 0 gives silence without a length.
#[must_use]
pub fn resample(sound: &SoundBuffer, rate: u32) -> SoundBuffer {
    let silence = || SoundBuffer::silence(sound.channels().len(), 0, rate);
    resample_unless(sound, rate, &|| false).unwrap_or_else(silence)
}

/// Returns the sound at another rate, as [`resample`] does. `None`: it was stopped.
#[must_use]
pub fn resample_unless(
    sound: &SoundBuffer,
    rate: u32,
    is_halting: &dyn Fn() -> bool,
) -> Option<SoundBuffer> {
    let from = sound.sample_rate();
    if from == rate {
        return Some(sound.clone());
    }
    let length = if from == 0 || rate == 0 {
        0
    } else {
        resampled_length(sound.length(), from, rate)
    };
    let mut resampled = SoundBuffer::silence(sound.channels().len(), length, rate);
    if length == 0 {
        return Some(resampled);
    }
    let filter = PhaseFilter::new(from, rate);
    for (target, source) in resampled.channels_mut().zip(sound.channels()) {
        if !filter.resample_channel(source, target, is_halting) {
            return None;
        }
    }
    Some(resampled)
}

/// The filters of two rates, one for each place between two samples.
struct PhaseFilter {
    interpolator: ScalarInterpolator<f64>,
    /// The filter of each place, in order. One more than places: the last is the first, one sample
    /// on.
    phases: Vec<Vec<f64>>,
    /// The rates without their common divisor.
    from: u64,
    to: u64,
}

impl PhaseFilter {
    fn new(from: u32, to: u32) -> Self {
        let divisor = common_divisor(from.into(), to.into());
        let reduced_from = u64::from(from) / divisor;
        let reduced_to = u64::from(to) / divisor;
        let window = WindowFunction::BlackmanHarris2;
        // When the rate falls, the filter ends below half of the new rate. Higher frequencies would
        // fold back as noise.
        let ratio = (f64::from(to) / f64::from(from)).min(1.0);
        let points = filter_points(ratio);
        let cutoff = calculate_cutoff::<f64>(points, window) * ratio;
        let phase_count = usize::try_from(reduced_to.min(MAX_PHASES)).unwrap_or(1);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the crate takes the cutoff, a number below 1, as an f32"
        )]
        let interpolator = ScalarInterpolator::new(points, phase_count, cutoff as f32, window);
        let phases = ordered_phases(&interpolator);
        Self {
            interpolator,
            phases,
            from: reduced_from,
            to: reduced_to,
        }
    }

    /// Returns `false` if it was stopped.
    fn resample_channel(
        &self,
        source: &[f32],
        target: &mut [f32],
        is_halting: &dyn Fn() -> bool,
    ) -> bool {
        let points = self.interpolator.nbr_points();
        let half = points / 2;
        // Silence around the sound, so that the filter of every sample has all its points.
        let mut wave = vec![0.0_f64; source.len() + 2 * points];
        for (padded, sample) in wave[points..].iter_mut().zip(source) {
            // One sample that is not a number would make hundreds of them.
            *padded = if sample.is_finite() {
                f64::from(*sample)
            } else {
                0.0
            };
        }
        let steps = (self.phases.len() - 1) as u64;
        for (index, sample) in (0_u64..).zip(target.iter_mut()) {
            if index.is_multiple_of(HALT_STEP) && is_halting() {
                return false;
            }
            let position = u128::from(index) * u128::from(self.from);
            let to = u128::from(self.to);
            let whole = usize::try_from(position / to).unwrap_or(usize::MAX);
            // The place in phases, exact unless there are more places than phases.
            let scaled = (position % to) * u128::from(steps);
            let phase = usize::try_from(scaled / to).unwrap_or(0);
            let start = (whole + points - half).min(wave.len() - points - 1);
            let mut value = self.phase_value(&wave, start, phase);
            let rest = scaled % to;
            if rest != 0 {
                let share = rest as f64 / to as f64;
                let next = self.phase_value(&wave, start, phase + 1);
                value += (next - value) * share;
            }
            *sample = narrowed(value);
        }
        true
    }

    /// Returns the sound at `phase` behind the sample in the middle of the filter at `start`.
    fn phase_value(&self, wave: &[f64], start: usize, phase: usize) -> f64 {
        // The filter of the place 0 is that of the place 1 of the sample before, see
        // `ordered_phases`.
        let start = start + usize::from(phase > 0);
        self.interpolator
            .get_sinc_dot_product(wave, start, &self.phases[phase])
    }
}

/// Returns the filters in the order of the places, each rounded.
// The crate has them the other way: the filter at index i is for the place (i + 1) / count, so the
// last one is for the next sample, or the place 0 of this one.
fn ordered_phases(interpolator: &ScalarInterpolator<f64>) -> Vec<Vec<f64>> {
    let round = |coefficient: &f64| (coefficient * COEFFICIENT_STEPS).round() / COEFFICIENT_STEPS;
    let rounded = |sinc: &rubato::sinc_interpolator::AlignedBuf<f64>| -> Vec<f64> {
        sinc.iter().map(round).collect()
    };
    let sincs = interpolator.get_sincs();
    let last = sincs.last().map(rounded);
    last.into_iter().chain(sincs.iter().map(rounded)).collect()
}

/// Returns the points of the filter for a ratio of rates of at most 1, a multiple of 8.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is positive and clamped"
)]
fn filter_points(ratio: f64) -> usize {
    let points = (FILTER_POINTS as f64 / ratio).min(MAX_FILTER_POINTS as f64) as usize;
    points.next_multiple_of(8)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored as f32, and computed with more digits"
)]
const fn narrowed(value: f64) -> f32 {
    value as f32
}

const fn common_divisor(first: u64, second: u64) -> u64 {
    let mut larger = first;
    let mut smaller = second;
    while smaller != 0 {
        let rest = larger % smaller;
        larger = smaller;
        smaller = rest;
    }
    if larger == 0 { 1 } else { larger }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sine(frequency: f64, rate: u32, length: usize) -> SoundBuffer {
        let sample = |index: usize| {
            let angle = std::f64::consts::TAU * frequency * index as f64 / f64::from(rate);
            narrowed(libm::sin(angle) * 0.5)
        };
        SoundBuffer::mono((0..length).map(sample).collect(), rate)
    }

    /// Returns the largest difference in the middle, in decibels of full scale.
    fn worst_error(made: &SoundBuffer, expected: &SoundBuffer) -> f64 {
        let edge = 400;
        let pairs = made.channels()[0].iter().zip(&expected.channels()[0]);
        let middle = pairs.skip(edge).take(made.length() - 2 * edge);
        let worst = middle.fold(0.0_f64, |worst, (made, expected)| {
            worst.max(f64::from((made - expected).abs()))
        });
        20.0 * libm::log10(worst)
    }

    #[test]
    fn a_tone_is_the_same_tone_at_the_same_time() {
        for (from, to) in [
            (22_050, 48_000),
            (44_100, 48_000),
            (48_000, 44_100),
            (16_000, 48_000),
            (48_000, 22_050),
            (192_000, 48_000),
            (47_999, 48_000),
            (8_000, 44_100),
        ] {
            let made = resample(&sine(1_000.0, from, from as usize / 2), to);
            let expected = sine(1_000.0, to, to as usize / 2);
            assert_eq!(made.sample_rate(), to);
            assert!(made.length().abs_diff(expected.length()) <= 1);
            let error = worst_error(&made, &expected);
            assert!(error < -110.0, "{from} to {to}: {error:.1} dB");
        }
    }

    #[test]
    fn frequencies_above_the_new_rate_are_gone() {
        let made = resample(&sine(15_000.0, 48_000, 24_000), 22_050);
        let loudest = made.channels()[0][400..10_000]
            .iter()
            .fold(0.0_f32, |loudest, sample| loudest.max(sample.abs()));
        assert!(loudest < 1e-5, "{loudest}");
    }

    #[test]
    fn the_length_is_the_time_to_the_nearest_sample() {
        for (length, from, to, expected) in [
            (22_050, 22_050, 48_000, 48_000),
            (1, 22_050, 48_000, 2),
            (1, 192_000, 48_000, 0),
            (3, 192_000, 48_000, 1),
            (0, 22_050, 48_000, 0),
        ] {
            assert_eq!(resampled_length(length, from, to), expected);
            let silence = SoundBuffer::silence(2, length, from);
            assert_eq!(resample(&silence, to).length(), expected);
        }
    }

    #[test]
    fn a_click_stays_where_it_was() {
        let mut samples = vec![0.0; 4_410];
        samples[2_205] = 1.0;
        let made = resample(&SoundBuffer::mono(samples, 44_100), 48_000);
        let loudest = made.channels()[0]
            .iter()
            .enumerate()
            .max_by(|(_, one), (_, other)| one.total_cmp(other));
        assert_eq!(loudest.map(|(index, _)| index), Some(2_400));
    }

    #[test]
    fn a_stop_is_obeyed() {
        let sound = sine(1_000.0, 44_100, 44_100);
        assert!(resample_unless(&sound, 48_000, &|| true).is_none());
        let made = resample_unless(&sound, 48_000, &|| false);
        assert_eq!(made, Some(resample(&sound, 48_000)));
    }

    #[test]
    fn odd_input_is_no_panic() {
        let odd = SoundBuffer::mono(vec![f32::NAN, 1.0, f32::INFINITY, -1.0], 22_050);
        let made = resample(&odd, 48_000);
        assert!(made.channels()[0].iter().all(|sample| sample.is_finite()));
        assert_eq!(resample(&SoundBuffer::silence(1, 5, 0), 48_000).length(), 0);
        assert_eq!(resample(&SoundBuffer::silence(1, 5, 48_000), 0).length(), 0);
        let unchanged = SoundBuffer::mono(vec![0.25, -0.5], 48_000);
        assert_eq!(resample(&unchanged, 48_000), unchanged);
    }
}
