//! Properties of composed music, over moods, lengths, seeds and films.

#![expect(clippy::cast_possible_truncation, reason = "lengths of cues in tests")]

use super::*;
use crate::model::sound::MusicSection;
use crate::music::mood_table::MUSICAL_MOODS;
use crate::music::music_grid::TICKS_PER_BEAT;
use crate::music::{PlayPattern, midi_bytes};
use proptest::prelude::*;

const RATE: u32 = 48_000;

fn sample_work(mood: &str, seconds: f64, seed: u64) -> MusicWork {
    MusicWork {
        mood: mood.to_owned(),
        seed,
        sample_rate: RATE,
        length: (seconds * f64::from(RATE)) as u64,
        sections: Vec::new(),
        own_font: false,
    }
}

/// A film of shots of `shot` seconds, whose energy rises and falls, with a marked cut every third.
fn film(mood: &str, seconds: f64, shot: f64, seed: u64) -> MusicWork {
    let mut work = sample_work(mood, seconds, seed);
    let count = (seconds / shot).ceil() as u64;
    work.sections = (0..count)
        .map(|index| MusicSection {
            start: (index as f64 * shot * f64::from(RATE)) as u64,
            energy: (index % 7) as f32 / 6.0,
            hit: index % 3 == 2,
        })
        .collect();
    work
}

fn mood_names() -> impl Strategy<Value = &'static str> {
    let names: Vec<&str> = MUSICAL_MOODS.iter().map(|mood| mood.name).collect();
    proptest::sample::select(names)
}

