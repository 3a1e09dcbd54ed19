//! Ambiences of rooms, streets, work and people.

use super::ambience_weather::grain_event;
use super::footsteps;
use super::sound_bed::{BedEvent, NoiseLayer, SoundBed, WanderingLayer};
use super::sound_sketch::{NoiseGrains, SoundSketch, SweptNoise, body_mode, sample_index};
use crate::base::seeded_random::SeededRandom;
use crate::model::sound::StepSurface;
use crate::sound::filters::BiquadFilter;
use std::f64::consts::PI;

/// The hum of the mains and its overtones, and still air.
pub(super) fn fill_room_tone(bed: &mut SoundBed) {
    bed.add_noise("air", steady_noise(40.0, 500.0, 0.5));
    bed.add_noise("high air", steady_noise(800.0, 4000.0, 0.02));
    // The mains of most of the world, with their overtones. At 60 Hz a room of the rest would hum.
    bed.add_tone(50.0, 0.006);
    bed.add_tone(100.0, 0.008);
    bed.add_tone(150.0, 0.003);
}

const fn steady_noise(low: f64, high: f64, level: f64) -> NoiseLayer {
    NoiseLayer {
        low,
        high,
        level,
        seconds: 3.0,
        depth: 0.15,
    }
}

/// Distant traffic, and cars that pass.
pub(super) fn fill_street(bed: &mut SoundBed) {
    bed.add_noise(
        "traffic",
        NoiseLayer {
            low: 35.0,
            high: 320.0,
            level: 0.8,
            seconds: 3.0,
            depth: 0.3,
        },
    );
    bed.add_noise("far", steady_noise(300.0, 2200.0, 0.12));
    let rate = bed.sample_rate();
    bed.scatter("cars", 5.5, |random| {
        let mut sketch = SoundSketch::new(6.0, rate, random);
        let seconds = sketch.between(4.2, 5.8);
        sketch.add_sweep(SweptNoise {
            at: 0.0,
            seconds,
            peak_at: 0.5,
            from: 300.0,
            peak: 1050.0,
            to: 260.0,
            q: 0.55,
            level: 0.5,
        });
        // The engine, a little lower once it has passed.
        let engine = sketch.between(64.0, 92.0);
        sketch.add_sweep(SweptNoise {
            at: 0.0,
            seconds,
            peak_at: 0.5,
            from: engine * 1.15,
            peak: engine * 1.08,
            to: engine,
            q: 3.5,
            level: 0.6,
        });
        let level = sketch.between(0.09, 0.2);
        let from_left = sketch.between(0.0, 1.0) < 0.5;
        let side = if from_left { -0.9 } else { 0.9 };
        BedEvent {
            pan_end: -side,
            ..BedEvent::from_sketch(sketch, level, side)
        }
    });
}

/// Air conditioning, keys being typed, a sheet of paper now and then.
pub(super) fn fill_office(bed: &mut SoundBed) {
    bed.add_noise("vents", steady_noise(50.0, 700.0, 0.5));
    bed.add_noise("high vents", steady_noise(900.0, 5000.0, 0.05));
    bed.add_tone(100.0, 0.01);
    bed.add_tone(200.0, 0.004);
    let rate = bed.sample_rate();
    bed.scatter("typing", 2.1, |random| {
        let mut sketch = SoundSketch::new(2.2, rate, random);
        let pan = sketch.between(-0.9, 0.9);
        let level = sketch.between(0.06, 0.22);
        let mut at = 0.0;
        for _ in 0..4 + sketch.random.next_index(9) {
            let strength = sketch.between(0.4, 1.0);
            sketch.strike(
                at,
                strength,
                &[
                    body_mode(1900.0, 0.012, 0.4),
                    body_mode(3300.0, 0.01, 0.4),
                    body_mode(520.0, 0.02, 0.4),
                ],
            );
            at += sketch.between(0.09, 0.22);
        }
        BedEvent::from_sketch(sketch, level, pan)
    });
    bed.scatter("steps", 8.0, |random| {
        let mut sketch = SoundSketch::new(3.2, rate, random);
        let pace = sketch.between(0.5, 0.6);
        for step in 0..4 {
            footsteps::sketch_step(&mut sketch, StepSurface::Carpet, pace * f64::from(step));
        }
        let pan = sketch.between(-0.9, 0.9);
        BedEvent {
            pan_end: -pan * 0.4,
            ..BedEvent::from_sketch(sketch, 0.14, pan)
        }
    });
    bed.scatter("sheets", 11.0, |random| {
        let sketch = SoundSketch::new(0.6, rate, random);
        grain_event(
            sketch,
            NoiseGrains {
                at: 0.0,
                seconds: 0.5,
                count: 60,
                decay: 0.01,
                level: 0.5,
                low: 2000.0,
                high: 8000.0,
            },
            0.16,
        )
    });
}

/// The inside of a ship in space: low tones that beat, and breathing air.
pub(super) fn fill_space(bed: &mut SoundBed) {
    for (hertz, level) in [
        // Pairs less than 1 Hz apart beat slowly, as machines that run at nearly one speed do.
        (41.2, 0.10),
        (41.7, 0.09),
        (61.8, 0.07),
        (62.1, 0.06),
        (82.4, 0.05),
        (123.5, 0.02),
        (185.3, 0.008),
    ] {
        bed.add_tone(hertz, level);
    }
    bed.add_wandering(
        "air",
        WanderingLayer {
            low: 140.0,
            high: 420.0,
            q: 1.6,
            level: 0.6,
            seconds: 4.5,
            depth: 0.5,
        },
    );
    bed.add_wandering(
        "shimmer",
        WanderingLayer {
            low: 1400.0,
            high: 2600.0,
            q: 14.0,
            level: 0.5,
            seconds: 3.5,
            depth: 0.9,
        },
    );
}

