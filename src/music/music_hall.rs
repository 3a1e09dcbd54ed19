//! The hall in which the music is heard: one reverberation for all parts.
//!
//! Eight combs and four all-pass filters for each side, after Schroeder and Moorer, with the
//! delays that Freeverb chose by ear. Rooms of a film have their own (`sound::reverb`); this one
//! takes a block at a time, so that hours of music need no more memory than seconds.

/// Delays in samples at 44,100 Hz.
const COMBS: [usize; 8] = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const ALL_PASSES: [usize; 4] = [556, 441, 341, 225];
/// Samples at 44,100 Hz by which the right side is later.
const SPREAD: usize = 23;
/// How much of a comb comes back: a decay of 1.9 seconds.
const FEEDBACK: f32 = 0.84;
/// How much of the high frequencies a comb loses.
const DAMPING: f32 = 0.32;

struct CombFilter {
    samples: Vec<f32>,
    place: usize,
    dull: f32,
}

impl CombFilter {
    fn next_sample(&mut self, input: f32) -> f32 {
        let output = self.samples[self.place];
        self.dull = output * (1.0 - DAMPING) + self.dull * DAMPING;
        // What is too soft to be heard is zero: processors are slow with the smallest numbers.
        if self.dull.abs() < 1e-15 {
            self.dull = 0.0;
        }
        self.samples[self.place] = input + self.dull * FEEDBACK;
        self.place = if self.place + 1 == self.samples.len() {
            0
        } else {
            self.place + 1
        };
        output
    }
}

struct AllPassFilter {
    samples: Vec<f32>,
    place: usize,
}

impl AllPassFilter {
    fn next_sample(&mut self, input: f32) -> f32 {
        let delayed = self.samples[self.place];
        self.samples[self.place] = input + delayed * 0.5;
        self.place = if self.place + 1 == self.samples.len() {
            0
        } else {
            self.place + 1
        };
        delayed - input
    }
}

struct HallSide {
    combs: Vec<CombFilter>,
    all_passes: Vec<AllPassFilter>,
}

impl HallSide {
    fn new(spread: usize, sample_rate: u32) -> Self {
        let delay = |samples: &usize| {
            let scaled = (samples + spread) as u64 * u64::from(sample_rate) / 44_100;
            vec![0.0; usize::try_from(scaled).unwrap_or(1).max(1)]
        };
        Self {
            combs: COMBS
                .iter()
                .map(|samples| CombFilter {
                    samples: delay(samples),
                    place: 0,
                    dull: 0.0,
                })
                .collect(),
            all_passes: ALL_PASSES
                .iter()
                .map(|samples| AllPassFilter {
                    samples: delay(samples),
                    place: 0,
                })
                .collect(),
        }
    }

    fn next_sample(&mut self, input: f32) -> f32 {
        let combs = self.combs.iter_mut();
        let sum: f32 = combs.map(|comb| comb.next_sample(input)).sum();
        let all_passes = self.all_passes.iter_mut();
        all_passes.fold(sum, |sample, filter| filter.next_sample(sample))
    }
}

/// A hall that remembers what sounded before.
pub(super) struct MusicHall {
    left: HallSide,
    right: HallSide,
    level: f32,
}

impl MusicHall {
    /// Returns a silent hall, of which `amount` (0 to 1) is heard.
    pub(super) fn new(amount: f32, sample_rate: u32) -> Self {
        Self {
            left: HallSide::new(0, sample_rate),
            // Other delays on the right: equal ones would be a hall in mono.
            right: HallSide::new(SPREAD, sample_rate),
            // Eight combs add up to about this much.
            level: amount * 0.045,
        }
    }

    /// Adds the reverberation of a block to itself.
    pub(super) fn add_to(&mut self, left: &mut [f32], right: &mut [f32]) {
        for (left, right) in left.iter_mut().zip(right) {
            let input = (*left + *right) * self.level;
            *left += self.left.next_sample(input);
            *right += self.right.next_sample(input);
        }
    }
}
