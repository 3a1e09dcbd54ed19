//! Ambiences of water, wind, rain and nature.

use super::sound_bed::{BedEvent, NoiseLayer, SoundBed, WanderingLayer};
use super::sound_sketch::{
    NoiseGrains, SineChirp, SoundSketch, SweptNoise, body_mode, noise_burst,
};
use crate::base::seeded_random::SeededRandom;
use std::f64::consts::{PI, TAU};

/// Waves on a shore, one after another, over their low roar. A gull now and then.
pub(super) fn fill_sea(bed: &mut SoundBed) {
    bed.add_noise(
        "roar",
        NoiseLayer {
            low: 40.0,
            high: 420.0,
            level: 0.62,
            seconds: 4.0,
            depth: 0.3,
        },
    );
    bed.add_noise(
        "foam",
        NoiseLayer {
            low: 900.0,
            high: 6500.0,
            level: 0.12,
            seconds: 3.0,
            depth: 0.4,
        },
    );
    add_waves(bed, "waves", 4.4);
    add_gulls(bed, 10.0, 0.11);
}

/// Small waves against walls and hulls, rigging, and gulls.
pub(super) fn fill_harbour(bed: &mut SoundBed) {
    bed.add_noise(
        "water",
        NoiseLayer {
            low: 50.0,
            high: 350.0,
            level: 0.5,
            seconds: 3.0,
            depth: 0.35,
        },
    );
    bed.add_noise(
        "air",
        NoiseLayer {
            low: 400.0,
            high: 3500.0,
            level: 0.05,
            seconds: 4.0,
            depth: 0.3,
        },
    );
    let rate = bed.sample_rate();
    bed.scatter("laps", 0.62, |random| lapping_wave(random, rate));
    bed.scatter("rigging", 4.3, |random| {
        let mut sketch = SoundSketch::new(0.7, rate, random);
        let pitch = sketch.between(0.85, 1.2);
        sketch.strike(
            0.0,
            1.0,
            &[
                body_mode(1630.0 * pitch, 0.45, 0.4),
                body_mode(2870.0 * pitch, 0.3, 0.3),
                body_mode(4390.0 * pitch, 0.2, 0.16),
            ],
        );
        let level = sketch.between(0.03, 0.09);
        let pan = sketch.between(-0.8, 0.8);
        BedEvent::from_sketch(sketch, level, pan)
    });
    bed.scatter("ropes", 9.0, |random| {
        let mut sketch = SoundSketch::new(1.0, rate, random);
        for _ in 0..18 {
            let at = sketch.between(0.0, 0.8);
            let strength = sketch.between(0.2, 0.8);
            sketch.strike(
                at,
                strength,
                &[body_mode(310.0, 0.03, 0.5), body_mode(575.0, 0.02, 0.4)],
            );
        }
        let pan = sketch.between(-0.7, 0.7);
        BedEvent::from_sketch(sketch, 0.1, pan)
    });
    add_gulls(bed, 9.0, 0.1);
}

fn lapping_wave(random: SeededRandom, rate: u32) -> BedEvent {
    let mut sketch = SoundSketch::new(0.9, rate, random);
    let peak = sketch.between(380.0, 900.0);
    let sweep = SweptNoise {
        at: 0.0,
        seconds: sketch.between(0.4, 0.85),
        peak_at: 0.3,
        from: 200.0,
        peak,
        to: 260.0,
        q: 1.2,
        level: 0.7,
    };
    sketch.add_sweep(sweep);
    // Bubbles: short tones that rise.
    for _ in 0..3 {
        let at = sketch.between(0.1, 0.6);
        let from = sketch.between(300.0, 700.0);
        let chirp = SineChirp {
            at,
            seconds: sketch.between(0.03, 0.08),
            from,
            to: from * 1.5,
            level: sketch.between(0.2, 0.6),
        };
        sketch.add_chirp(chirp);
    }
    let level = sketch.between(0.08, 0.2);
    let pan = sketch.between(-0.9, 0.9);
    BedEvent::from_sketch(sketch, level, pan)
}

/// Wind in two bands that wander, and a faint whistle.
pub(super) fn fill_wind(bed: &mut SoundBed) {
    bed.add_noise(
        "body",
        NoiseLayer {
            low: 40.0,
            high: 300.0,
            level: 0.5,
            seconds: 3.0,
            depth: 0.4,
        },
    );
    bed.add_wandering(
        "gusts",
        WanderingLayer {
            low: 210.0,
            high: 620.0,
            q: 0.9,
            level: 1.0,
            seconds: 2.6,
            depth: 0.6,
        },
    );
    bed.add_wandering(
        // A narrow band: it whistles.
        "edges",
        WanderingLayer {
            low: 480.0,
            high: 1350.0,
            q: 7.0,
            level: 0.55,
            seconds: 1.9,
            depth: 0.85,
        },
    );
}

