//! Makes sound that of an old console: its converter's rate and bits.

use super::SoundBuffer;
use super::filters::BiquadFilter;
use crate::model::sound::RetroSound;

/// Share of half the converter's rate that its samples hold.
const PASS_BAND: f64 = 0.85;

/// Takes samples at the converter's rate, rounds them to its bits, and holds each until the next:
/// what comes out has the rate of what went in, and the steps of the console.
#[derive(Debug, Clone)]
pub struct ConsoleConverter {
    channels: [ConsoleChannel; 2],
    /// Steps of the converter a sample, as a fraction.
    rate: u64,
    of: u64,
    phase: u64,
}

#[derive(Debug, Clone)]
struct ConsoleChannel {
    filters: [BiquadFilter; 2],
    levels: f32,
    held: f32,
}

impl ConsoleConverter {
    /// Returns a converter for sound of `sample_rate`.
    #[must_use]
    pub fn new(retro: RetroSound, sample_rate: u32) -> Self {
        // A converter cannot take more samples than there are.
        let rate = retro.sample_rate.clamp(1, sample_rate.max(1));
        let edge = f64::from(rate) / 2.0 * PASS_BAND;
        // Two of second order, with the qualities of a Butterworth filter of fourth order.
        let filters = [0.541_196_1, 1.306_563]
            .map(|quality| BiquadFilter::low_pass(sample_rate.max(1), edge, quality));
        let channel = ConsoleChannel {
            filters,
            levels: (1_u32 << (retro.bits.clamp(1, 24) - 1)) as f32,
            held: 0.0,
        };
        Self {
            channels: [channel.clone(), channel],
            rate: u64::from(rate),
            of: u64::from(sample_rate.max(1)),
            // The first sample is taken.
            phase: u64::from(sample_rate.max(1)) - u64::from(rate),
        }
    }

    /// Converts the next block in place.
    pub fn convert_block(&mut self, block: &mut SoundBuffer) {
        let start = self.phase;
        for (channel, samples) in self.channels.iter_mut().zip(block.channels_mut()) {
            // Both channels are taken at the same samples.
            self.phase = start;
            for sample in samples {
                self.phase += self.rate;
                let is_taken = self.phase >= self.of;
                if is_taken {
                    self.phase -= self.of;
                }
                *sample = channel.next_sample(*sample, is_taken);
            }
        }
    }
}

impl ConsoleChannel {
    fn next_sample(&mut self, sample: f32, is_taken: bool) -> f32 {
        let mut filtered = f64::from(sample);
        for filter in &mut self.filters {
            filtered = filter.next_sample(filtered);
        }
        if is_taken {
            #[expect(clippy::cast_possible_truncation, reason = "a sample near 1")]
            let filtered = filtered as f32;
            let level = libm::roundf(filtered * self.levels);
            // Whole numbers have one step less above zero than below.
            self.held = level.clamp(-self.levels, self.levels - 1.0) / self.levels;
        }
        self.held
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn tone(hertz: f32, length: usize) -> SoundBuffer {
        let wave: Vec<f32> = (0..length)
            .map(|n| libm::sinf(n as f32 * hertz * std::f32::consts::TAU / 48_000.0) * 0.5)
            .collect();
        SoundBuffer::mono(wave, 48_000).into_stereo()
    }

    #[test]
    fn samples_have_the_levels_and_the_rate_of_the_console() {
        let retro = RetroSound {
            sample_rate: 8000,
            bits: 4,
        };
        let mut sound = tone(400.0, 4800);
        ConsoleConverter::new(retro, 48_000).convert_block(&mut sound);
        let samples = &sound.channels()[0];
        let levels: BTreeSet<i32> = samples.iter().map(|sample| (sample * 8.0) as i32).collect();
        assert!(levels.len() > 4 && levels.len() <= 16, "{levels:?}");
        assert!(samples.iter().all(|sample| (sample * 8.0).fract() == 0.0));
        for held in samples.chunks(6) {
            assert!(held.iter().all(|sample| *sample == held[0]));
        }
    }

    #[test]
    fn blocks_make_no_difference_and_high_tones_do_not_fold_down() {
        let retro = RetroSound {
            sample_rate: 11_025,
            bits: 16,
        };
        let mut whole = tone(11_000.0, 9600);
        let mut converter = ConsoleConverter::new(retro, 48_000);
        let mut pieces = Vec::new();
        for start in (0..9600).step_by(960) {
            let part = |index: usize| whole.channels()[index][start..start + 960].to_vec();
            let mut block = SoundBuffer::stereo(part(0), part(1), 48_000);
            converter.convert_block(&mut block);
            pieces.extend_from_slice(&block.channels()[0]);
        }
        ConsoleConverter::new(retro, 48_000).convert_block(&mut whole);
        assert_eq!(whole.channels()[0], pieces);
        // It would be a loud tone of 25 Hz.
        let late = pieces[4800..]
            .iter()
            .fold(0.0_f32, |peak, x| peak.max(x.abs()));
        assert!(late < 0.05, "{late}");
    }

    #[test]
    fn odd_settings_do_not_panic() {
        for (sample_rate, bits) in [(0, 0), (u32::MAX, u32::MAX), (48_000, 24)] {
            let mut sound = tone(1000.0, 100);
            let retro = RetroSound { sample_rate, bits };
            ConsoleConverter::new(retro, 48_000).convert_block(&mut sound);
            assert!(sound.peak() <= 1.0);
        }
    }
}
