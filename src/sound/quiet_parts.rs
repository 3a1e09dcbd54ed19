//! Finds where sound is quiet: at its ends, which are cut off, and within.

use super::{SoundBuffer, gain_factor};
use std::ops::Range;

/// Decibels below the loudest block at which a block is quiet.
// The s at the end of a word is about 35 dB below the loudest vowel, and the noise between the
// words of a neural voice about 60.
const QUIET_DECIBELS: f32 = -50.0;

/// Seconds of a block.
const BLOCK_SECONDS: f64 = 0.005;

/// Blocks that stay before the first and behind the last that is not quiet.
const MARGIN_BLOCKS: usize = 2;

/// Returns the samples from the first to the last that are not quiet, with 10 ms around them.
/// Empty if the sound is silent.
///
/// A block of 5 ms is quiet if it is 50 dB below the loudest one.
#[must_use]
pub fn audible_range(sound: &SoundBuffer) -> Range<usize> {
    let levels = block_levels(sound);
    let block = block_length(sound);
    let Some(threshold) = quiet_threshold(&levels) else {
        return 0..0;
    };
    let is_audible = |level: &f32| *level > threshold;
    let first = levels.iter().position(is_audible).unwrap_or(0);
    let last = levels.iter().rposition(is_audible).unwrap_or(0);
    let start = first.saturating_sub(MARGIN_BLOCKS) * block;
    let end = (last + 1 + MARGIN_BLOCKS) * block;
    start..end.min(sound.length())
}

/// Returns the quiet parts within the sound that last at least `seconds`, in order. Its ends are
/// none.
#[must_use]
pub fn quiet_parts(sound: &SoundBuffer, seconds: f64) -> Vec<Range<usize>> {
    let levels = block_levels(sound);
    let block = block_length(sound);
    let Some(threshold) = quiet_threshold(&levels) else {
        return Vec::new();
    };
    let mut parts = Vec::new();
    let mut start = None;
    for (index, level) in levels.iter().enumerate() {
        if *level > threshold {
            if let Some(start) = start.take() {
                parts.push(start * block..index * block);
            }
        } else if start.is_none() {
            start = Some(index);
        }
    }
    let is_long = |part: &Range<usize>| {
        // What is open at the end was never pushed, and silence at the start is no pause.
        part.start > 0 && part.len() as f64 >= seconds * f64::from(sound.sample_rate())
    };
    parts.retain(is_long);
    parts
}

/// Returns the level of a block that is quiet. `None`: the sound is silent.
fn quiet_threshold(levels: &[f32]) -> Option<f32> {
    let loudest = levels.iter().copied().fold(0.0, f32::max);
    (loudest > 0.0 && loudest.is_finite()).then(|| loudest * gain_factor(QUIET_DECIBELS))
}

fn block_length(sound: &SoundBuffer) -> usize {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is a small positive number"
    )]
    let length = (f64::from(sound.sample_rate()) * BLOCK_SECONDS) as usize;
    length.max(1)
}

/// Returns the root of the mean square of each block, in the channel that is loudest there.
fn block_levels(sound: &SoundBuffer) -> Vec<f32> {
    let block = block_length(sound);
    // The louder channel counts: a voice on one side is not quiet.
    let mut levels = vec![0.0_f32; sound.length().div_ceil(block)];
    for channel in sound.channels() {
        for (level, samples) in levels.iter_mut().zip(channel.chunks(block)) {
            let sum: f32 = samples.iter().map(|sample| sample * sample).sum();
            *level = level.max((sum / block as f32).sqrt());
        }
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns tones and silence in turn, each of so many milliseconds at 8 kHz.
    fn tones(milliseconds: &[usize]) -> SoundBuffer {
        let mut samples = Vec::new();
        for (turn, length) in milliseconds.iter().enumerate() {
            let loud = turn % 2 == 1;
            samples.extend((0..length * 8).map(|index| match (loud, index % 8 < 4) {
                (false, _) => 0.0005,
                (true, true) => 0.5,
                (true, false) => -0.5,
            }));
        }
        SoundBuffer::mono(samples, 8_000)
    }

    #[test]
    fn quiet_ends_are_cut_off_but_for_ten_milliseconds() {
        let range = audible_range(&tones(&[100, 200, 300]));
        assert_eq!(range, 90 * 8..310 * 8);
        let whole = audible_range(&tones(&[0, 200]));
        assert_eq!(whole, 0..200 * 8);
    }

    #[test]
    fn long_quiet_parts_within_are_found() {
        let sound = tones(&[50, 200, 100, 200, 20, 200, 50]);
        let quiet = quiet_parts(&sound, 0.05);
        assert_eq!(quiet.len(), 1);
        assert_eq!(quiet[0], 250 * 8..350 * 8);
        assert_eq!(quiet_parts(&sound, 0.01).len(), 2);
    }

    #[test]
    fn silence_and_nothing_have_no_part_that_is_audible() {
        for sound in [
            SoundBuffer::silence(1, 1000, 8_000),
            SoundBuffer::silence(2, 0, 8_000),
            SoundBuffer::mono(vec![f32::NAN; 100], 8_000),
        ] {
            assert!(audible_range(&sound).is_empty());
            assert!(quiet_parts(&sound, 0.0).is_empty());
        }
        assert_eq!(audible_range(&SoundBuffer::mono(vec![0.5], 8_000)), 0..1);
    }
}