/// Rain: a hiss, and drops one by one.
pub(super) fn fill_rain(bed: &mut SoundBed) {
    bed.add_noise(
        "hiss",
        NoiseLayer {
            low: 900.0,
            high: 11_000.0,
            level: 0.42,
            seconds: 2.0,
            depth: 0.2,
        },
    );
    bed.add_noise(
        "ground",
        NoiseLayer {
            low: 150.0,
            high: 900.0,
            level: 0.12,
            seconds: 3.0,
            depth: 0.2,
        },
    );
    let rate = bed.sample_rate();
    bed.scatter("drops", 0.012, |random| {
        let mut sketch = SoundSketch::new(0.02, rate, random);
        let middle = sketch.between(2200.0, 7500.0);
        sketch.add_burst(noise_burst(0.0004, 0.008, 1.0).in_band(middle * 0.7, middle * 1.6));
        let near = sketch.between(0.0, 1.0);
        let pan = sketch.between(-1.0, 1.0);
        // The cube makes near drops rare: there are more places far away than near.
        BedEvent::from_sketch(sketch, 0.03 + 0.4 * near * near * near, pan)
    });
    // Drops that fall into water leave a bubble behind.
    bed.scatter("puddles", 0.11, |random| {
        let mut sketch = SoundSketch::new(0.08, rate, random);
        let from = sketch.between(650.0, 1900.0);
        let chirp = SineChirp {
            at: 0.002,
            seconds: sketch.between(0.02, 0.06),
            from,
            to: from * sketch.between(1.15, 1.6),
            level: 1.0,
        };
        sketch.add_chirp(chirp);
        let level = sketch.between(0.03, 0.16);
        let pan = sketch.between(-0.9, 0.9);
        BedEvent::from_sketch(sketch, level, pan)
    });
}

/// Leaves in a light wind, and birds.
pub(super) fn fill_forest(bed: &mut SoundBed) {
    bed.add_wandering(
        "leaves",
        WanderingLayer {
            low: 1600.0,
            high: 3600.0,
            q: 0.5,
            level: 0.5,
            seconds: 2.8,
            depth: 0.6,
        },
    );
    bed.add_noise(
        "trees",
        NoiseLayer {
            low: 90.0,
            high: 700.0,
            level: 0.24,
            seconds: 4.0,
            depth: 0.4,
        },
    );
    let rate = bed.sample_rate();
    bed.scatter("birds", 3.1, |random| bird_song(random, rate));
}

/// A short song: notes that glide, of one bird.
fn bird_song(random: SeededRandom, rate: u32) -> BedEvent {
    let mut sketch = SoundSketch::new(1.5, rate, random);
    let home = sketch.between(2400.0, 4600.0);
    let step = sketch.between(0.11, 0.2);
    let mut at = 0.0;
    for _ in 0..3 + sketch.random.next_index(5) {
        let from = home * sketch.between(0.8, 1.25);
        let chirp = SineChirp {
            at,
            seconds: step * sketch.between(0.5, 0.9),
            from,
            to: from * sketch.between(0.72, 1.35),
            level: sketch.between(0.5, 1.0),
        };
        sketch.add_chirp(chirp);
        at += step;
    }
    let level = sketch.between(0.06, 0.2);
    let pan = sketch.between(-0.9, 0.9);
    BedEvent::from_sketch(sketch, level, pan)
}

/// Crickets over quiet air.
pub(super) fn fill_night(bed: &mut SoundBed) {
    bed.add_noise(
        "air",
        NoiseLayer {
            low: 60.0,
            high: 600.0,
            level: 0.2,
            seconds: 4.0,
            depth: 0.3,
        },
    );
    bed.add_noise(
        "grass",
        NoiseLayer {
            low: 1500.0,
            high: 6000.0,
            level: 0.03,
            seconds: 3.0,
            depth: 0.4,
        },
    );
    let rate = bed.sample_rate();
    for (cricket, pan) in [-0.75, 0.55, 0.1].into_iter().enumerate() {
        let part = format!("cricket {cricket}");
        let pitch = 4050.0 + 290.0 * cricket as f64;
        // Each has a pace and a pitch of its own. In step they would be one loud cricket.
        let every = 0.72 + 0.21 * cricket as f64;
        let level = 0.1 / (1.0 + cricket as f64);
        bed.scatter(&part, every, |random| {
            let mut sketch = SoundSketch::new(0.3, rate, random);
            // Three or four pulses of one tone make a chirp.
            for pulse in 0..3 + sketch.random.next_index(2) {
                let chirp = SineChirp {
                    at: 0.034 * pulse as f64,
                    seconds: 0.026,
                    from: pitch,
                    to: pitch * 1.015,
                    level: 1.0,
                };
                sketch.add_chirp(chirp);
            }
            BedEvent::from_sketch(sketch, level, pan)
        });
    }
}

