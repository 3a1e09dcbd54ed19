//! The sound of a score, with the built-in instruments and with fonts of the machine.

#![expect(clippy::cast_possible_truncation, reason = "lengths of cues in tests")]

use super::*;
use crate::model::sound::{MusicSection, MusicWork};
use crate::music::{FontSource, compose, installed_font};

const RATE: u32 = 48_000;

fn sample_work(mood: &str, seconds: f64) -> MusicWork {
    MusicWork {
        mood: mood.to_owned(),
        seed: 11,
        sample_rate: RATE,
        length: (seconds * f64::from(RATE)) as u64,
        sections: vec![MusicSection {
            start: 0,
            energy: 0.6,
            hit: true,
        }],
        own_font: false,
    }
}

fn played(work: &MusicWork, source: &FontSource) -> SoundBuffer {
    let score = compose(work).unwrap();
    let font = source.load(&score).unwrap();
    let mut player = ScorePlayer::new(&score, &font).unwrap();
    let mut left = Vec::new();
    let mut right = Vec::new();
    while let Some(block) = player.next_block() {
        left.extend_from_slice(&block.channels()[0]);
        right.extend_from_slice(&block.channels()[1]);
    }
    SoundBuffer::stereo(left, right, work.sample_rate)
}

fn power(samples: &[f32]) -> f32 {
    samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32
}

#[test]
fn music_has_the_length_of_its_cue_and_ends_in_silence() {
    let work = sample_work("emotional", 9.7);
    let sound = played(&work, &FontSource::BuiltIn);
    assert_eq!(sound.length() as u64, work.length);
    let left = &sound.channels()[0];
    assert!(left.iter().all(|sample| sample.is_finite()));
    assert!(power(&left[..48_000]) > 1e-6, "it begins at once");
    assert!(left[left.len() - 1].abs() < 1e-4);
    let last = power(&left[left.len() - 480..]);
    let before = power(&left[left.len() - 96_000..left.len() - 48_000]);
    assert!(last < before / 100.0, "{last} after {before}");
}

#[test]
fn the_same_score_gives_the_same_samples_with_any_number_of_threads() {
    let work = sample_work("energetic", 4.0);
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let three = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    let first = one.install(|| played(&work, &FontSource::BuiltIn));
    let second = three.install(|| played(&work, &FontSource::BuiltIn));
    assert!(first == second);
}

#[test]
fn every_built_in_instrument_sounds_at_its_pitch() {
    for program in [0_u8, 11, 24, 40, 48, 52, 56, 71, 73, 81, 89, 98] {
        let mut score = compose(&sample_work("neutral", 4.0)).unwrap();
        let mut part = score.parts[0].clone();
        part.program = program;
        part.channel = 0;
        part.expression.clear();
        part.notes = vec![crate::music::ScoreNote {
            start: 0,
            length: 2 * crate::music::TICKS_PER_BEAT,
            pitch: 69,
            velocity: 100,
        }];
        score.reverberation = 0.0;
        score.parts = vec![part];
        let font = FontSource::BuiltIn.load(&score).unwrap();
        let mut player = ScorePlayer::new(&score, &font).unwrap();
        let block = player.next_block().unwrap();
        let samples = &block.channels()[0][8000..32_000];
        // The power at the pitch against that a semitone above and below.
        let at = |hertz: f64| -> f64 {
            let turn = std::f64::consts::TAU * hertz / f64::from(RATE);
            let parts = samples.iter().enumerate().map(|(index, sample)| {
                let window = libm::sin(std::f64::consts::PI * index as f64 / samples.len() as f64);
                let sample = f64::from(*sample) * window * window;
                (
                    sample * libm::cos(turn * index as f64),
                    sample * libm::sin(turn * index as f64),
                )
            });
            let sum = parts.fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
            sum.0 * sum.0 + sum.1 * sum.1
        };
        let pitch = at(440.0);
        assert!(pitch > 20.0 * at(415.3), "program {program}: flat");
        assert!(pitch > 20.0 * at(466.2), "program {program}: sharp");
    }
}

#[test]
fn parts_are_balanced_by_role_and_not_by_font() {
    let score = compose(&sample_work("neutral", 12.0)).unwrap();
    let font = FontSource::BuiltIn.load(&score).unwrap();
    for part in &score.parts {
        let gain = balanced_gain(&score, part, &font).unwrap();
        let mut player = PartPlayer::new(&score, part, &font).unwrap();
        let mut meter = LoudnessMeter::without_peaks(RATE).unwrap();
        while player.position < score.grid.length {
            player.play_chunk();
            let mut block = SoundBuffer::stereo(player.left.clone(), player.right.clone(), RATE);
            block.scale(gain);
            meter.add_block(&block);
        }
        let measure = meter.measure();
        let loudness = measure.integrated.ok().or(measure.ungated).unwrap();
        let target = role_lufs(part.role) + f64::from(part.level);
        // Accents are short, and gates hear more of them than of silence.
        assert!(
            (loudness - target).abs() < 3.0,
            "{}: {loudness}, not {target}",
            part.name
        );
    }
}

#[test]
fn fonts_of_the_machine_play_every_mood_and_a_subset_sounds_like_the_whole() {
    let Some(path) = installed_font() else {
        return;
    };
    let source = FontSource::open(&path).unwrap();
    let sound = played(&sample_work("suspenseful", 3.5), &source);
    assert!(power(&sound.channels()[0]) > 1e-7);
    // The whole font, as the synthesiser itself reads it.
    let score = compose(&sample_work("suspenseful", 3.5)).unwrap();
    let mut file = std::io::BufReader::new(std::fs::File::open(&path).unwrap());
    let whole = LoadedFont {
        font: std::sync::Arc::new(rustysynth_ext::SoundFont::new(&mut file).unwrap()),
    };
    let mut player = ScorePlayer::new(&score, &whole).unwrap();
    let block = player.next_block().unwrap();
    let subset = &sound.channels()[0][..block.length()];
    assert!(
        subset == block.channels()[0].as_slice(),
        "a subset of a font changes nothing"
    );
}

#[test]
fn a_rate_that_no_synthesiser_has_is_an_error() {
    let odd = MusicWork {
        sample_rate: 8000,
        length: 40_000,
        ..sample_work("neutral", 1.0)
    };
    let score = compose(&odd).unwrap();
    let font = FontSource::BuiltIn.load(&score).unwrap();
    assert!(ScorePlayer::new(&score, &font).is_err());
}
