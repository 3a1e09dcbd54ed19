//! Keeps true peaks below a ceiling.
//!
//! The limiter looks ahead, so that its gain is down before a peak comes and no wave is cut off.
//! With `n` counted in samples and `L` the look-ahead:
//!
//! * `r[n]`: the gain that the peak at `n` needs, 1 if it is below the ceiling;
//! * `m[n]`: the least of `r[n..n + L]`, which goes down `L` samples before the peak;
//! * `s[n]`: follows `m` at once on its way down, and slowly on its way up;
//! * the gain: the mean of `s[n - L + 1..=n]`, a ramp. All of those are at most `r[n]`, and so is
//!   their mean.

use super::SoundBuffer;
use super::true_peak::{PeakFinder, REACH};
use std::collections::VecDeque;

/// Seconds of looking ahead.
// Short enough that the ear hears the ramp as part of the peak, long enough that low notes are not
// distorted.
const LOOK_AHEAD: f32 = 0.005;
/// Seconds in which most of a reduction is gone.
const RELEASE: f32 = 0.12;
/// A gain this close to the one that it follows is that one: 0.01 dB.
const NEARLY_ONE: f32 = 1e-3;

/// Keeps the true peaks of a stream of stereo blocks below a ceiling. What comes out is as long as
/// what went in, and in step with it.
#[derive(Debug)]
pub struct PeakLimiter {
    finder: PeakFinder,
    ceiling: f32,
    look_ahead: usize,
    release: f32,
    sample_rate: u32,
    /// Samples from `first_pending - REACH` on.
    pending: [Vec<f32>; 2],
    first_pending: u64,
    /// Samples that came in.
    taken: u64,
    /// Samples whose needed gain is known.
    measured: u64,
    /// Gains that are below all that follow them in the window, with their places.
    lows: VecDeque<(u64, f32)>,
    /// `s` of the sample before the next.
    released: f32,
    /// The last `s`, `L` of them, and where the oldest is. Empty before the first sample.
    ramp: Vec<f32>,
    oldest: usize,
    ramp_sum: f64,
    /// How many of the last `s` were 1, up to `L`.
    ones: usize,
    lowest: f32,
}

impl PeakLimiter {
    /// Returns a limiter. `ceiling` is a factor of full scale.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred samples")]
    pub fn new(sample_rate: u32, ceiling: f32) -> Self {
        let rate = sample_rate as f32;
        Self {
            finder: PeakFinder::new(),
            ceiling,
            look_ahead: ((rate * LOOK_AHEAD) as usize).max(1),
            release: 1.0 - libm::expf(-1.0 / (rate * RELEASE)),
            sample_rate,
            // Silence before the first sample, whose peak the filter computes from those around it.
            pending: [vec![0.0; REACH], vec![0.0; REACH]],
            first_pending: 0,
            taken: 0,
            measured: 0,
            lows: VecDeque::new(),
            released: 1.0,
            ramp: Vec::new(),
            oldest: 0,
            ramp_sum: 0.0,
            ones: 0,
            lowest: 1.0,
        }
    }

    /// Takes a block and returns what is ready, which is some milliseconds behind.
    pub fn limit_block(&mut self, block: &SoundBuffer) -> SoundBuffer {
        let [left, right] = block.channels() else {
            return self.limit_block(&block.clone().into_stereo());
        };
        self.pending[0].extend_from_slice(left);
        self.pending[1].extend_from_slice(right);
        self.taken += left.len() as u64;
        // The wave before a sample is known when the samples after it are.
        let known = self.taken.saturating_sub(REACH as u64);
        self.release_until(known, known.saturating_sub(self.look_ahead as u64))
    }

    /// Returns what is left.
    #[must_use]
    pub fn finish(mut self) -> (SoundBuffer, f32) {
        for channel in &mut self.pending {
            channel.extend([0.0; REACH]);
        }
        let end = self.taken;
        let rest = self.release_until(end, end);
        (rest, self.lowest)
    }

    /// Measures samples up to `known`, and returns those up to `ready`.
    fn release_until(&mut self, known: u64, ready: u64) -> SoundBuffer {
        let needed = self.needed_gains(known);
        let count = index_between(self.first_pending, ready.max(self.first_pending));
        let output = |channel: &Vec<f32>| channel[REACH..REACH + count].to_vec();
        let mut sound = SoundBuffer::stereo(
            output(&self.pending[0]),
            output(&self.pending[1]),
            self.sample_rate,
        );
        // Most of a film is below the ceiling. There, no gain is computed for each sample.
        let is_idle = self.is_at_rest() && needed.iter().all(|gain| *gain >= 1.0);
        if is_idle {
            self.measured = known;
            self.rest_for(count);
        } else {
            let gains = self.follow_gains(&needed, known, count);
            for channel in sound.channels_mut() {
                for (sample, gain) in channel.iter_mut().zip(&gains) {
                    *sample *= gain;
                }
            }
        }
        for channel in &mut self.pending {
            channel.drain(..count);
        }
        self.first_pending += count as u64;
        sound
    }

