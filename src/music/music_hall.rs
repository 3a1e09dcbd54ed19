//! The hall in which the music plays: one reverberation for all parts.
//!
//! Eight combs and four all-pass filters for each side, after Schroeder and Moorer, with the
//! delays that Freeverb chose by ear. Rooms of a film have their own (`sound::reverb`); this one
//! takes a block at a time, so that hours of music need no more memory than seconds.
//!
//! What comes out of a delay is known a block before it is needed, so whole blocks go through each
//! filter, and the combs of a side side by side. Sample by sample, the hall would take a fifth of
//! the time of all music.

const COMB_COUNT: usize = 8;
/// Delays in samples at 44,100 Hz.
const COMBS: [usize; COMB_COUNT] = [1116, 1188, 1277, 1356, 1422, 1491, 1557, 1617];
const ALL_PASSES: [usize; 4] = [556, 441, 341, 225];
/// Samples at 44,100 Hz by which the right side is later.
const SPREAD: usize = 23;
/// How much of a comb comes back: a decay of 1.9 seconds.
const FEEDBACK: f32 = 0.84;
/// How much of the high frequencies a comb loses.
const DAMPING: f32 = 0.32;
/// Samples of a block. No delay of music is shorter.
const BLOCK: usize = 64;
/// Samples of a tape beyond its delay, after which it is wound back.
const TAPE: usize = 64 * BLOCK;

/// A delay: what is written at a place is read there when as many samples have passed.
struct DelayTape {
    samples: Vec<f32>,
    delay: usize,
    place: usize,
}

/// The next block of a tape.
struct TapePart<'a> {
    read: &'a [f32; BLOCK],
    write: &'a mut [f32; BLOCK],
}

impl DelayTape {
    fn new(delay: usize) -> Self {
        let delay = delay.max(BLOCK);
        Self {
            samples: vec![0.0; delay + TAPE],
            delay,
            place: 0,
        }
    }

    fn next_part(&mut self) -> TapePart<'_> {
        let (past, future) = self.samples.split_at_mut(self.place + self.delay);
        let read = past[self.place..].first_chunk();
        let write = future.first_chunk_mut();
        // Both are whole: the tape is wound back before its end.
        TapePart {
            read: read.unwrap_or(&[0.0; BLOCK]),
            write: write.unwrap_or_else(|| unreachable!("a block before the end of the tape")),
        }
    }

    /// Goes on by the samples of a block.
    fn advance(&mut self, count: usize) {
        self.place += count;
        if self.place + BLOCK > TAPE {
            let tail = self.place..self.place + self.delay;
            self.samples.copy_within(tail, 0);
            self.place = 0;
        }
    }
}

struct HallSide {
    combs: [DelayTape; COMB_COUNT],
    /// What is left of high frequencies in each comb.
    dull: [f32; COMB_COUNT],
    all_passes: [DelayTape; 4],
}

impl HallSide {
    fn new(spread: usize, sample_rate: u32) -> Self {
        let tape = |samples: usize| {
            let scaled = (samples + spread) as u64 * u64::from(sample_rate) / 44_100;
            DelayTape::new(usize::try_from(scaled).unwrap_or(1))
        };
        Self {
            combs: COMBS.map(tape),
            dull: [0.0; COMB_COUNT],
            all_passes: ALL_PASSES.map(tape),
        }
    }

    /// Returns the reverberation of a block of which `count` samples are used.
    fn next_block(&mut self, input: &[f32; BLOCK], count: usize) -> [f32; BLOCK] {
        let mut sound = self.combed_block(input, count);
        for tape in &mut self.all_passes {
            let part = tape.next_part();
            for ((sound, write), read) in sound.iter_mut().zip(part.write).zip(part.read) {
                // The all-pass of Freeverb: it makes many echoes of one, and hardly colours them.
                *write = *sound + read * 0.5;
                *sound = read - *sound;
            }
            tape.advance(count);
        }
        sound
    }