/// Adds waves that come about every `every` seconds: a rise, a break, and the wash.
fn add_waves(bed: &mut SoundBed, part: &str, every: f64) {
    let rate = bed.sample_rate();
    // Each side has waves of its own, which pass to the middle: a shore is wide.
    for side in [-1.0, 1.0] {
        bed.scatter(&format!("{part} {side}"), every, |random| {
            let mut sketch = SoundSketch::new(8.0, rate, random);
            let seconds = sketch.between(5.6, 7.8);
            let peak = sketch.between(700.0, 1100.0);
            let strength = sketch.between(0.7, 1.0);
            sketch.add_sweep(SweptNoise {
                at: 0.0,
                seconds,
                peak_at: 0.42,
                from: 180.0,
                peak,
                to: 300.0,
                q: 0.45,
                level: 0.15 * strength,
            });
            // The break: foam, brighter, a little later and longer.
            sketch.add_sweep(SweptNoise {
                at: seconds * 0.22,
                seconds: seconds * 0.75,
                peak_at: 0.3,
                from: 1400.0,
                peak: peak * 4.2,
                to: 2600.0,
                q: 0.6,
                level: 0.065 * strength,
            });
            let pan = side * sketch.between(0.5, 1.0);
            BedEvent {
                pan_end: pan * 0.3,
                ..BedEvent::from_sketch(sketch, 1.0, pan)
            }
        });
    }
}

/// Adds gulls, each with a few cries.
fn add_gulls(bed: &mut SoundBed, every: f64, level: f64) {
    let rate = bed.sample_rate();
    bed.scatter("gulls", every, |random| {
        let mut sketch = SoundSketch::new(3.0, rate, random);
        let pitch = sketch.between(0.88, 1.12);
        let mut at = 0.0;
        for cry in 0..2 + sketch.random.next_index(3) {
            let seconds = sketch.between(0.26, 0.42);
            let cry_samples = gull_cry(pitch * sketch.between(0.97, 1.04), seconds, rate);
            // Each cry is weaker than the one before.
            sketch.add_samples(at, 1.0 / (1.0 + 0.2 * cry as f64), &cry_samples);
            at += seconds + sketch.between(0.08, 0.2);
        }
        let far = sketch.between(0.4, 1.0);
        let pan = sketch.between(-0.8, 0.8);
        BedEvent {
            pan_end: pan * 0.5,
            ..BedEvent::from_sketch(sketch, level * far, pan)
        }
    });
}

/// One cry: a tone with overtones that jumps up and falls, rough from frequency modulation.
#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored in single precision"
)]
fn gull_cry(pitch: f64, seconds: f64, sample_rate: u32) -> Vec<f32> {
    let rate = f64::from(sample_rate);
    let length = super::sound_sketch::sample_index(seconds, sample_rate).max(1);
    let mut phase = 0.0;
    let mut rough = 0.0;
    (0..length)
        .map(|index| {
            let place = index as f64 / length as f64;
            let rise = libm::exp(-12.0 * place);
            let hertz = pitch * (1250.0 - 340.0 * place - 420.0 * rise);
            rough += TAU * 62.0 / rate;
            phase += TAU * hertz * (1.0 + 0.022 * libm::sin(rough)) / rate;
            let tone = libm::sin(phase)
                + 0.7 * libm::sin(2.0 * phase)
                + 0.4 * libm::sin(3.0 * phase)
                + 0.15 * libm::sin(4.0 * phase);
            // The root puts the loudest moment early: a cry begins hard and dies away.
            let envelope = libm::sin(PI * libm::sqrt(place));
            (tone * envelope * 0.5) as f32
        })
        .collect()
}

/// Adds short grains, such as drops or keys, from one place.
pub(super) fn grain_event(mut sketch: SoundSketch, grains: NoiseGrains, level: f64) -> BedEvent {
    sketch.add_grains(grains);
    let pan = sketch.between(-0.8, 0.8);
    BedEvent::from_sketch(sketch, level, pan)
}
