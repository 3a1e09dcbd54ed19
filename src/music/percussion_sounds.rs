//! How the built-in percussion sounds.

use super::built_in_font::FONT_RATE;
use crate::base::seeded_random::SeededRandom;
use std::f64::consts::TAU;

/// The keys of General MIDI percussion that there are.
pub(super) const PERCUSSION_KEYS: [i32; 15] =
    [36, 37, 38, 39, 41, 42, 45, 46, 48, 49, 51, 54, 70, 76, 77];

/// A drum: a tone that falls in pitch, and noise.
struct DrumSound {
    /// Frequency of the tone at the stroke and at its end, in hertz.
    high: f64,
    low: f64,
    /// Seconds in which the tone falls by 60 dB.
    tone: f64,
    /// Level of the noise beside the tone.
    noise: f64,
    /// Seconds in which the noise falls by 60 dB.
    noise_decay: f64,
    /// Corner above which the noise passes, in hertz.
    corner: f64,
}

const fn drum_sound(key: i32) -> DrumSound {
    // In order: bass drum, side stick, snare, clap, floor tom, closed hi-hat, low tom, open hi-hat,
    // high tom, crash and ride cymbals, tambourine, maracas, high and low wood block.
    match key {
        36 => drum(160.0, 48.0, 0.5, 0.08, 0.03, 1500.0),
        37 => drum(1700.0, 1650.0, 0.06, 0.3, 0.04, 2500.0),
        38 => drum(240.0, 180.0, 0.25, 1.2, 0.28, 1200.0),
        39 => drum(1100.0, 1000.0, 0.03, 1.5, 0.22, 1000.0),
        41 => drum(120.0, 62.0, 0.9, 0.15, 0.05, 600.0),
        42 => drum(8000.0, 8000.0, 0.02, 1.0, 0.09, 6500.0),
        45 => drum(170.0, 95.0, 0.7, 0.12, 0.05, 800.0),
        46 => drum(8000.0, 8000.0, 0.02, 1.0, 0.5, 6000.0),
        48 => drum(230.0, 140.0, 0.55, 0.12, 0.05, 900.0),
        49 => drum(5200.0, 5100.0, 0.3, 1.4, 2.2, 3000.0),
        51 => drum(4300.0, 4290.0, 1.2, 0.35, 1.6, 5000.0),
        54 => drum(7100.0, 7000.0, 0.08, 1.0, 0.22, 5500.0),
        70 => drum(6000.0, 6000.0, 0.01, 1.0, 0.09, 4500.0),
        76 => drum(1150.0, 1100.0, 0.09, 0.15, 0.02, 2000.0),
        _ => drum(800.0, 770.0, 0.11, 0.15, 0.02, 1600.0),
    }
}

const fn drum(
    high: f64,
    low: f64,
    tone: f64,
    noise: f64,
    noise_decay: f64,
    corner: f64,
) -> DrumSound {
    DrumSound {
        high,
        low,
        tone,
        noise,
        noise_decay,
        corner,
    }
}

/// Returns the samples of a percussion key.
pub(super) fn percussion_samples(key: i32) -> Vec<f64> {
    let sound = drum_sound(key);
    let rate = f64::from(FONT_RATE);
    let seconds = sound.tone.max(sound.noise_decay) * 0.9 + 0.02;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some seconds"
    )]
    let length = (seconds * rate) as usize;
    // The logarithm of a thousand, which is 60 dB.
    let fall = |decay: f64| libm::exp(-6.907_755 / (decay * rate));
    let tone_fall = fall(sound.tone);
    let noise_fall = fall(sound.noise_decay);
    // The pitch falls in the first twentieth of a second.
    let pitch_fall = fall(0.12);
    let smoothing = 1.0 - libm::exp(-TAU * sound.corner / rate);
    let mut random = SeededRandom::for_part(u64::from(key.unsigned_abs()), "percussion");
    let mut phase: f64 = 0.0;
    let mut bend = 1.0;
    let mut tone = 1.0;
    let mut noise = sound.noise;
    let mut low_noise = 0.0;
    let mut samples = Vec::with_capacity(length);
    for index in 0..length {
        phase += TAU * (sound.low + (sound.high - sound.low) * bend) / rate;
        let white = f64::from(random.next_signed());
        // White noise without its low part is what is above the corner.
        low_noise += smoothing * (white - low_noise);
        let rise = (index as f64 / 16.0).min(1.0);
        samples.push(rise * (tone * libm::sin(phase) + noise * (white - low_noise)));
        bend *= pitch_fall;
        tone *= tone_fall;
        noise *= noise_fall;
    }
    samples
}
