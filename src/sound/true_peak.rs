//! Finds the peaks between samples: those of the wave that a converter makes of them.

use super::extremes::largest_magnitude;

/// Samples on each side that decide the wave between two of them.
pub(super) const REACH: usize = 6;
const TAPS: usize = 2 * REACH;
/// Samples that are looked at together.
const PIECE: usize = 64;
/// Points between two samples: with them, sound is measured at four times its rate, as BS.1770
/// asks.
const POINTS: usize = 3;

/// Finds peaks between samples.
#[derive(Debug, Clone)]
pub(super) struct PeakFinder {
    /// The filter of each point.
    filters: [[f32; TAPS]; POINTS],
    /// By how much a point can exceed the samples around it, at most.
    excess: f32,
}

impl PeakFinder {
    pub(super) fn new() -> Self {
        let filters = [0.25, 0.5, 0.75].map(interpolation_filter);
        let sums = filters.map(|filter| filter.iter().map(|tap| tap.abs()).sum::<f32>());
        Self {
            filters,
            excess: sums.into_iter().fold(1.0, f32::max),
        }
    }

    /// Raises each value of `peaks` to the largest magnitude of `samples` at its place and at the
    /// points beside it. `samples` has [`REACH`] samples more on either side. Where everything is
    /// far below `floor`, nothing between samples is looked at.
    pub(super) fn raise_peaks(&self, samples: &[f32], floor: f32, peaks: &mut [f32]) {
        let mut start = 0;
        while start < peaks.len() {
            let end = peaks.len().min(start + PIECE);
            // Sample `n` of `peaks` is at `n + REACH`.
            let around = &samples[start..end + 2 * REACH];
            let own = &around[REACH..];
            let piece = &mut peaks[start..end];
            for (peak, sample) in piece.iter_mut().zip(own) {
                let magnitude = sample.abs();
                *peak = if magnitude > *peak { magnitude } else { *peak };
            }
            // Between samples the wave is at most this much higher than them, so most of a film
            // needs no filter.
            if largest_magnitude(around) * self.excess > floor {
                self.raise_between(around, piece);
            }
            start = end;
        }
    }

    fn raise_between(&self, around: &[f32], peaks: &mut [f32]) {
        // The points before the first sample, and those after each.
        let mut between = [0.0; PIECE + 1];
        let between = &mut between[..=peaks.len()];
        for filter in &self.filters {
            interpolate(around, filter, between);
            let points = between.iter().zip(&between[1..]);
            for (peak, (before, after)) in peaks.iter_mut().zip(points) {
                let larger = if *before > *after { *before } else { *after };
                *peak = if larger > *peak { larger } else { *peak };
            }
        }
    }
}

/// Computes the magnitudes of points of the wave. The window of each begins a sample after that of
/// the one before.
fn interpolate(samples: &[f32], filter: &[f32; TAPS], points: &mut [f32]) {
    /// Points that are computed side by side. Each is still summed in the order of its taps.
    const LANES: usize = 8;
    let mut start = 0;
    let mut groups = points.chunks_exact_mut(LANES);
    for group in &mut groups {
        let window = &samples[start..start + LANES + TAPS - 1];
        let mut sums = [0.0_f32; LANES];
        for (offset, tap) in filter.iter().enumerate() {
            for (sum, sample) in sums.iter_mut().zip(&window[offset..offset + LANES]) {
                *sum += sample * tap;
            }
        }
        for (point, sum) in group.iter_mut().zip(sums) {
            *point = sum.abs();
        }
        start += LANES;
    }
    for point in groups.into_remainder() {
        let window = &samples[start..start + TAPS];
        let products = window.iter().zip(filter);
        let sum = products.fold(0.0_f32, |sum, (sample, tap)| sum + sample * tap);
        *point = sum.abs();
        start += 1;
    }
}

/// Finds the largest true peak of a stream of stereo blocks.
#[derive(Debug, Clone)]
pub(super) struct PeakMeter {
    finder: PeakFinder,
    /// The last samples, whose surroundings are not known yet.
    pending: [Vec<f32>; 2],
    peak: f32,
}

impl PeakMeter {
    pub(super) fn new() -> Self {
        Self {
            finder: PeakFinder::new(),
            pending: [vec![0.0; REACH], vec![0.0; REACH]],
            peak: 0.0,
        }
    }

    pub(super) fn add_block(&mut self, block: &super::SoundBuffer) {
        for (pending, samples) in self.pending.iter_mut().zip(block.channels()) {
            pending.extend_from_slice(samples);
        }
        self.raise_peak();
    }

    fn raise_peak(&mut self) {
        for pending in &mut self.pending {
            let count = pending.len().saturating_sub(2 * REACH);
            let mut peaks = vec![0.0; count];
            // Only what exceeds the largest peak so far is of interest.
            self.finder.raise_peaks(pending, self.peak, &mut peaks);
            self.peak = self.peak.max(largest_magnitude(&peaks));
            pending.drain(..count);
        }
    }

    /// Returns the largest peak, as a factor of full scale.
    pub(super) fn largest_peak(mut self) -> f32 {
        for pending in &mut self.pending {
            // The filter reads beyond the last sample, where silence is.
            pending.extend([0.0; REACH]);
        }
        self.raise_peak();
        self.peak
    }
}

/// Returns the filter of the point that is `share` of the way from the sample before it to the one
/// after it: a sinc under a raised cosine.
fn interpolation_filter(share: f64) -> [f32; TAPS] {
    let reach = REACH as f64;
    let mut taps = [0.0_f64; TAPS];
    for (index, tap) in taps.iter_mut().enumerate() {
        let distance = index as f64 - (reach - 1.0) - share;
        let angle = std::f64::consts::PI * distance;
        let window = 0.5 + 0.5 * libm::cos(angle / reach);
        *tap = window * libm::sin(angle) / angle;
    }
    // A constant stays what it is.
    let sum: f64 = taps.iter().sum();
    #[expect(clippy::cast_possible_truncation, reason = "taps are below 1")]
    taps.map(|tap| (tap / sum) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::SoundBuffer;

    /// Its samples are at 45 degrees of a sine of a quarter of the rate, 3 dB below its peaks.
    #[test]
    fn a_peak_between_samples_is_found() {
        let wave: Vec<f32> = (0..4000_u16)
            .map(|n| libm::sinf((f32::from(n) + 0.5) * std::f32::consts::FRAC_PI_2) * 0.5)
            .collect();
        let samples = wave
            .iter()
            .fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        assert!((samples - 0.3536).abs() < 0.001);
        let mut meter = PeakMeter::new();
        for piece in wave.chunks(37) {
            meter.add_block(&SoundBuffer::mono(piece.to_vec(), 48_000).into_stereo());
        }
        let found = meter.largest_peak();
        // The wave starts suddenly, which overshoots a little.
        assert!((0.49..0.56).contains(&found), "{found}");
    }

    #[test]
    fn quiet_parts_are_measured_by_their_samples_alone() {
        let samples = vec![0.1; 20 + 2 * REACH];
        let mut peaks = vec![0.0; 20];
        PeakFinder::new().raise_peaks(&samples, 0.5, &mut peaks);
        assert_eq!(peaks, vec![0.1; 20]);
    }
}
