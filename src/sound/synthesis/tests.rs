//! Every name makes sound of its length and level, the same each time, and beds have no seam.

use super::sound_level::loudest_window;
use super::{synthesise_ambience, synthesise_effect};
use crate::model::sound::{AMBIENCE_NAMES, EFFECT_NAMES, StepSurface};
use crate::sound::SoundBuffer;
use crate::sound::filters::{BUTTERWORTH_Q, BiquadFilter};

const RATE: u32 = 48_000;
/// Beds take long without optimisation, and have the same parts at every rate.
const BED_RATE: u32 = 16_000;

fn effect_names() -> impl Iterator<Item = &'static str> {
    EFFECT_NAMES.iter().map(|effect| effect.name)
}

fn assert_sound(name: &str, sound: &SoundBuffer) {
    for channel in sound.channels() {
        assert!(channel.iter().all(|sample| sample.is_finite()), "{name}");
        let sum: f64 = channel.iter().copied().map(f64::from).sum();
        let mean = sum / channel.len() as f64;
        assert!(mean.abs() < 2e-4, "{name}: an offset of {mean}");
    }
    let peak = sound.peak();
    assert!(peak > 1e-4 && peak < 0.9, "{name}: a peak of {peak}");
}

fn integrated(sound: &SoundBuffer) -> f64 {
    let mut meter = ebur128::EbuR128::new(2, sound.sample_rate(), ebur128::Mode::I).unwrap();
    let [left, right] = [&sound.channels()[0], &sound.channels()[1]];
    meter.add_frames_planar_f32(&[left, right]).unwrap();
    meter.loudness_global().unwrap()
}

#[test]
fn every_effect_is_sound_at_its_level() {
    for name in effect_names() {
        for rate in [22_050, RATE] {
            let sound = synthesise_effect(name, 7, rate).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(sound.channels().len(), 1);
            assert!(sound.seconds() > 0.05 && sound.seconds() < 6.0, "{name}");
            assert_sound(name, &sound);
            let loudness = loudest_window(&sound).unwrap();
            assert!((-51.0..=-20.0).contains(&loudness), "{name}: {loudness}");
            assert_eq!(
                sound.channels()[0].last(),
                Some(&0.0),
                "{name} ends in silence"
            );
        }
    }
    assert_eq!(synthesise_effect("no such thing", 1, RATE), None);
    assert_eq!(synthesise_effect("click", 1, 0), None);
}

#[test]
fn effects_are_the_same_for_a_seed_and_differ_between_seeds() {
    for name in effect_names() {
        let first = synthesise_effect(name, 7, RATE).unwrap();
        assert_eq!(synthesise_effect(name, 7, RATE).unwrap(), first, "{name}");
        assert_ne!(synthesise_effect(name, 8, RATE).unwrap(), first, "{name}");
    }
}

#[test]
fn effects_that_hit_begin_with_the_first_sample() {
    let hits = [
        "door_slam",
        "knock",
        "impact",
        "thud",
        "splash",
        "bell",
        "click",
        "glass",
        "sting",
    ];
    let steps = StepSurface::ALL.map(StepSurface::effect_name);
    for name in hits.into_iter().chain(steps) {
        let sound = synthesise_effect(name, 3, RATE).unwrap();
        let limit = sound.peak() * 0.1;
        let samples = &sound.channels()[0];
        let onset = samples
            .iter()
            .position(|sample| sample.abs() > limit)
            .unwrap();
        assert!(onset < 480, "{name} begins after {onset} samples");
    }
}

#[test]
fn steps_differ_by_surface() {
    // The share of power above 1 kHz orders them as ears do.
    let brightness = |surface: StepSurface| {
        let mut high = synthesise_effect(surface.effect_name(), 5, RATE).unwrap();
        let power = |sound: &SoundBuffer| sound.channels()[0].iter().map(|s| s * s).sum::<f32>();
        let whole = power(&high);
        for channel in high.channels_mut() {
            BiquadFilter::high_pass(RATE, 1000.0, BUTTERWORTH_Q).filter_samples(channel);
        }
        power(&high) / whole
    };
    let carpet = brightness(StepSurface::Carpet);
    let wood = brightness(StepSurface::Wood);
    let stone = brightness(StepSurface::Stone);
    assert!(carpet < wood && wood < stone, "{carpet} {wood} {stone}");
    assert!(carpet < 0.05 && stone > 0.2, "{carpet} {stone}");
}

