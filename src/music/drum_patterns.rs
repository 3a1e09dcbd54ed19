//! Percussion: patterns of a bar by mood and energy, with fills before a new phrase.

use super::composition::{CueComposition, add_note};
use super::music_grid::TICKS_PER_BEAT;
use super::musical_mood::{MoodPart, PlayPattern};
use super::score::ScoreNote;
use crate::base::seeded_random::SeededRandom;

const SIXTEENTH: u64 = TICKS_PER_BEAT / 4;

// Keys of General MIDI percussion.
const KICK: i32 = 36;
const SIDE_STICK: i32 = 37;
const SNARE: i32 = 38;
const CLAP: i32 = 39;
const LOW_TOM: i32 = 45;
const HIGH_TOM: i32 = 48;
const FLOOR_TOM: i32 = 41;
const CLOSED_HAT: i32 = 42;
const OPEN_HAT: i32 = 46;
const CRASH: i32 = 49;
const RIDE: i32 = 51;
const TAMBOURINE: i32 = 54;
const SHAKER: i32 = 70;
const HIGH_BLOCK: i32 = 76;
const LOW_BLOCK: i32 = 77;

/// One stroke of a pattern: the sixteenth of the bar, and how strong it is. It is left out below
/// the energy from which it is played.
#[derive(Clone, Copy)]
struct DrumStroke {
    at: u64,
    key: i32,
    accent: i32,
    enters: f32,
}

const fn stroke(at: u64, key: i32, accent: i32, enters: f32) -> DrumStroke {
    DrumStroke {
        at,
        key,
        accent,
        enters,
    }
}

pub(super) fn write_drums(composition: &CueComposition<'_>, part: &MoodPart) -> Vec<ScoreNote> {
    // Velocities differ a little and times do not: strokes must meet the cuts that the grid was
    // fitted to.
    let mut hand = SeededRandom::for_part(composition.seed, part.name);
    let bar_ticks = composition.grid.bar_ticks();
    let strokes = bar_strokes(part.pattern, composition.grid.beats_per_bar);
    let last_chord = composition.last_chord_start();
    let mut notes = Vec::new();
    let mut add = |at: u64, key: i32, accent: i32| {
        let velocity = composition.velocity(at, accent, &mut hand);
        add_note(&mut notes, at, SIXTEENTH, key, velocity);
    };
    for phrase in &composition.form.phrases {
        if !composition.plays_in(part, phrase) {
            continue;
        }
        for bar in phrase.first_bar..phrase.first_bar + phrase.bars {
            let start = bar * bar_ticks;
            let energy = composition.form.energy_at_bar(bar);
            let is_ending = bar + 1 == phrase.first_bar + phrase.bars;
            // A fill leads to the next phrase, in the last beat.
            let has_fill = is_ending && energy > 0.5 && phrase.bars > 1;
            let fill = start + bar_ticks - TICKS_PER_BEAT;
            for stroke in strokes.iter().filter(|stroke| energy >= stroke.enters) {
                let at = start + stroke.at * SIXTEENTH;
                // The last chord belongs to its own strokes, and a fill replaces the pattern under
                // it.
                if at < last_chord && !(has_fill && at >= fill) {
                    add(at, stroke.key, stroke.accent);
                }
            }
            if has_fill && fill < last_chord {
                for (index, key) in fill_keys(part.pattern).iter().enumerate() {
                    add(
                        fill + index as u64 * SIXTEENTH,
                        *key,
                        2 * i32::try_from(index).unwrap_or(0),
                    );
                }
            }
        }
        let end = (phrase.first_bar + phrase.bars) * bar_ticks;
        if end == composition.grid.end() {
            for key in final_keys(part.pattern) {
                add(last_chord, *key, 4);
            }
        }
    }
    notes
}

const fn fill_keys(pattern: PlayPattern) -> &'static [i32] {
    match pattern {
        PlayPattern::Band => &[SNARE, SNARE, HIGH_TOM, LOW_TOM],
        PlayPattern::Dance => &[CLAP, SNARE, CLAP, SNARE],
        PlayPattern::Deep => &[FLOOR_TOM, LOW_TOM, FLOOR_TOM, LOW_TOM],
        _ => &[],
    }
}

/// Returns the strokes of the last chord.
const fn final_keys(pattern: PlayPattern) -> &'static [i32] {
    match pattern {
        PlayPattern::Band | PlayPattern::Dance => &[KICK, CRASH],
        PlayPattern::Deep => &[FLOOR_TOM, KICK],
        PlayPattern::Brushes => &[RIDE],
        _ => &[LOW_BLOCK],
    }
}

fn bar_strokes(pattern: PlayPattern, beats: u64) -> Vec<DrumStroke> {
    let sixteenths = beats * 4;
    let mut strokes = Vec::new();
    let mut every = |distance: usize, first: u64, key: i32, accent: i32, enters: f32| {
        let places = (first..sixteenths).step_by(distance);
        strokes.extend(places.map(|at| stroke(at, key, accent, enters)));
    };
    match pattern {
        PlayPattern::Band => {
            every(2, 0, CLOSED_HAT, -14, 0.0);
            every(8, 0, KICK, 4, 0.0);
            every(8, 4, SNARE, 2, 0.35);
            every(8, 6, KICK, -4, 0.6);
        }
        PlayPattern::Dance => {
            every(4, 0, KICK, 8, 0.0);
            every(4, 2, OPEN_HAT, -10, 0.25);
            every(8, 4, CLAP, 0, 0.4);
            every(1, 0, CLOSED_HAT, -24, 0.6);
        }
        PlayPattern::Brushes => {
            every(4, 0, RIDE, -12, 0.0);
            every(8, 4, SIDE_STICK, -12, 0.3);
            every(8, 7, RIDE, -20, 0.0);
            every(16, 0, KICK, -10, 0.4);
        }
        PlayPattern::Deep => {
            every(16, 0, FLOOR_TOM, 8, 0.0);
            every(16, 6, LOW_TOM, -4, 0.55);
            every(16, 10, FLOOR_TOM, 0, 0.4);
            every(4, 2, LOW_TOM, -12, 0.75);
            every(16, 0, KICK, 6, 0.5);
        }
        PlayPattern::Ticking => {
            every(4, 0, HIGH_BLOCK, -8, 0.0);
            every(8, 6, LOW_BLOCK, -10, 0.3);
            every(2, 0, SHAKER, -20, 0.45);
            every(8, 4, TAMBOURINE, -10, 0.6);
        }
        _ => {}
    }
    strokes
}
