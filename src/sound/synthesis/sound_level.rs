//! Brings a sound to its level, and takes away what no loudspeaker should get.

use crate::sound::filters::{BUTTERWORTH_Q, BiquadFilter};
use crate::sound::{SoundBuffer, gain_factor};
use ebur128::{EbuR128, Mode};

/// The highest sample of a synthesised sound, -1 dB of full scale.
const PEAK_LIMIT: f32 = 0.89;

/// Seconds over which loudness of a short sound is measured: the momentary window of EBU R128.
const WINDOW: u32 = 400;

/// Takes away what is below 25 Hz, and the offset.
pub(super) fn remove_offset(samples: &mut [f32], sample_rate: u32) {
    BiquadFilter::high_pass(sample_rate, 25.0, BUTTERWORTH_Q).filter_samples(samples);
}

/// Fades the last `length` samples out.
pub(super) fn fade_out(samples: &mut [f32], length: usize) {
    let length = length.min(samples.len());
    let start = samples.len() - length;
    for (index, sample) in samples[start..].iter_mut().enumerate() {
        *sample *= 1.0 - (index + 1) as f32 / length as f32;
    }
}

/// Brings a short sound to a momentary loudness in LUFS at its loudest, but not beyond the limit of
/// its peak.
pub fn set_momentary_loudness(sound: &mut SoundBuffer, lufs: f64) {
    let measured = loudest_window(sound);
    raise_to(sound, lufs, measured);
}

/// Brings a bed to an integrated loudness in LUFS.
pub fn set_integrated_loudness(sound: &mut SoundBuffer, lufs: f64) {
    let measured = meter(sound, Mode::I).and_then(|mut meter| {
        add_frames(&mut meter, sound, 0..sound.length());
        meter.loudness_global().ok()
    });
    // A bed shorter than the gate of the standard has no integrated loudness.
    let measured = measured
        .filter(|measured| measured.is_finite())
        .or_else(|| loudest_window(sound));
    raise_to(sound, lufs, measured);
}

#[expect(clippy::cast_possible_truncation, reason = "a gain in decibels")]
fn raise_to(sound: &mut SoundBuffer, lufs: f64, measured: Option<f64>) {
    let Some(measured) = measured.filter(|measured| measured.is_finite()) else {
        return;
    };
    // Rounded, so that the last digit of the meter, which uses functions of the system, never
    // reaches a sample.
    let gain = ((lufs - measured) * 100.0).round() / 100.0;
    sound.scale(gain_factor(gain as f32));
    let peak = sound.peak();
    if peak > PEAK_LIMIT {
        sound.scale(PEAK_LIMIT / peak);
    }
}

/// Returns the loudest momentary loudness. `None`: it is silent, or has a rate that no meter knows.
pub(super) fn loudest_window(sound: &SoundBuffer) -> Option<f64> {
    let mut meter = meter(sound, Mode::M)?;
    let step = (sound.sample_rate() as usize / 20).max(1);
    let mut loudest = f64::NEG_INFINITY;
    let mut padded = sound.clone();
    // A sound shorter than the window is followed by silence.
    padded.set_length(sound.length() + sound.sample_rate() as usize * WINDOW as usize / 1000);
    let mut start = 0;
    while start < padded.length() {
        let end = (start + step).min(padded.length());
        add_frames(&mut meter, &padded, start..end);
        loudest = loudest.max(meter.loudness_momentary().ok()?);
        start = end;
    }
    loudest.is_finite().then_some(loudest)
}

fn meter(sound: &SoundBuffer, mode: Mode) -> Option<EbuR128> {
    let channels = u32::try_from(sound.channels().len()).ok()?;
    EbuR128::new(channels, sound.sample_rate(), mode).ok()
}

fn add_frames(meter: &mut EbuR128, sound: &SoundBuffer, range: std::ops::Range<usize>) {
    let parts: Vec<&[f32]> = sound
        .channels()
        .iter()
        .map(|channel| &channel[range.clone()])
        .collect();
    // It fails only if the number of channels differs from that of the meter, which is the same
    // here; what was not added counts as silence.
    let _ = meter.add_frames_planar_f32(&parts);
}
