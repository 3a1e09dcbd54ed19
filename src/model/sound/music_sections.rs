//! What of a film its music follows: the energy of each shot, and the cuts that matter.

use super::sound_work::MusicSection;

/// What music has to know of a shot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MusicShotFacts {
    /// Sample of the cue at which it begins.
    pub start: u64,
    /// Its length in samples.
    pub length: u64,
    /// Whether another scene begins with it.
    pub begins_scene: bool,
    /// Seconds of speech in it.
    pub speech_seconds: f64,
    /// How much moves, 0 (nothing) to 1: the camera, and what is in front of it.
    pub motion: f32,
    /// How close the picture is, 0 (the widest) to 1 (the closest).
    pub closeness: f32,
}

/// A shot of as many seconds is calm; half of it is twice as lively.
const CALM_SECONDS: f64 = 8.0;

/// Returns the sections of a film of these shots, in order.
///
/// Short shots and motion are lively, and so are pictures that come close; speech is calm, as the
/// music leaves room for it. A cut to another scene is marked, and so is one to a shot that is much
/// livelier than the one before.
#[must_use]
pub fn music_sections(shots: &[MusicShotFacts], sample_rate: u32) -> Vec<MusicSection> {
    let energies: Vec<f32> = shots
        .iter()
        .map(|shot| shot_energy(shot, sample_rate))
        .collect();
    let sections = shots.iter().zip(&energies).enumerate();
    sections
        .map(|(index, (shot, energy))| {
            let rise = index
                .checked_sub(1)
                .map_or(0.0, |before| energy - energies[before]);
            MusicSection {
                start: shot.start,
                energy: *energy,
                hit: index > 0 && (shot.begins_scene || rise > 0.3),
            }
        })
        .collect()
}

/// Returns the energy of a shot, 0 to 1, in steps of a hundredth.
fn shot_energy(shot: &MusicShotFacts, sample_rate: u32) -> f32 {
    let seconds = shot.length as f64 / f64::from(sample_rate.max(1));
    let finite = |value: f32| {
        if value.is_finite() {
            value.clamp(0.0, 1.0)
        } else {
            0.5
        }
    };
    // Halving the length adds a sixth.
    let pace = (0.3 + libm::log2(CALM_SECONDS / seconds.max(0.1)) / 6.0).clamp(0.0, 0.8);
    let spoken = (shot.speech_seconds.max(0.0) / seconds.max(0.1)).min(1.0);
    let motion = f64::from(finite(shot.motion));
    let closeness = f64::from(finite(shot.closeness));
    let energy = 0.1 + 0.6 * pace + 0.35 * motion + 0.1 * closeness - 0.2 * spoken;
    // In steps, so that a shot that is a frame longer does not make all of the music again.
    #[expect(clippy::cast_possible_truncation, reason = "0 to 100")]
    let hundredths = libm::round(energy.clamp(0.0, 1.0) * 100.0) as f32;
    hundredths / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 48_000;

    fn shot(start: u64, seconds: u64) -> MusicShotFacts {
        MusicShotFacts {
            start: start * SECOND,
            length: seconds * SECOND,
            begins_scene: false,
            speech_seconds: 0.0,
            motion: 0.2,
            closeness: 0.5,
        }
    }

    fn energy(shot: MusicShotFacts) -> f32 {
        music_sections(&[shot], 48_000)[0].energy
    }

    #[test]
    fn short_shots_and_motion_are_lively_and_speech_is_calm() {
        let calm = shot(0, 8);
        assert!(energy(shot(0, 1)) > energy(calm) + 0.2);
        assert!(
            energy(MusicShotFacts {
                motion: 1.0,
                ..calm
            }) > energy(calm)
        );
        assert!(
            energy(MusicShotFacts {
                speech_seconds: 8.0,
                ..calm
            }) < energy(calm)
        );
        for odd in [
            MusicShotFacts { length: 0, ..calm },
            MusicShotFacts {
                motion: f32::NAN,
                ..calm
            },
            MusicShotFacts {
                speech_seconds: 1e9,
                ..calm
            },
        ] {
            assert!((0.0..=1.0).contains(&energy(odd)), "{odd:?}");
        }
    }

    #[test]
    fn another_scene_and_a_sudden_rise_are_marked_and_the_beginning_is_not() {
        let scene = MusicShotFacts {
            begins_scene: true,
            ..shot(0, 8)
        };
        let rise = MusicShotFacts {
            motion: 1.0,
            ..shot(16, 1)
        };
        let sections = music_sections(
            &[
                scene,
                shot(8, 8),
                rise,
                MusicShotFacts {
                    begins_scene: true,
                    ..shot(17, 8)
                },
            ],
            48_000,
        );
        let hits: Vec<bool> = sections.iter().map(|section| section.hit).collect();
        assert_eq!(hits, [false, false, true, true]);
    }
}