    /// Returns whether the gain is 1 and nothing in the window lowers it.
    fn is_at_rest(&self) -> bool {
        let is_ramp_done = self.ramp.is_empty() || self.ones >= self.look_ahead;
        self.lows.is_empty() && self.released >= 1.0 && is_ramp_done
    }

    /// Returns the gains that the samples from the first that is not measured up to `known` need.
    fn needed_gains(&self, known: u64) -> Vec<f32> {
        let skipped = index_between(self.first_pending, self.measured);
        let count = index_between(self.measured, known.max(self.measured));
        if count == 0 {
            return Vec::new();
        }
        let mut peaks = vec![0.0; count];
        // The higher peak of the two channels counts. A gain for each would move the picture of the
        // sound.
        for channel in &self.pending {
            let samples = &channel[skipped..skipped + count + 2 * REACH];
            self.finder.raise_peaks(samples, self.ceiling, &mut peaks);
        }
        for peak in &mut peaks {
            *peak = if *peak > self.ceiling {
                self.ceiling / *peak
            } else {
                1.0
            };
        }
        peaks
    }

    /// Returns the gains of the next `count` samples. `needed` are those of the samples up to
    /// `known`.
    fn follow_gains(&mut self, needed: &[f32], known: u64, count: usize) -> Vec<f32> {
        let mut gains = Vec::with_capacity(count);
        let mut incoming = needed;
        while gains.len() < count {
            let place = self.first_pending + gains.len() as u64;
            let rest = self.rest_length(place, incoming).min(count - gains.len());
            if rest > 0 {
                gains.resize(gains.len() + rest, 1.0);
                self.rest_for(rest);
                let seen = (place + rest as u64 + self.look_ahead as u64 - 1).min(known);
                let passed = index_between(self.measured, seen).min(incoming.len());
                self.measured += passed as u64;
                incoming = &incoming[passed..];
                continue;
            }
            // The window of this sample ends before `place + look_ahead`.
            while self.measured < (place + self.look_ahead as u64).min(known)
                && let Some((gain, later)) = incoming.split_first()
            {
                self.push_low(*gain);
                incoming = later;
            }
            while self.lows.front().is_some_and(|(low, _)| *low < place) {
                self.lows.pop_front();
            }
            let least = self.lows.front().map_or(1.0, |(_, gain)| *gain);
            gains.push(self.next_gain(least));
        }
        for gain in incoming {
            self.push_low(*gain);
        }
        gains
    }

    /// Returns the samples from `place` on whose gain is 1, because nothing lowers it and no peak
    /// is in their windows.
    fn rest_length(&self, place: u64, incoming: &[f32]) -> usize {
        if !self.is_at_rest() {
            return 0;
        }
        let peak = incoming.iter().position(|gain| *gain < 1.0);
        let Some(peak) = peak else {
            return usize::MAX;
        };
        // The first sample whose window has the peak in it is `look_ahead - 1` before it.
        let reached = self.measured + peak as u64 + 1;
        index_between(place + self.look_ahead as u64, reached)
    }

    /// Passes over samples whose gain is 1.
    fn rest_for(&mut self, samples: usize) {
        if samples > 0 && self.ramp.is_empty() {
            self.start_at(1.0);
            self.ones = self.look_ahead;
        }
    }

    /// Begins as if the gain had always been this.
    fn start_at(&mut self, gain: f32) {
        self.released = gain;
        self.ramp = vec![gain; self.look_ahead];
        self.ramp_sum = f64::from(gain) * self.look_ahead as f64;
    }

    fn push_low(&mut self, gain: f32) {
        let place = self.measured;
        self.measured += 1;
        while self.lows.back().is_some_and(|(_, low)| *low >= gain) {
            self.lows.pop_back();
        }
        // A gain of 1 lowers nothing.
        if gain < 1.0 {
            self.lows.push_back((place, gain));
        }
    }