#[test]
fn every_ambience_is_a_steady_bed_without_a_seam() {
    for ambience in &AMBIENCE_NAMES {
        let name = ambience.name;
        let length = 9 * BED_RATE as usize + 17;
        let bed = synthesise_ambience(name, 11, BED_RATE, length).unwrap();
        assert_eq!(bed.length(), length);
        assert_eq!(bed.channels().len(), 2);
        assert_sound(name, &bed);
        let loudness = integrated(&bed);
        assert!((-52.0..=-34.0).contains(&loudness), "{name}: {loudness}");
        for channel in bed.channels() {
            let step = |pair: &[f32]| (pair[0] - pair[1]).abs();
            let largest = channel.windows(2).map(step).fold(0.0, f32::max);
            let seam = step(&[channel[length - 1], channel[0]]);
            assert!(
                seam <= largest,
                "{name}: {seam} at the seam, {largest} elsewhere"
            );
            let usual = rms(channel);
            // Three seconds around the seam are as loud as any other three.
            let half = 3 * BED_RATE as usize / 2;
            let around: Vec<f32> = channel[length - half..]
                .iter()
                .chain(&channel[..half])
                .copied()
                .collect();
            let mut windows: Vec<f32> = channel.chunks_exact(2 * half).map(rms).collect();
            windows.push(rms(&around));
            for window in windows {
                let ratio = window / usual;
                assert!((0.5..2.0).contains(&ratio), "{name}: {ratio}");
            }
        }
        let [left, right] = [&bed.channels()[0], &bed.channels()[1]];
        let both = left.iter().zip(right).map(|(a, b)| a * b).sum::<f32>() / length as f32;
        let alike = both / (rms(left) * rms(right));
        assert!(alike.abs() < 0.5, "{name}: channels are alike by {alike}");
    }
    assert_eq!(synthesise_ambience("no such thing", 1, RATE, 100), None);
}

#[test]
fn the_documentation_has_the_levels_that_are_made() {
    let page = include_str!("../../../docs/effects.md");
    let row = |name: &str| -> Vec<&str> {
        let start = format!("| `{name}` |");
        let line = page.lines().find(|line| line.starts_with(&start));
        let line = line.unwrap_or_else(|| panic!("docs/effects.md has no `{name}`"));
        line.split('|').map(str::trim).collect()
    };
    for name in effect_names() {
        let cells = row(name);
        let sound = synthesise_effect(name, 7, RATE).unwrap();
        let seconds: f64 = cells[3].parse().unwrap();
        assert!((sound.seconds() - seconds).abs() < 1e-3, "{name}");
        let level: f64 = cells[4].parse().unwrap();
        let loudness = loudest_window(&sound).unwrap();
        // A peak at its limit keeps a sound below its level.
        let is_limited = sound.peak() > 0.889;
        assert!(
            (loudness - level).abs() < 0.1 || is_limited,
            "{name}: {loudness}"
        );
    }
    for ambience in &AMBIENCE_NAMES {
        let level: f64 = row(ambience.name)[3].parse().unwrap();
        let bed = synthesise_ambience(ambience.name, 11, 8000, 16_000).unwrap();
        assert!((integrated(&bed) - level).abs() < 0.1, "{}", ambience.name);
    }
}

fn rms(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

#[test]
fn ambiences_are_the_same_for_a_seed_and_have_the_requested_length() {
    for ambience in &AMBIENCE_NAMES {
        let name = ambience.name;
        let bed = |seed: u64, length: usize| synthesise_ambience(name, seed, 8000, length).unwrap();
        assert_eq!(bed(5, 16_000), bed(5, 16_000), "{name}");
        assert_ne!(bed(5, 16_000), bed(6, 16_000), "{name}");
        for length in [0, 1, 2, 777] {
            let short = bed(5, length);
            assert_eq!(short.length(), length);
            assert!(
                short.channels().iter().flatten().all(|s| s.is_finite()),
                "{name}"
            );
        }
    }
}
