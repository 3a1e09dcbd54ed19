//! What all parts of a piece share while it is written: key, bars, form and chords.

use super::harmony::MusicKey;
use super::music_grid::{MusicGrid, TICKS_PER_BEAT};
use super::musical_form::{MusicPhrase, MusicalForm};
use super::musical_mood::{MoodPart, MusicalMood};
use super::score::{ChordSpan, ExpressionPoint, PartRole, ScoreNote, fade_ticks};
use crate::base::seeded_random::SeededRandom;

/// A piece whose harmony is known, and whose parts are written one by one.
pub(super) struct CueComposition<'a> {
    pub(super) mood: &'a MusicalMood,
    pub(super) key: MusicKey,
    pub(super) grid: MusicGrid,
    pub(super) form: MusicalForm,
    pub(super) chords: Vec<ChordSpan>,
    pub(super) seed: u64,
}

impl CueComposition<'_> {
    /// Returns the chord that sounds at a tick.
    pub(super) fn chord_at(&self, tick: u64) -> &ChordSpan {
        // Chords are in order and without gaps, so the last one that has begun sounds. A search of
        // all of them for each note would be quadratic in an hour of music.
        let after = self.chords.partition_point(|span| span.start <= tick);
        &self.chords[after.saturating_sub(1)]
    }

    /// Returns the chords that begin within a phrase.
    pub(super) fn phrase_chords(&self, phrase: &MusicPhrase) -> &[ChordSpan] {
        let start = phrase.first_bar * self.grid.bar_ticks();
        let end = start + phrase.bars * self.grid.bar_ticks();
        let first = self.chords.partition_point(|span| span.start < start);
        let last = self.chords.partition_point(|span| span.start < end);
        &self.chords[first..last]
    }

    /// Returns the tick at which the last chord begins.
    pub(super) fn last_chord_start(&self) -> u64 {
        self.chords.last().map_or(0, |span| span.start)
    }

    /// Returns whether a part plays in a phrase. Parts enter with the energy of the film, and one
    /// after the other within a passage.
    pub(super) fn plays_in(&self, part: &MoodPart, phrase: &MusicPhrase) -> bool {
        let is_last = self.form.phrases.last() == Some(phrase);
        // A passage builds up: with the same energy, its third phrase has parts that its first has
        // not.
        let growth = 0.08 * phrase.index.min(2) as f32 + if is_last { 0.1 } else { 0.0 };
        if phrase.energy + growth >= part.enters {
            return true;
        }
        // A calm film has a tune too. It waits only at the beginning of a passage.
        part.role == PartRole::Melody && (phrase.index > 0 || is_last)
    }

    /// Returns the velocity of a note: the energy of the film, the weight of the beat, and a little
    /// of a hand that never plays two notes alike.
    pub(super) fn velocity(&self, tick: u64, accent: i32, hand: &mut SeededRandom) -> u8 {
        let energy = self.form.energy_at_bar(tick / self.grid.bar_ticks());
        let in_bar = tick % self.grid.bar_ticks();
        // The ear finds the metre by these differences. Without them a bar has no first beat.
        let weight = if in_bar == 0 {
            7
        } else if in_bar.is_multiple_of(TICKS_PER_BEAT) {
            2
        } else {
            -3
        };
        #[expect(clippy::cast_possible_truncation, reason = "an energy is 0 to 1")]
        let level = (60.0 + 36.0 * energy + 3.0 * hand.next_signed()) as i32;
        u8::try_from((level + weight + accent).clamp(24, 122)).unwrap_or(64)
    }

    /// Returns how the loudness of held notes follows the film. It falls with the last chord, so
    /// that any player is silent when the film ends.
    pub(super) fn expression(&self) -> Vec<ExpressionPoint> {
        let mut points: Vec<ExpressionPoint> = Vec::new();
        let mut add = |tick: u64, value: f32| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the value is 0 to 127"
            )]
            let value = value.clamp(0.0, 127.0) as u8;
            if points
                .last()
                // Steps of 1 are inaudible, and a file of thousands of them is hard to edit.
                .is_none_or(|last| last.value.abs_diff(value) > 1)
            {
                points.push(ExpressionPoint { tick, value });
            }
        };
        let level = |bar: u64| 94.0 + 28.0 * self.form.energy_at_bar(bar);
        let fade = fade_ticks(&self.grid, &self.chords);
        let fade_start = self.grid.end() - fade;
        let beats = self.grid.bars * self.grid.beats_per_bar;
        for beat in 0..beats {
            let tick = beat * TICKS_PER_BEAT;
            if tick >= fade_start {
                break;
            }
            let bar = beat / self.grid.beats_per_bar;
            let part = (beat % self.grid.beats_per_bar) as f32 / self.grid.beats_per_bar as f32;
            let jumps =
                self.form.hits.iter().any(|hit| {
                    hit.tick.abs_diff((bar + 1) * self.grid.bar_ticks()) < TICKS_PER_BEAT
                });
            // Towards the next bar in a line, except where a cut is marked: there the music has to
            // jump with the picture.
            let next = if jumps { bar } else { bar + 1 };
            add(tick, level(bar) + part * (level(next) - level(bar)));
        }
        for step in 0..12 {
            let left = 1.0 - step as f32 / 12.0;
            add(
                fade_start + fade * step / 12,
                level(self.grid.bars - 1) * left.max(0.2),
            );
        }
        points
    }

    /// Makes a part ready to be played: sorted, each pitch once at a time, and silent before the
    /// cue ends.
    pub(super) fn finished_notes(&self, mut notes: Vec<ScoreNote>) -> Vec<ScoreNote> {
        let last_end = self
            .grid
            .end()
            .saturating_sub(self.grid.ticks_of_seconds(0.01));
        notes.retain(|note| note.start < last_end);
        notes.sort_unstable();
        // A second note of one pitch at one time has no end of its own in MIDI, and would hang.
        notes.dedup_by_key(|note| (note.start, note.pitch));
        let mut next_start = [u64::MAX; 128];
        // From the end, so that each note knows where its pitch is struck again, and ends there.
        for note in notes.iter_mut().rev() {
            let pitch = usize::from(note.pitch.min(127));
            let end = note.end().min(last_end).min(next_start[pitch]);
            note.length = end.saturating_sub(note.start).max(1);
            next_start[pitch] = note.start;
        }
        notes
    }
}

/// Adds a note, if its pitch is one of MIDI.
pub(super) fn add_note(
    notes: &mut Vec<ScoreNote>,
    start: u64,
    length: u64,
    pitch: i32,
    velocity: u8,
) {
    if let Ok(pitch) = u8::try_from(pitch)
        && pitch < 128
    {
        notes.push(ScoreNote {
            start,
            length: length.max(1),
            pitch,
            velocity,
        });
    }
}