    /// Returns the gain of the next sample, whose window has this least gain.
    fn next_gain(&mut self, least: f32) -> f32 {
        if self.ramp.is_empty() {
            // Before the first sample there is silence, so the gain may have been down already.
            self.start_at(least);
        }
        if least < self.released {
            self.released = least;
        } else {
            self.released += (least - self.released) * self.release;
            if least - self.released < NEARLY_ONE {
                self.released = least;
            }
        }
        self.ones = if self.released >= 1.0 {
            self.ones + 1
        } else {
            0
        };
        // In double precision: the sum runs through a whole film, and rounding must not add up.
        self.ramp_sum += f64::from(self.released);
        let oldest = std::mem::replace(&mut self.ramp[self.oldest], self.released);
        self.ramp_sum -= f64::from(oldest);
        self.oldest += 1;
        if self.oldest == self.ramp.len() {
            self.oldest = 0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a gain below 1")]
        let gain = (self.ramp_sum / self.look_ahead as f64).min(1.0) as f32;
        self.lowest = self.lowest.min(gain);
        gain
    }
}

/// Returns the samples from one place to another.
fn index_between(first: u64, end: u64) -> usize {
    usize::try_from(end.saturating_sub(first)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;
    use crate::sound::true_peak::PeakMeter;
    use proptest::prelude::*;

    fn limit_in_blocks(sound: &SoundBuffer, ceiling: f32, lengths: &[usize]) -> (SoundBuffer, f32) {
        let mut limiter = PeakLimiter::new(sound.sample_rate(), ceiling);
        let mut channels = [Vec::new(), Vec::new()];
        let mut append = |part: &SoundBuffer| {
            for (channel, part) in channels.iter_mut().zip(part.channels()) {
                channel.extend_from_slice(part);
            }
        };
        let mut start = 0;
        for length in lengths.iter().cycle() {
            let end = sound.length().min(start + length);
            let part = |index: usize| sound.channels()[index][start..end].to_vec();
            append(&limiter.limit_block(&SoundBuffer::stereo(part(0), part(1), 48_000)));
            start = end;
            if start == sound.length() {
                break;
            }
        }
        let (rest, lowest) = limiter.finish();
        append(&rest);
        let [left, right] = channels;
        (SoundBuffer::stereo(left, right, 48_000), lowest)
    }

    fn noise(length: usize, amplitude: f32, seed: u64) -> SoundBuffer {
        let mut random = SeededRandom::new(seed);
        let mut channel = || {
            (0..length)
                .map(|_| random.next_signed() * amplitude)
                .collect()
        };
        SoundBuffer::stereo(channel(), channel(), 48_000)
    }

    #[test]
    fn sound_below_the_ceiling_passes_to_the_bit() {
        let sound = noise(5000, 0.3, 1);
        let (limited, lowest) = limit_in_blocks(&sound, 0.9, &[512]);
        assert_eq!(limited, sound);
        assert_eq!(lowest, 1.0);
    }

    #[test]
    fn gain_is_down_before_a_peak_and_comes_back_after_it() {
        let mut sound = SoundBuffer::silence(2, 72_000, 48_000);
        for channel in sound.channels_mut() {
            channel.fill(0.1);
            channel[24_000] = 2.0;
        }
        let (limited, lowest) = limit_in_blocks(&sound, 0.5, &[4096]);
        let left = &limited.channels()[0];
        assert!(
            left[24_000] <= 0.5 && left[24_000] > 0.45,
            "{}",
            left[24_000]
        );
        assert!((lowest - 0.25).abs() < 0.01, "{lowest}");
        assert_eq!(left[23_000], 0.1);
        assert!(left[23_990] < 0.1 && left[24_010] < 0.1);
        assert!(left[71_000..].iter().all(|sample| *sample == 0.1));
    }

    #[test]
    fn a_single_sample_passes_and_is_limited() {
        for amplitude in [0.1, 3.0] {
            let click = SoundBuffer::stereo(vec![amplitude], vec![0.0], 48_000);
            let (limited, _) = limit_in_blocks(&click, 0.5, &[1]);
            assert_eq!(limited.length(), 1);
            assert!(limited.peak() <= 0.5 && limited.peak() >= 0.1);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn the_ceiling_holds_and_blocks_make_no_difference(
            seed in any::<u64>(),
            length in 1_usize..9000,
            amplitude in 0.1_f32..40.0,
            lengths in prop::collection::vec(prop_oneof![1_usize..10, 1_usize..3000], 1..5),
        ) {
            let sound = noise(length, amplitude, seed);
            let ceiling = 0.85;
            let (limited, lowest) = limit_in_blocks(&sound, ceiling, &lengths);
            prop_assert_eq!(limited.length(), length);
            prop_assert!(limited.peak() <= ceiling * 1.0001, "{}", limited.peak());
            // White noise, the hardest case: the gain changes within the reach of a peak.
            let mut meter = PeakMeter::new();
            meter.add_block(&limited);
            let peak = meter.largest_peak();
            prop_assert!(peak <= ceiling * 1.02, "{} {}", peak, lowest);
            let (whole, _) = limit_in_blocks(&sound, ceiling, &[length]);
            prop_assert_eq!(whole, limited);
        }
    }
}
