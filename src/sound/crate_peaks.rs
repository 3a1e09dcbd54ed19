//! The true peak by the crate `ebur128`, as a second opinion on what left the limiter.
//!
//! The crate looks at four points of every sample, which takes longer than all else that is
//! measured. So it is shown only what can be higher than the highest so far.

use super::extremes::largest_magnitude;
use super::true_peak::{PeakFinder, REACH};
use super::{MeterError, SoundBuffer};
use ebur128::{EbuR128, Mode};

/// Samples before a piece that decide about its points: the longest filter of the crate.
const HISTORY: usize = 24;
/// Samples of a piece.
const PIECE: usize = 256;
/// The most by which a point can exceed all samples around it: the sum of the taps of a sinc of 24
/// taps halfway between two samples. That of the crate is under a window, and has less.
const MOST_EXCESS: f32 = 2.9;
/// The most by which the crate's peak exceeds that of our own finder.
const MOST_DIFFERENCE: f32 = 1.05;
/// Rate from which the crate looks at two points of a sample.
const TWO_POINT_RATE: u32 = 96_000;

/// Finds the largest true peak of a stream of stereo blocks.
#[derive(Debug)]
pub(super) struct CratePeakMeter {
    library: EbuR128,
    /// `None`: at this rate the crate has another filter than ours.
    finder: Option<PeakFinder>,
    /// The last [`HISTORY`] samples, and then those of the next piece.
    history: [Vec<f32>; 2],
    peak: f64,
}

impl CratePeakMeter {
    pub(super) fn new(sample_rate: u32) -> Result<Self, MeterError> {
        let library = EbuR128::new(2, sample_rate, Mode::TRUE_PEAK);
        Ok(Self {
            library: library.map_err(|_| MeterError(sample_rate))?,
            finder: (sample_rate < TWO_POINT_RATE).then(PeakFinder::new),
            history: [vec![0.0; HISTORY], vec![0.0; HISTORY]],
            peak: 0.0,
        })
    }

    pub(super) fn add_block(&mut self, block: &SoundBuffer) {
        let (Some(left), Some(right)) = (block.channels().first(), block.channels().last()) else {
            return;
        };
        for (history, samples) in self.history.iter_mut().zip([left, right]) {
            history.extend_from_slice(samples);
        }
        let count = self.history[0].len() - HISTORY;
        // In pieces, so that one loud sample does not send a whole block through the crate.
        for start in (0..count).step_by(PIECE) {
            let end = count.min(start + PIECE) + HISTORY;
            self.measure_piece(start, end);
        }
        for history in &mut self.history {
            history.drain(..count);
        }
    }

    /// Measures the history from `start` to `end`, of which the first [`HISTORY`] samples were
    /// measured before.
    fn measure_piece(&mut self, start: usize, end: usize) {
        let [left, right] = [0, 1].map(|channel: usize| &self.history[channel][start..end]);
        if !self.can_be_higher(left, right) {
            return;
        }
        // The filter remembers the piece that it was shown last, which may be long ago.
        let before = [&left[..HISTORY], &right[..HISTORY]];
        let piece = [&left[HISTORY..], &right[HISTORY..]];
        // They refuse only other numbers of channels and of samples.
        let seeded = self.library.seed_frames_planar_f32(&before);
        let added = self.library.add_frames_planar_f32(&piece);
        debug_assert!(seeded.is_ok() && added.is_ok());
        for channel in 0..2 {
            let peak = self.library.true_peak(channel).unwrap_or(0.0);
            self.peak = self.peak.max(peak);
        }
    }

    /// Returns whether a point of these samples can be higher than the highest so far.
    fn can_be_higher(&self, left: &[f32], right: &[f32]) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "it was single before")]
        let highest = self.peak as f32;
        let largest = largest_magnitude(left).max(largest_magnitude(right));
        let floor = highest / MOST_DIFFERENCE;
        match &self.finder {
            // Our own finder is much faster than the crate. It decides where the samples alone
            // leave it open.
            Some(finder) if largest <= floor && largest * MOST_EXCESS > highest => {
                let mut peaks = [0.0; PIECE + HISTORY - 2 * REACH];
                let peaks = &mut peaks[..left.len() - 2 * REACH];
                finder.raise_peaks(left, floor, peaks);
                finder.raise_peaks(right, floor, peaks);
                largest_magnitude(peaks) > floor
            }
            _ => largest * MOST_EXCESS > highest,
        }
    }

    /// Returns the largest peak, as a factor of full scale.
    pub(super) const fn largest_peak(&self) -> f64 {
        self.peak
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;

    #[test]
    fn what_it_passes_over_does_not_change_the_peak() {
        for seed in 0..20 {
            let mut random = SeededRandom::new(seed);
            for rate in [44_100, 48_000, 96_000] {
                let channel = |random: &mut SeededRandom| {
                    let mut level = 0.0;
                    let samples = (0..30_000).map(|index: u32| {
                        if index.is_multiple_of(500) {
                            level = random.next_unit();
                        }
                        random.next_signed() * level
                    });
                    samples.collect::<Vec<f32>>()
                };
                let left = channel(&mut random);
                let right = channel(&mut random);
                let mut whole = EbuR128::new(2, rate, Mode::TRUE_PEAK).unwrap();
                whole.add_frames_planar_f32(&[&left, &right]).unwrap();
                let wanted = [0, 1].map(|channel| whole.true_peak(channel).unwrap());
                let mut meter = CratePeakMeter::new(rate).unwrap();
                for (left, right) in left.chunks(1777).zip(right.chunks(1777)) {
                    meter.add_block(&SoundBuffer::stereo(left.to_vec(), right.to_vec(), rate));
                }
                assert_eq!(
                    meter.largest_peak(),
                    wanted[0].max(wanted[1]),
                    "{seed} {rate}"
                );
            }
        }
    }

    #[test]
    fn silence_and_nothing_have_no_peak() {
        let mut meter = CratePeakMeter::new(48_000).unwrap();
        meter.add_block(&SoundBuffer::silence(2, 0, 48_000));
        meter.add_block(&SoundBuffer::silence(2, 3000, 48_000));
        assert_eq!(meter.largest_peak(), 0.0);
    }
}