fn chord_at(score: &MusicScore, tick: u64) -> &crate::music::ChordSpan {
    score
        .chords
        .iter()
        .rev()
        .find(|span| span.start <= tick)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn every_note_is_in_its_range_in_the_key_and_within_the_cue(
        mood in mood_names(), seconds in 0.5_f64..90.0, shot in 0.3_f64..9.0, seed in any::<u64>()
    ) {
        let score = compose(&film(mood, seconds, shot, seed)).unwrap();
        let rows = find_mood(mood).unwrap().parts;
        for part in &score.parts {
            let row = rows.iter().find(|row| row.name == part.name).unwrap();
            prop_assert!(part.notes.is_sorted());
            for note in &part.notes {
                prop_assert!((1..=127).contains(&note.velocity));
                prop_assert!(note.length > 0 && note.end() < score.grid.end(), "{note:?}");
                if part.channel != 9 {
                    let pitch = i32::from(note.pitch);
                    prop_assert!((row.low..=row.high).contains(&pitch), "{}: {note:?}", part.name);
                    let span = chord_at(&score, note.start);
                    let belongs = score.key.has_pitch(pitch)
                        || span.chord.has_pitch(pitch)
                        || span.chord.local_scale(score.key).contains(&(pitch % 12));
                    prop_assert!(belongs, "{} over {}: {note:?}", part.name, span.chord.symbol);
                }
            }
        }
    }

    #[test]
    fn a_pitch_never_sounds_twice_at_once_in_a_part(
        mood in mood_names(), seconds in 3.0_f64..60.0, seed in any::<u64>()
    ) {
        let score = compose(&film(mood, seconds, 2.0, seed)).unwrap();
        for part in &score.parts {
            let mut ends = [0; 128];
            for note in &part.notes {
                let end = &mut ends[usize::from(note.pitch)];
                prop_assert!(note.start >= *end, "{}: {note:?}", part.name);
                *end = note.end();
            }
        }
    }

    #[test]
    fn the_last_chord_is_the_tonic_after_its_dominant_and_ends_with_the_film(
        mood in mood_names(), seconds in 6.0_f64..90.0, seed in any::<u64>()
    ) {
        let score = compose(&film(mood, seconds, 3.1, seed)).unwrap();
        let [.., dominant, tonic] = score.chords.as_slice() else {
            return Err(TestCaseError::fail("one chord only"));
        };
        prop_assert_eq!(tonic.chord.root, score.key.tonic);
        prop_assert_eq!(dominant.chord.root, (score.key.tonic + 7) % 12);
        let last_end = score.parts.iter().flat_map(|part| &part.notes).map(ScoreNote::end).max();
        let last = score.grid.sample_at_tick(last_end.unwrap());
        // Within a frame at 60 pictures a second.
        prop_assert!(score.grid.length - last < 800, "{}", score.grid.length - last);
        let tune = score.parts.iter().find(|part| part.role == PartRole::Melody).unwrap();
        let pitch = i32::from(tune.notes.last().unwrap().pitch);
        prop_assert_eq!(pitch % 12, score.key.tonic, "the tune ends on the tonic");
    }

    #[test]
    fn the_tune_can_be_sung(mood in mood_names(), seconds in 8.0_f64..120.0, seed in any::<u64>()) {
        let score = compose(&sample_work(mood, seconds, seed)).unwrap();
        let tune = score.parts.iter().find(|part| part.role == PartRole::Melody).unwrap();
        let leaps: Vec<i32> = tune
            .notes
            .windows(2)
            .map(|pair| (i32::from(pair[1].pitch) - i32::from(pair[0].pitch)).abs())
            .collect();
        prop_assert!(leaps.iter().all(|leap| *leap <= 12), "{leaps:?}");
        let small = leaps.iter().filter(|leap| **leap <= 5).count();
        // Two of any number: a tune of five notes may open and close with a fifth.
        prop_assert!((small + 2) * 10 >= leaps.len() * 8, "{leaps:?}");
    }

    #[test]
    fn marked_cuts_have_an_accent_at_the_sample(
        mood in mood_names(), seconds in 6.0_f64..60.0, shot in 0.4_f64..7.0, seed in any::<u64>()
    ) {
        let work = film(mood, seconds, shot, seed);
        let score = compose(&work).unwrap();
        // A cut as the last chord ends is no cut.
        let latest = work.length - u64::from(RATE) / 10;
        let marked = work.sections.iter().filter(|section| section.hit && section.start < latest);
        for section in marked {
            let has_note = score.parts.iter().flat_map(|part| &part.notes).any(|note| {
                score.grid.sample_at_tick(note.start).abs_diff(section.start) < u64::from(RATE) / 500
            });
            prop_assert!(has_note, "nothing at {}", section.start);
        }
    }

    #[test]
    fn equal_work_gives_equal_bytes_and_another_seed_another_piece(
        mood in mood_names(), seconds in 6.0_f64..40.0, seed in any::<u64>()
    ) {
        let one = midi_bytes(&compose(&film(mood, seconds, 2.5, seed)).unwrap());
        let two = midi_bytes(&compose(&film(mood, seconds, 2.5, seed)).unwrap());
        prop_assert_eq!(&one, &two);
        let other = midi_bytes(&compose(&film(mood, seconds, 2.5, seed ^ 0x5555)).unwrap());
        prop_assert_ne!(one, other);
    }
}

#[test]
fn outer_voices_of_tune_and_bass_rarely_move_in_parallel_fifths() {
    let mut changes = 0;
    let mut parallels = 0;
    for mood in MUSICAL_MOODS {
        for seed in 0..6 {
            let score = compose(&sample_work(mood.name, 60.0, seed)).unwrap();
            let tune = score
                .parts
                .iter()
                .find(|part| part.role == PartRole::Melody)
                .unwrap();
            let at = |tick: u64| tune.notes.iter().rev().find(|note| note.start <= tick);
            for pair in score.chords.windows(2) {
                let (Some(from), Some(to)) = (at(pair[1].start - 1), at(pair[1].start)) else {
                    continue;
                };
                changes += 1;
                let is_parallel = super::super::chord_plan::is_parallel(
                    pair[0].bass,
                    from.pitch.into(),
                    pair[1].bass,
                    to.pitch.into(),
                );
                parallels += usize::from(is_parallel && from.start != to.start);
            }
        }
    }
    assert!(parallels * 100 <= changes, "{parallels} of {changes}");
}

