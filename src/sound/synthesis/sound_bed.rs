//! A bed of sound in two channels whose end continues into its start.

use super::sound_sketch::{SoundSketch, sample_index};
use crate::base::seeded_random::SeededRandom;
use crate::sound::SoundBuffer;
use crate::sound::filters::{BUTTERWORTH_Q, BiquadFilter, PinkNoise, SlowNoise};
use std::f64::consts::{FRAC_PI_2, TAU};

/// The longest crossfade from the end into the start, in seconds.
const FADE: f64 = 2.0;
/// Samples between two settings of a filter that moves.
const RETUNE_STEP: usize = 64;

/// A bed while it is put together.
pub(super) struct SoundBed {
    sample_rate: u32,
    seed: u64,
    channels: [Vec<f32>; 2],
}

/// Noise of equal power in every octave, within a band, that swells slowly.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoiseLayer {
    /// Lower end of the band in hertz.
    pub(super) low: f64,
    /// Upper end.
    pub(super) high: f64,
    pub(super) level: f64,
    /// Seconds from one swell to the next.
    pub(super) seconds: f64,
    /// How far it falls between swells, 0 for not at all to 1 for to silence.
    pub(super) depth: f64,
}

/// Noise through a band that wanders; the higher, the louder.
#[derive(Debug, Clone, Copy)]
pub(super) struct WanderingLayer {
    /// The lowest centre of the band.
    pub(super) low: f64,
    /// The highest.
    pub(super) high: f64,
    /// Its width.
    pub(super) q: f64,
    /// Its level at the top.
    pub(super) level: f64,
    /// Seconds from one turn to the next.
    pub(super) seconds: f64,
    /// How far it falls at the lowest centre.
    pub(super) depth: f64,
}

/// A short sound within a bed.
pub(super) struct BedEvent {
    pub(super) samples: Vec<f32>,
    pub(super) level: f64,
    /// Its place when it begins, -1 to 1.
    pub(super) pan: f64,
    /// Its place when it ends.
    pub(super) pan_end: f64,
}

impl BedEvent {
    /// Returns a sketch as an event that stays in its place.
    pub(super) fn from_sketch(sketch: SoundSketch, level: f64, pan: f64) -> Self {
        Self {
            samples: sketch.into_samples(),
            level,
            pan,
            pan_end: pan,
        }
    }
}

impl SoundBed {
    /// Returns silence of `length` samples.
    pub(super) fn new(length: usize, sample_rate: u32, seed: u64) -> Self {
        Self {
            sample_rate,
            seed,
            channels: [vec![0.0; length], vec![0.0; length]],
        }
    }

