//! Lowers music under speech: finds where speech is, and makes a curve of it.

use super::{SoundBuffer, gain_factor};
use crate::model::sound::DuckingCurve;
use std::ops::Range;

/// Speech is looked for in steps of this many milliseconds.
const STEP_MILLISECONDS: u32 = 10;
/// Decibels below the loudest step at which speech ends. What is quieter is breath and the room.
const GATE_DEPTH: f32 = 30.0;
/// Level of a step below which nothing is speech, however quiet the rest is.
const LOWEST_LEVEL: f32 = 0.001;
/// Samples between two points at which the curve is computed. It is straight between them.
const POINT_DISTANCE: u64 = POINT_SAMPLES as u64;
/// The same as a length of memory.
const POINT_SAMPLES: usize = 64;

/// Finds the places of speech in a stem of dialogue.
#[derive(Debug, Clone)]
pub struct SpeechFinder {
    step: usize,
    /// Samples of the current step, and the sum of their squares.
    filled: usize,
    energy: f64,
    levels: Vec<f32>,
}

impl SpeechFinder {
    /// Returns a finder for sound of this rate.
    #[must_use]
    pub fn new(sample_rate: u32) -> Self {
        Self {
            step: (sample_rate / (1000 / STEP_MILLISECONDS)).max(1) as usize,
            filled: 0,
            energy: 0.0,
            levels: Vec::new(),
        }
    }

