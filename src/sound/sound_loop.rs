//! A sound as a bed of a wanted length, whose end continues into its start.

use super::SoundBuffer;
use std::f64::consts::FRAC_PI_2;

/// Seconds over which the end is crossfaded into the start.
const FADE: usize = 2;

/// Returns exactly `length` samples of a sound, in as many channels as it has. It is repeated if it
/// is too short, and each repeat and the seam from the end to the start are crossfades. A sound
/// without samples gives silence.
#[must_use]
pub fn loop_to_length(sound: &SoundBuffer, length: usize) -> SoundBuffer {
    let rate = sound.sample_rate();
    let channels = sound.channels().len();
    let mut bed = SoundBuffer::silence(channels, length, rate);
    if sound.length() == 0 || length == 0 {
        return bed;
    }
    // Short sounds have a short fade: two fades may not meet.
    let fade = (rate as usize * FADE)
        .min(length / 2)
        .min(sound.length() / 4);
    let period = sound.length() - fade;
    for (channel, source) in bed.channels_mut().zip(sound.channels()) {
        // What follows the end of the bed is faded out over its start.
        let ahead = |index: usize| repeated_sample(source, index, period, fade);
        for (index, sample) in channel.iter_mut().enumerate() {
            *sample = if index < fade {
                let part = index as f64 / fade as f64;
                crossfaded(ahead(length + index), ahead(index), part)
            } else {
                ahead(index)
            };
        }
    }
    bed
}

/// Returns a sample of a sound that is repeated every `period` samples.
fn repeated_sample(source: &[f32], index: usize, period: usize, fade: usize) -> f32 {
    let place = index % period;
    // The first time it begins with its own start; later its end is faded into it.
    if index < period || place >= fade {
        return source[place];
    }
    let part = place as f64 / fade as f64;
    crossfaded(source[period + place], source[place], part)
}

/// Returns a place of a crossfade of equal power, `part` of the way from one sound to the other.
#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored in single precision"
)]
fn crossfaded(from: f32, to: f32, part: f64) -> f32 {
    let angle = FRAC_PI_2 * part;
    (f64::from(from) * libm::cos(angle) + f64::from(to) * libm::sin(angle)) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;

    fn noise(length: usize) -> SoundBuffer {
        let mut random = SeededRandom::new(4);
        let samples = (0..length).map(|_| random.next_signed()).collect();
        SoundBuffer::mono(samples, 1000)
    }

    fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn noise_keeps_its_power_at_every_joint() {
        for (length, wanted) in [(10_000, 25_000), (30_000, 12_000), (9_000, 9_000)] {
            let bed = loop_to_length(&noise(length), wanted);
            assert_eq!(bed.length(), wanted);
            let samples = &bed.channels()[0];
            for window in samples.chunks_exact(1000) {
                assert!(
                    (rms(window) - 0.577).abs() < 0.09,
                    "{length}: {}",
                    rms(window)
                );
            }
        }
    }

    #[test]
    fn the_end_continues_into_the_start() {
        // A slow ramp: a jump would be far larger than its steps.
        let ramp = (0..20_000).map(|index| libm::sinf(index as f32 * 0.01));
        let bed = loop_to_length(&SoundBuffer::mono(ramp.collect(), 1000), 7_777);
        let samples = &bed.channels()[0];
        let seam = (samples[0] - samples[samples.len() - 1]).abs();
        assert!(seam < 0.011, "{seam}");
    }

    #[test]
    fn tiny_sounds_and_lengths_give_the_requested_length() {
        for length in [0, 1, 2, 5] {
            for wanted in [0, 1, 7] {
                let bed = loop_to_length(&noise(length), wanted);
                assert_eq!(bed.length(), wanted);
                assert!(bed.channels()[0].iter().all(|sample| sample.is_finite()));
            }
        }
    }
}