    fn combed_block(&mut self, input: &[f32; BLOCK], count: usize) -> [f32; BLOCK] {
        let mut parts = self.combs.each_mut().map(DelayTape::next_part);
        let mut dull = self.dull;
        for (index, input) in input.iter().enumerate().take(count) {
            let echo: [f32; COMB_COUNT] = std::array::from_fn(|comb| parts[comb].read[index]);
            dull = std::array::from_fn(|comb| {
                let dull = echo[comb] * (1.0 - DAMPING) + dull[comb] * DAMPING;
                // Inaudible values become zero: processors are slow with denormal numbers.
                if dull.abs() < 1e-15 { 0.0 } else { dull }
            });
            for (part, dull) in parts.iter_mut().zip(dull) {
                part.write[index] = input + dull * FEEDBACK;
            }
        }
        let [first, others @ ..] = &parts;
        let mut sum = *first.read;
        for part in others {
            for (sum, echo) in sum.iter_mut().zip(part.read) {
                *sum += echo;
            }
        }
        self.dull = dull;
        self.combs.iter_mut().for_each(|comb| comb.advance(count));
        sum
    }
}

/// A hall that remembers what sounded before.
pub(super) struct MusicHall {
    left: HallSide,
    right: HallSide,
    level: f32,
}

impl MusicHall {
    /// Returns a silent hall with a reverberation of `amount` (0 to 1).
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
        for (left, right) in left.chunks_mut(BLOCK).zip(right.chunks_mut(BLOCK)) {
            let mut input = [0.0; BLOCK];
            for (input, (left, right)) in input.iter_mut().zip(left.iter().zip(&*right)) {
                // One input for both sides. The delays of the right side are longer, which makes
                // the width.
                *input = (left + right) * self.level;
            }
            let sides = [(&mut self.left, left), (&mut self.right, right)];
            for (side, channel) in sides {
                let sound = side.next_block(&input, channel.len());
                for (sample, sound) in channel.iter_mut().zip(sound) {
                    *sample += sound;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seeded_random::SeededRandom;

    /// A delay that is read and written sample by sample.
    struct SampleDelay {
        samples: Vec<f32>,
        place: usize,
    }

    impl SampleDelay {
        fn new(tape: &DelayTape) -> Self {
            Self {
                samples: vec![0.0; tape.delay],
                place: 0,
            }
        }

        /// Returns what comes out, and takes what `feed` makes of it.
        fn pass(&mut self, feed: impl FnOnce(f32) -> f32) -> f32 {
            let output = self.samples[self.place];
            self.samples[self.place] = feed(output);
            self.place = (self.place + 1) % self.samples.len();
            output
        }
    }

    fn reverberation_by_samples(side: &HallSide, input: &[f32]) -> Vec<f32> {
        let mut combs = side.combs.each_ref().map(SampleDelay::new);
        let mut all_passes = side.all_passes.each_ref().map(SampleDelay::new);
        let mut dull = [0.0_f32; COMB_COUNT];
        let next_sample = |input: &f32| {
            let combs = combs.iter_mut().zip(&mut dull);
            let echoes = combs.map(|(comb, dull)| {
                comb.pass(|output| {
                    *dull = output * (1.0 - DAMPING) + *dull * DAMPING;
                    if dull.abs() < 1e-15 {
                        *dull = 0.0;
                    }
                    input + *dull * FEEDBACK
                })
            });
            let sum: f32 = echoes.sum();
            all_passes.iter_mut().fold(sum, |sample, filter| {
                filter.pass(|delayed| sample + delayed * 0.5) - sample
            })
        };
        input.iter().map(next_sample).collect()
    }

    #[test]
    fn blocks_of_any_length_give_what_single_samples_give() {
        for rate in [16_000, 44_100, 48_000, 96_000] {
            let mut random = SeededRandom::new(3);
            let mut input: Vec<f32> = (0..30_000).map(|_| random.next_signed()).collect();
            input[12_000..].fill(0.0);
            let mut hall = MusicHall::new(1.0, rate);
            let scaled: Vec<f32> = input.iter().map(|x| (x + x) * hall.level).collect();
            let wanted = reverberation_by_samples(&hall.right, &scaled);
            let mut output = Vec::new();
            for part in input.chunks(1777) {
                let mut left = part.to_vec();
                let mut right = part.to_vec();
                hall.add_to(&mut left, &mut right);
                output.extend(right);
            }
            let wanted: Vec<f32> = input.iter().zip(wanted).map(|(x, echo)| x + echo).collect();
            assert!(output == wanted, "{rate}");
        }
    }
}