    /// Takes the next block.
    pub fn add_block(&mut self, block: &SoundBuffer) {
        let (Some(left), Some(right)) = (block.channels().first(), block.channels().last()) else {
            return;
        };
        // Both channels count: a line that is panned to one side is speech too.
        for (left, right) in left.iter().zip(right) {
            self.energy += f64::from(left * left + right * right);
            self.filled += 1;
            if self.filled == self.step {
                self.finish_step();
            }
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a level near 1")]
    fn finish_step(&mut self) {
        let level = libm::sqrt(self.energy / (2 * self.step) as f64);
        self.levels.push(level as f32);
        self.filled = 0;
        self.energy = 0.0;
    }

    /// Returns the places of speech in samples, in order.
    #[must_use]
    pub fn find_places(mut self) -> Vec<Range<u64>> {
        if self.filled > 0 {
            self.finish_step();
        }
        // Relative to the loudest step: how loud dialogue is before mastering differs from film to
        // film, and so does its noise.
        let loudest = self.levels.iter().copied().fold(0.0, f32::max);
        let gate = (loudest * gain_factor(-GATE_DEPTH)).max(LOWEST_LEVEL);
        let step = self.step as u64;
        let mut places: Vec<Range<u64>> = Vec::new();
        for (index, level) in self.levels.iter().enumerate() {
            if *level < gate {
                continue;
            }
            let start = index as u64 * step;
            match places.last_mut() {
                // Steps side by side are one place, so that the curve has no point within a word.
                Some(last) if last.end == start => last.end += step,
                _ => places.push(start..start + step),
            }
        }
        places
    }
}

/// The gain of music over time.
#[derive(Debug, Clone)]
pub struct DuckingGain {
    places: Vec<Range<u64>>,
    depth: f32,
    /// The gain under speech.
    lowest: f32,
    attack: f64,
    hold: f64,
    release: f64,
}

impl DuckingGain {
    /// Returns the gain under speech at these places, which are in order and apart.
    #[must_use]
    pub fn new(curve: &DuckingCurve, places: Vec<Range<u64>>, sample_rate: u32) -> Self {
        let samples = |seconds: f32| f64::from(seconds.max(0.0)) * f64::from(sample_rate);
        Self {
            places,
            depth: curve.depth.max(0.0),
            lowest: gain_factor(-curve.depth.max(0.0)),
            attack: samples(curve.attack),
            hold: samples(curve.hold),
            release: samples(curve.release),
        }
    }

    /// Applies the gain to a block that begins at sample `first` of the film.
    pub fn apply(&self, first: u64, block: &mut SoundBuffer) {
        if self.places.is_empty() || self.depth <= 0.0 {
            return;
        }
        let end = first + block.length() as u64;
        // Points are counted from the start of the film, so that blocks make no difference.
        let mut point = first - first % POINT_DISTANCE;
        // Straight between points: a power for each sample would take longer than the rest of the
        // mix.
        let mut before = self.gain_at(point);
        while point < end {
            let next = point + POINT_DISTANCE;
            let after = self.gain_at(next);
            // Most of a film has no speech near. Its samples stay as they are, to the bit.
            if before < 1.0 || after < 1.0 {
                let inside = point.max(first) - point..next.min(end) - point;
                let start = point.max(first) - first;
                apply_ramp(block, start, inside, before, after);
            }
            before = after;
            point = next;
        }
    }

    /// Returns the gain at a sample of the film.
    fn gain_at(&self, place: u64) -> f32 {
        let share = self.share_at(place);
        if share <= 0.0 {
            1.0
        } else if share >= 1.0 {
            self.lowest
        } else {
            // Straight in decibels, as the ear perceives loudness. Straight in amplitude, most of
            // the change would be at its end.
            gain_factor(-self.depth * share)
        }
    }

    /// Returns how far music is lowered, from 0 to 1.
    #[expect(clippy::cast_possible_truncation, reason = "a share of 0 to 1")]
    fn share_at(&self, place: u64) -> f32 {
        let next = self.places.partition_point(|speech| speech.start <= place);
        let before_next = self.places.get(next).map_or(0.0, |speech| {
            let distance = (speech.start - place) as f64;
            1.0 - distance / self.attack.max(1.0)
        });
        let after_last = next.checked_sub(1).map_or(0.0, |last| {
            let distance = place.saturating_sub(self.places[last].end) as f64 - self.hold;
            1.0 - distance.max(0.0) / self.release.max(1.0)
        });
        // The larger of the two: between lines that are close the music would rise for a moment,
        // which is audible as pumping.
        before_next.max(after_last).clamp(0.0, 1.0) as f32
    }
}

/// Multiplies the samples of a block from `start` on by a gain on its way between two points.
/// `inside` are their places after the first point.
fn apply_ramp(block: &mut SoundBuffer, start: u64, inside: Range<u64>, before: f32, after: f32) {
    let mut gains = [0.0; POINT_SAMPLES];
    for (place, gain) in gains.iter_mut().enumerate() {
        let share = place as f32 / POINT_SAMPLES as f32;
        *gain = before + (after - before) * share;
    }
    let [start, from, until] = [start, inside.start, inside.end]
        .map(|place| usize::try_from(place).unwrap_or(POINT_SAMPLES));
    let gains = gains.get(from..until).unwrap_or_default();
    for channel in block.channels_mut() {
        let samples = channel.get_mut(start..).unwrap_or_default();
        for (sample, gain) in samples.iter_mut().zip(gains) {
            *sample *= gain;
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests {
    use super::*;

    const CURVE: DuckingCurve = DuckingCurve {
        depth: 12.0,
        attack: 0.2,
        hold: 0.3,
        release: 0.5,
    };

    fn gains(places: Vec<Range<u64>>, length: usize) -> Vec<f32> {
        let duck = DuckingGain::new(&CURVE, places, 48_000);
        let mut block = SoundBuffer::stereo(vec![1.0; length], vec![1.0; length], 48_000);
        duck.apply(0, &mut block);
        block.channels()[0].clone()
    }

    #[test]
    fn the_attack_ends_when_speech_begins_and_the_release_follows_the_hold() {
        let gains = gains(std::iter::once(48_000..96_000).collect(), 192_000);
        let down = gain_factor(-12.0);
        let near = |place: usize, wanted: f32| {
            assert!(
                (gains[place] - wanted).abs() < 0.005,
                "{place}: {}",
                gains[place]
            );
        };
        near(48_000 - 9_600 - 64, 1.0);
        near(48_000 - 4_800, gain_factor(-6.0));
        for place in [48_000, 70_000, 96_000, 96_000 + 14_400] {
            near(place, down);
        }
        near(96_000 + 14_400 + 12_000, gain_factor(-6.0));
        near(96_000 + 14_400 + 24_100, 1.0);
    }

    #[test]
    fn short_pauses_stay_lowered_and_blocks_make_no_difference() {
        let places = vec![10_000..20_000, 30_000..40_000];
        let whole = gains(places.clone(), 60_000);
        assert!(whole[10_000..54_000].iter().all(|gain| *gain < 0.26));
        let duck = DuckingGain::new(&CURVE, places, 48_000);
        let mut first = 0;
        for length in [1_usize, 33, 7000, 20_000, 32_966] {
            let mut block = SoundBuffer::stereo(vec![1.0; length], vec![1.0; length], 48_000);
            duck.apply(first, &mut block);
            let start = first as usize;
            assert_eq!(block.channels()[1], whole[start..start + length]);
            first += length as u64;
        }
    }

    #[test]
    fn speech_is_found_above_the_gate_only() {
        let mut finder = SpeechFinder::new(48_000);
        let mut sound = SoundBuffer::silence(2, 48_000, 48_000);
        for channel in sound.channels_mut() {
            channel[4800..9600].fill(0.2);
            // 40 dB below: the room.
            channel[9600..14_400].fill(0.002);
            channel[24_000..24_100].fill(0.2);
        }
        finder.add_block(&sound);
        assert_eq!(finder.find_places(), [4800..9600, 24_000..24_480]);
        let mut silent = SpeechFinder::new(48_000);
        silent.add_block(&SoundBuffer::silence(2, 5000, 48_000));
        assert_eq!(silent.find_places(), []);
        assert_eq!(SpeechFinder::new(1).find_places(), []);
    }

    #[test]
    fn a_depth_of_0_changes_nothing() {
        let curve = DuckingCurve {
            depth: 0.0,
            ..CURVE
        };
        let duck = DuckingGain::new(&curve, std::iter::once(0..1000).collect(), 48_000);
        let mut block = SoundBuffer::stereo(vec![0.3; 500], vec![0.3; 500], 48_000);
        duck.apply(0, &mut block);
        assert!(block.channels()[0].iter().all(|sample| *sample == 0.3));
    }
}