    /// Returns the samples a second.
    pub(super) const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Returns its length in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.channels[0].len() as f64 / f64::from(self.sample_rate)
    }

    /// Returns the source of choices for a part.
    pub(super) fn part_random(&self, part: &str) -> SeededRandom {
        SeededRandom::for_part(self.seed, part)
    }

    /// Returns it as a sound.
    pub(super) fn into_sound(self) -> SoundBuffer {
        let [left, right] = self.channels;
        SoundBuffer::stereo(left, right, self.sample_rate)
    }

    /// Adds noise, of its own in each channel.
    pub(super) fn add_noise(&mut self, part: &str, layer: NoiseLayer) {
        let rate = self.sample_rate;
        for side in 0..2 {
            let mut random = self.part_random(&format!("{part} {side}"));
            let mut swell =
                SlowNoise::new(SeededRandom::new(random.next_u64()), rate, layer.seconds);
            let mut noise = PinkNoise::new(random);
            let mut low_cut = BiquadFilter::high_pass(rate, layer.low, BUTTERWORTH_Q);
            let mut high_cut = BiquadFilter::low_pass(rate, layer.high, BUTTERWORTH_Q);
            self.add_looped(side, || {
                let level = layer.level * (1.0 - layer.depth * swell.next_value());
                level * high_cut.next_sample(low_cut.next_sample(noise.next_sample()))
            });
        }
    }

    /// Adds noise through a wandering band, of its own in each channel.
    pub(super) fn add_wandering(&mut self, part: &str, layer: WanderingLayer) {
        let rate = self.sample_rate;
        for side in 0..2 {
            let mut random = self.part_random(&format!("{part} {side}"));
            let mut place =
                SlowNoise::new(SeededRandom::new(random.next_u64()), rate, layer.seconds);
            let mut noise = PinkNoise::new(random);
            let mut band = BiquadFilter::band_pass(rate, layer.low, layer.q);
            let mut index = 0_usize;
            self.add_looped(side, || {
                let height = place.next_value();
                if index.is_multiple_of(RETUNE_STEP) {
                    let hertz = layer.low * libm::pow(layer.high / layer.low, height);
                    band.retune(&BiquadFilter::band_pass(rate, hertz, layer.q));
                }
                index += 1;
                let level = layer.level * (1.0 - layer.depth * (1.0 - height));
                level * band.next_sample(noise.next_sample())
            });
        }
    }

    /// Adds a tone that never ends. It is tuned to a whole number of waves in the bed, so that its
    /// end continues into its start.
    pub(super) fn add_tone(&mut self, hertz: f64, level: f64) {
        let waves = (hertz * self.seconds()).round();
        for (side, channel) in self.channels.iter_mut().enumerate() {
            let angle = TAU * waves / channel.len().max(1) as f64;
            // A quarter of a wave apart, so that the hum is around and not in the middle.
            let phase = side as f64 * FRAC_PI_2;
            let turn = 2.0 * libm::cos(angle);
            let mut before = libm::sin(phase - angle) * level;
            let mut value = libm::sin(phase) * level;
            for sample in channel.iter_mut() {
                *sample += single(value);
                let next = turn * value - before;
                before = value;
                value = next;
            }
        }
    }

    /// Adds an event at `at` seconds. What is beyond the end continues at the start.
    pub(super) fn add_event(&mut self, at: f64, event: &BedEvent) {
        let length = self.channels[0].len();
        if length == 0 {
            return;
        }
        let start = sample_index(at, self.sample_rate);
        let last = event.samples.len().saturating_sub(1).max(1) as f64;
        let moves = event.pan != event.pan_end;
        let mut gains = pan_gains(event.pan);
        for (index, sample) in event.samples.iter().enumerate() {
            // An event that stays has its gains from the start. Others get new ones often enough
            // that the steps are inaudible.
            if moves && index.is_multiple_of(RETUNE_STEP) {
                let way = index as f64 / last;
                gains = pan_gains(event.pan + (event.pan_end - event.pan) * way);
            }
            // An event that is not over at the end continues at the start: a bed is played in a
            // loop.
            let place = (start + index) % length;
            let value = f64::from(*sample) * event.level;
            for (channel, gain) in self.channels.iter_mut().zip(gains) {
                channel[place] += single(value * gain);
            }
        }
    }

    /// Adds events about every `every` seconds, at places without a pattern.
    pub(super) fn scatter(
        &mut self,
        part: &str,
        every: f64,
        mut make: impl FnMut(SeededRandom) -> BedEvent,
    ) {
        let mut random = self.part_random(part);
        let seconds = self.seconds();
        // Each has a slot of equal length and a random place in it: never two at once by chance,
        // and never a long gap.
        let count = (seconds / every).round().max(1.0);
        let slot = seconds / count;
        let mut index = 0.0;
        while index < count {
            let at = (index + f64::from(random.next_unit()) * 0.9) * slot;
            let event = make(SeededRandom::new(random.next_u64()));
            self.add_event(at, &event);
            index += 1.0;
        }
    }

    /// Adds a channel of samples whose end is crossfaded into its start.
    fn add_looped(&mut self, side: usize, mut next: impl FnMut() -> f64) {
        let length = self.channels[side].len();
        let fade = sample_index(FADE, self.sample_rate).min(length / 2);
        // Filters begin at rest: without this the first moment of a bed would be empty.
        for _ in 0..sample_index(0.1, self.sample_rate) {
            next();
        }
        let channel = &mut self.channels[side];
        for (index, sample) in channel.iter_mut().enumerate() {
            let value = next();
            let rising = if index < fade {
                libm::sin(FRAC_PI_2 * index as f64 / fade as f64)
            } else {
                1.0
            };
            *sample += single(value * rising);
        }
        // What follows the end is faded out over the start. Both are noise of equal power that know
        // nothing of each other, so the sum of their powers stays the same.
        for (index, sample) in channel.iter_mut().take(fade).enumerate() {
            let falling = libm::cos(FRAC_PI_2 * index as f64 / fade as f64);
            *sample += single(next() * falling);
        }
    }
}

/// Returns the gains of left and right for a place, with the same power everywhere.
fn pan_gains(pan: f64) -> [f64; 2] {
    let angle = (pan.clamp(-1.0, 1.0) + 1.0) / 2.0 * FRAC_PI_2;
    [libm::cos(angle), libm::sin(angle)]
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored in single precision"
)]
const fn single(value: f64) -> f32 {
    value as f32
}
