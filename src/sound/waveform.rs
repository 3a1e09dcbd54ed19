//! Sums sound up in few numbers, for pictures of it.

use super::SoundBuffer;
use super::extremes::{highest_sample, lowest_sample};

/// The most bins of a summary.
pub const MOST_BINS: u64 = 2000;

/// The lowest and the highest sample of each part of a sound.
#[derive(Debug, Clone)]
pub struct WaveformSummary {
    bin_length: u64,
    taken: u64,
    lows: Vec<f32>,
    highs: Vec<f32>,
}

impl WaveformSummary {
    /// Returns the empty summary of a sound of `length` samples.
    #[must_use]
    pub fn new(length: u64) -> Self {
        Self {
            // By the length of the whole sound: a summary of a film is no larger than one of a
            // line.
            bin_length: length.div_ceil(MOST_BINS).max(1),
            taken: 0,
            lows: Vec::new(),
            highs: Vec::new(),
        }
    }

    /// Takes the next block. Both channels count.
    pub fn add_block(&mut self, block: &SoundBuffer) {
        let mut start = 0;
        while start < block.length() {
            // A bin may begin in one block and end in another.
            let left = self.bin_length - self.taken % self.bin_length;
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            let end = block.length().min(start.saturating_add(left));
            if self.taken.is_multiple_of(self.bin_length) {
                self.lows.push(0.0);
                self.highs.push(0.0);
            }
            for channel in block.channels() {
                self.extend_bin(&channel[start..end]);
            }
            self.taken += (end - start) as u64;
            start = end;
        }
    }

    fn extend_bin(&mut self, samples: &[f32]) {
        let (Some(low), Some(high)) = (self.lows.last_mut(), self.highs.last_mut()) else {
            return;
        };
        *low = low.min(lowest_sample(samples));
        *high = high.max(highest_sample(samples));
    }

    /// Returns the samples of each bin; the last may have fewer.
    #[must_use]
    pub const fn bin_length(&self) -> u64 {
        self.bin_length
    }

    /// Returns the lowest sample of each bin, at most 0.
    #[must_use]
    pub fn lows(&self) -> &[f32] {
        &self.lows
    }

    /// Returns the highest sample of each bin, at least 0.
    #[must_use]
    pub fn highs(&self) -> &[f32] {
        &self.highs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_length_is_summed_up_in_few_bins() {
        for length in [0_usize, 1, 1999, 2000, 2001, 123_457] {
            let sound = SoundBuffer::stereo(vec![-0.5; length], vec![0.25; length], 48_000);
            let mut summary = WaveformSummary::new(length as u64);
            for start in (0..length).step_by(777) {
                let count = 777.min(length - start);
                let part = |index: usize| sound.channels()[index][start..start + count].to_vec();
                summary.add_block(&SoundBuffer::stereo(part(0), part(1), 48_000));
            }
            let bins = (length as u64).div_ceil(summary.bin_length());
            assert_eq!(summary.lows().len() as u64, bins);
            assert!(bins <= MOST_BINS);
            assert!(summary.lows().iter().all(|low| *low == -0.5));
            assert!(summary.highs().iter().all(|high| *high == 0.25));
        }
    }
}