/// A fan and a lathe that hum, a hammer now and then, and a file on metal.
pub(super) fn fill_workshop(bed: &mut SoundBed) {
    bed.add_noise("fan", steady_noise(70.0, 900.0, 0.4));
    // A motor: its turns, and the mains.
    for (hertz, level) in [
        (48.5, 0.02),
        (97.0, 0.03),
        (145.5, 0.016),
        (194.0, 0.012),
        (291.0, 0.008),
        (388.0, 0.005),
        (100.0, 0.01),
    ] {
        bed.add_tone(hertz, level);
    }
    let rate = bed.sample_rate();
    bed.scatter("hammer", 4.6, |random| {
        let mut sketch = SoundSketch::new(2.6, rate, random);
        let pan = sketch.between(-0.8, 0.8);
        let level = sketch.between(0.12, 0.3);
        let pitch = sketch.between(0.85, 1.2);
        let mut at = 0.0;
        for _ in 0..2 + sketch.random.next_index(3) {
            let strength = sketch.between(0.6, 1.0);
            sketch.strike(
                at,
                strength,
                &[
                    body_mode(430.0 * pitch, 0.2, 0.5),
                    body_mode(1170.0 * pitch, 0.3, 0.5),
                    body_mode(2240.0 * pitch, 0.25, 0.3),
                    body_mode(3580.0 * pitch, 0.18, 0.2),
                ],
            );
            at += sketch.between(0.42, 0.55);
        }
        BedEvent::from_sketch(sketch, level, pan)
    });
    bed.scatter("file", 7.3, |random| {
        let mut sketch = SoundSketch::new(2.0, rate, random);
        for stroke in 0..3 {
            sketch.add_sweep(SweptNoise {
                at: 0.55 * f64::from(stroke),
                seconds: 0.42,
                peak_at: 0.6,
                from: 1500.0,
                peak: 3200.0,
                to: 2400.0,
                q: 1.6,
                level: 0.5,
            });
        }
        let pan = sketch.between(-0.7, 0.7);
        BedEvent::from_sketch(sketch, 0.1, pan)
    });
}

/// Fourteen people who talk at once, without words.
pub(super) fn fill_crowd(bed: &mut SoundBed) {
    bed.add_noise("hall", steady_noise(90.0, 900.0, 0.1));
    let rate = bed.sample_rate();
    for person in 0..14 {
        let mut random = bed.part_random(&format!("person {person}"));
        // On both sides by turns, and nobody in the middle, where the picture is.
        let side = if person % 2 == 0 { -1.0 } else { 1.0 };
        let pan = side * (0.4 + 0.6 * f64::from(random.next_unit()));
        // Each person has a voice of their own for the whole bed: a place, a distance and a pitch.
        let near = 0.35 + 0.65 * f64::from(random.next_unit());
        let pitch = 95.0 + 125.0 * f64::from(random.next_unit());
        let mut at = f64::from(random.next_unit()) * 0.6;
        while at < bed.seconds() {
            let seconds = 0.11 + 0.17 * f64::from(random.next_unit());
            let syllable = VoiceSyllable {
                pitch: pitch * (0.88 + 0.26 * f64::from(random.next_unit())),
                seconds,
                vowel: VOWELS[random.next_index(VOWELS.len())],
            };
            let event = BedEvent {
                samples: syllable.samples(rate, &mut random),
                level: 0.26 * near,
                pan,
                pan_end: pan,
            };
            bed.add_event(at, &event);
            // A pause after a phrase, about every eighth syllable.
            let pause = if random.next_index(8) == 0 { 0.7 } else { 0.03 };
            at += seconds + pause * (0.6 + f64::from(random.next_unit()));
        }
    }
}

/// The first three formants of a vowel, in hertz.
type VowelFormants = [f64; 3];

const VOWELS: [VowelFormants; 5] = [
    [730.0, 1090.0, 2440.0],
    [530.0, 1840.0, 2480.0],
    [270.0, 2290.0, 3010.0],
    [570.0, 840.0, 2410.0],
    [300.0, 870.0, 2240.0],
];

/// One syllable of a voice.
struct VoiceSyllable {
    pitch: f64,
    seconds: f64,
    vowel: VowelFormants,
}

impl VoiceSyllable {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "samples are stored in single precision"
    )]
    fn samples(&self, sample_rate: u32, random: &mut SeededRandom) -> Vec<f32> {
        let rate = f64::from(sample_rate);
        let length = sample_index(self.seconds, sample_rate).max(1);
        let mut formants = self
            .vowel
            .map(|hertz| BiquadFilter::band_pass(sample_rate, hertz, hertz / 90.0));
        let consonant = f64::from(random.next_unit()) * 0.25;
        let mut phase = 0.0;
        (0..length)
            .map(|index| {
                let place = index as f64 / length as f64;
                phase += self.pitch * (1.06 - 0.12 * place) / rate;
                phase -= phase.floor();
                // A saw has all overtones, as vocal folds do; noise comes first as a consonant.
                let breath = f64::from(random.next_signed());
                let source = if place < consonant {
                    breath * 0.7
                } else {
                    2.0 * phase - 1.0 + 0.06 * breath
                };
                let [first, second, third] = &mut formants;
                let voice = first.next_sample(source)
                    + 0.6 * second.next_sample(source)
                    + 0.3 * third.next_sample(source);
                (voice * libm::sin(PI * place)) as f32
            })
            .collect()
    }
}