#[test]
fn the_motif_returns() {
    for mood in MUSICAL_MOODS {
        let score = compose(&sample_work(mood.name, 64.0, 5)).unwrap();
        let bar = score.grid.bar_ticks();
        let tune = score
            .parts
            .iter()
            .find(|part| part.role == PartRole::Melody)
            .unwrap();
        let rhythm = |index: u64| -> Vec<u64> {
            let notes = tune.notes.iter().filter(|note| note.start / bar == index);
            notes.map(|note| note.start % bar).collect()
        };
        let bars: Vec<Vec<u64>> = (0..score.grid.bars).map(rhythm).collect();
        let most = bars
            .iter()
            .map(|one| bars.iter().filter(|other| *other == one).count())
            .max();
        assert!(most.unwrap() >= bars.len() / 3, "{}: {bars:?}", mood.name);
    }
}

#[test]
fn instruments_enter_and_leave_with_the_energy_of_the_film() {
    let mut calm = sample_work("dramatic", 40.0, 1);
    calm.sections = vec![MusicSection {
        start: 0,
        energy: 0.1,
        hit: false,
    }];
    let mut lively = calm.clone();
    lively.sections[0].energy = 0.95;
    let calm = compose(&calm).unwrap();
    let lively = compose(&lively).unwrap();
    assert!(calm.parts.len() < lively.parts.len());
    let loudness = |score: &MusicScore| {
        let notes = score.parts.iter().flat_map(|part| &part.notes);
        let velocities: Vec<f64> = notes.map(|note| f64::from(note.velocity)).collect();
        velocities.iter().sum::<f64>() / velocities.len() as f64
    };
    assert!(loudness(&lively) > loudness(&calm) + 20.0);
}

#[test]
fn short_cues_are_a_chord_and_shorter_ones_say_why_there_is_none() {
    for mood in MUSICAL_MOODS {
        let score = compose(&sample_work(mood.name, 1.2, 1)).unwrap();
        assert_eq!(score.chords.len(), 1, "{}", mood.name);
        assert!(!score.parts.is_empty());
    }
    let error = compose(&sample_work("neutral", 0.3, 1)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a cue of 0.30 s is too short for music, which needs 0.5 s"
    );
    assert!(compose(&sample_work("neutral", 0.0, 1)).is_err());
    let odd_rate = MusicWork {
        sample_rate: 0,
        ..sample_work("neutral", 10.0, 1)
    };
    assert!(
        compose(&odd_rate).is_err(),
        "without a rate there is no time"
    );
}

#[test]
fn two_hours_are_composed_like_a_minute() {
    let score = compose(&film("action", 7200.0, 4.0, 1)).unwrap();
    assert!(score.grid.bars > 3000);
    // Work that grows with the square of the length would take hours here, and not a second.
    assert!(
        score
            .parts
            .iter()
            .map(|part| part.notes.len())
            .sum::<usize>()
            > 50_000
    );
}

#[test]
fn no_more_than_eight_parts_and_every_pattern_is_used() {
    let mut used = std::collections::HashSet::new();
    for mood in MUSICAL_MOODS {
        for part in mood.parts {
            used.insert(format!("{:?}", part.pattern));
        }
    }
    for pattern in [
        PlayPattern::Held,
        PlayPattern::Walking,
        PlayPattern::Crash,
        PlayPattern::Deep,
    ] {
        assert!(used.contains(&format!("{pattern:?}")));
    }
}

#[test]
fn a_mood_that_nobody_knows_is_neutral() {
    let score = compose(&sample_work("grandiloquent", 10.0, 1)).unwrap();
    assert_eq!(score.mood, "neutral");
}

#[test]
fn phrases_of_the_tune_breathe() {
    let score = compose(&sample_work("romantic", 60.0, 2)).unwrap();
    let tune = score
        .parts
        .iter()
        .find(|part| part.role == PartRole::Melody)
        .unwrap();
    let rests = tune
        .notes
        .windows(2)
        .filter(|pair| pair[1].start >= pair[0].end() + TICKS_PER_BEAT / 2);
    assert!(rests.count() >= 3);
}
