//! Brings speech to one level, so that no voice shouts.

use super::{SoundBuffer, gain_factor};

/// Loudness that every line has, in LUFS.
// That of EBU R128, the usual target: the mix has little left to do for a film of speech alone.
pub const SPEECH_LUFS: f64 = -23.0;

/// Seconds from which the loudness of a line can be measured with gates.
const MIN_MEASURED_SECONDS: f64 = 1.0;

/// Steps in one decibel of a measured loudness.
// The filters of the meter use the tangent of the system, whose last digit may differ between
// machines. Rounded, the gain is the same on all of them.
const STEPS_A_DECIBEL: f64 = 100.0;

/// The most that a line is made louder, in decibels.
const MAX_GAIN: f64 = 60.0;

/// Returns the loudness of a line in LUFS: integrated, with the gates of EBU R128. A line shorter
/// than a second is repeated until it lasts one. `None`: it is silent, or has no samples.
#[must_use]
pub fn speech_loudness(sound: &SoundBuffer) -> Option<f64> {
    let length = sound.length();
    let rate = sound.sample_rate();
    if length == 0 || rate == 0 || sound.peak() == 0.0 {
        return None;
    }
    let channels = u32::try_from(sound.channels().len()).ok()?;
    let mut meter = ebur128::EbuR128::new(channels, rate, ebur128::Mode::I).ok()?;
    let planes: Vec<&[f32]> = sound.channels().iter().map(Vec::as_slice).collect();
    let wanted = f64::from(rate) * MIN_MEASURED_SECONDS;
    // A meter hears nothing in less than 0.4 s, and at the end of a line less than a block.
    let mut fed = 0.0;
    while fed < wanted {
        meter.add_frames_planar_f32(&planes).ok()?;
        fed += length as f64;
    }
    let loudness = meter
        .loudness_global()
        .ok()
        .filter(|lufs| lufs.is_finite())?;
    Some((loudness * STEPS_A_DECIBEL).round() / STEPS_A_DECIBEL)
}

/// Brings a line to [`SPEECH_LUFS`]. A silent one stays as it is.
pub fn level_speech(sound: &mut SoundBuffer) {
    let Some(loudness) = speech_loudness(sound) else {
        return;
    };
    // Limited, because a nearly silent line would be raised until only its noise is left.
    let gain = (SPEECH_LUFS - loudness).clamp(-MAX_GAIN, MAX_GAIN);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "decibels, rounded to hundredths"
    )]
    let gain = gain as f32;
    sound.scale(gain_factor(gain));
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests {
    use super::*;

    fn tone(seconds: f32, amplitude: f32) -> SoundBuffer {
        let length = (48_000.0 * seconds) as usize;
        let sample = |index: usize| {
            let angle = std::f32::consts::TAU * 997.0 * index as f32 / 48_000.0;
            libm::sinf(angle) * amplitude
        };
        SoundBuffer::mono((0..length).map(sample).collect(), 48_000)
    }

    #[test]
    fn lines_of_any_length_come_to_one_level() {
        for (seconds, amplitude) in [(3.0, 0.9), (1.0, 0.001), (0.3, 0.2), (0.05, 0.5)] {
            let mut sound = tone(seconds, amplitude);
            level_speech(&mut sound);
            let loudness = speech_loudness(&sound).unwrap();
            assert!(
                (loudness - SPEECH_LUFS).abs() < 0.2,
                "{seconds} s: {loudness}"
            );
            // A sine of -23 LUFS in one channel has this amplitude, by the standard.
            let expected = gain_factor(-20.0);
            let peak = sound.peak();
            assert!((peak / expected - 1.0).abs() < 0.05, "{seconds} s: {peak}");
        }
    }

    #[test]
    fn silence_has_no_loudness_and_stays_silent() {
        for mut sound in [
            SoundBuffer::silence(1, 48_000, 48_000),
            SoundBuffer::silence(1, 0, 48_000),
            SoundBuffer::silence(1, 10, 0),
        ] {
            assert_eq!(speech_loudness(&sound), None);
            level_speech(&mut sound);
            assert_eq!(sound.peak(), 0.0);
        }
    }
}
