//! Chords, figures, basses and accents: what plays the harmony, and how.

use super::composition::{CueComposition, add_note};
use super::music_grid::TICKS_PER_BEAT;
use super::musical_form::MusicPhrase;
use super::musical_mood::{MoodPart, PlayPattern};
use super::score::{ChordSpan, ScoreNote};
use crate::base::seeded_random::SeededRandom;

const SIXTEENTH: u64 = TICKS_PER_BEAT / 4;

/// Which tones of the chord one step of a pattern plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StepTone {
    /// All voices.
    All,
    /// One tone of the broken chord, counted from the lowest. It wraps an octave higher.
    Broken(usize),
    /// The bass of the chord.
    Bass,
    /// The fifth of the chord, in the bass.
    Fifth,
}

/// One step of a pattern of a bar. Times are sixteenths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct PatternStep {
    at: u64,
    length: u64,
    tone: StepTone,
    accent: i32,
}

const fn step(at: u64, length: u64, tone: StepTone) -> PatternStep {
    PatternStep {
        at,
        length,
        tone,
        accent: 0,
    }
}

/// Writes a part that plays chords, a figure or a bass.
pub(super) fn write_accompaniment(
    composition: &CueComposition<'_>,
    part: &MoodPart,
) -> Vec<ScoreNote> {
    let mut player = PatternPlayer {
        composition,
        part,
        hand: SeededRandom::for_part(composition.seed, part.name),
        notes: Vec::new(),
    };
    let beats = composition.grid.beats_per_bar;
    let steps = pattern_steps(part.pattern, beats);
    for phrase in &composition.form.phrases {
        if !composition.plays_in(part, phrase) {
            continue;
        }
        match part.pattern {
            PlayPattern::Held => player.play_held(phrase),
            PlayPattern::Pedal => player.play_pedal(phrase),
            PlayPattern::Walking => player.play_walking(phrase),
            _ => player.play_steps(phrase, &steps),
        }
    }
    player.notes
}

struct PatternPlayer<'a> {
    composition: &'a CueComposition<'a>,
    part: &'a MoodPart,
    hand: SeededRandom,
    notes: Vec<ScoreNote>,
}

impl PatternPlayer<'_> {
    fn is_bass(&self) -> bool {
        self.part.role == super::score::PartRole::Bass
    }

    fn add(&mut self, start: u64, length: u64, pitch: i32, accent: i32) {
        let velocity = self.composition.velocity(start, accent, &mut self.hand);
        add_note(&mut self.notes, start, length, pitch, velocity);
    }

    /// Plays a chord that lasts: all voices, or the bass alone.
    fn play_chord(&mut self, span: &ChordSpan, start: u64, length: u64, accent: i32) {
        if self.is_bass() {
            let pitch = pitch_in_range(span.bass, self.part);
            self.add(start, length, pitch, accent);
        } else {
            for pitch in fitted_voices(span, self.part) {
                self.add(start, length, pitch, accent);
            }
        }
    }

    /// Plays every chord for as long as it lasts.
    fn play_held(&mut self, phrase: &MusicPhrase) {
        let composition = self.composition;
        for span in composition.phrase_chords(phrase) {
            self.play_chord(span, span.start, span.end - span.start, 0);
        }
    }

    /// Plays the tonic in every bar, and the roots of the cadence.
    fn play_pedal(&mut self, phrase: &MusicPhrase) {
        let composition = self.composition;
        let bar = composition.grid.bar_ticks();
        let cadence = (phrase.first_bar + phrase.bars.saturating_sub(2)) * bar;
        let mut start = phrase.first_bar * bar;
        let tonic = pitch_in_range(36 + composition.key.tonic, self.part);
        while start < cadence {
            // Struck again every two bars, since most instruments fade.
            let length = (2 * bar).min(cadence - start);
            self.add(start, length, tonic, 0);
            start += length;
        }
        for span in composition.phrase_chords(phrase) {
            if span.start >= cadence {
                self.play_chord(span, span.start, span.end - span.start, 0);
            }
        }
    }

    /// Walks in steps of a beat from root to root.
    fn play_walking(&mut self, phrase: &MusicPhrase) {
        let composition = self.composition;
        for (index, span) in composition.phrase_chords(phrase).iter().enumerate() {
            // The last chord is held to the end; a walk would lead away from it.
            if span.start == composition.last_chord_start() {
                self.play_chord(span, span.start, span.end - span.start, 0);
                continue;
            }
            let root = pitch_in_range(span.bass, self.part);
            let next = composition.chord_at(span.end);
            let target = pitch_in_range(next.bass, self.part);
            let scale = span.chord.local_scale(composition.key);
            let beats = (span.end - span.start) / TICKS_PER_BEAT;
            let mut pitch = root;
            for beat in 0..beats {
                if beat > 0 {
                    let left = i32::try_from(beats - beat).unwrap_or(1);
                    // An even walk to a step before the next root; where both roots are near, it
                    // goes over the third or the fifth.
                    let wanted = if (target - root).abs() < 3 && left > 1 {
                        root + [4, 7, 4][(index + usize::try_from(beat).unwrap_or(0)) % 3]
                    } else {
                        pitch + (target - pitch) / left.max(1)
                    };
                    let is_allowed = |candidate: &i32| {
                        *candidate != pitch
                            && *candidate != target
                            && scale.contains(&candidate.rem_euclid(12))
                    };
                    let range = self.part.low..=self.part.high;
                    let nearest = range
                        .filter(is_allowed)
                        .min_by_key(|candidate| (candidate - wanted).abs());
                    pitch = nearest.unwrap_or(root);
                }
                let start = span.start + beat * TICKS_PER_BEAT;
                // A little short: a walking bass is plucked, and tied notes would smear.
                self.add(start, TICKS_PER_BEAT * 9 / 10, pitch, 0);
            }
        }
    }

    fn play_steps(&mut self, phrase: &MusicPhrase, steps: &[PatternStep]) {
        let composition = self.composition;
        let bar_ticks = composition.grid.bar_ticks();
        for bar in phrase.first_bar..phrase.first_bar + phrase.bars {
            for step in steps {
                let start = bar * bar_ticks + step.at * SIXTEENTH;
                let span = composition.chord_at(start);
                if span.start == composition.last_chord_start() {
                    continue;
                }
                // The pattern does not hold a chord over the next one.
                let length = (step.length * SIXTEENTH).min(span.end - start);
                self.play_step(span, step, start, length);
            }
        }
        // The last chord of the piece is struck and held.
        let end = (phrase.first_bar + phrase.bars) * bar_ticks;
        if end == composition.grid.end()
            && let Some(span) = composition.chords.last()
            && self.part.pattern != PlayPattern::Sparkle
        {
            self.play_chord(span, span.start, span.end - span.start, 4);
        }
    }

    fn play_step(&mut self, span: &ChordSpan, step: &PatternStep, start: u64, length: u64) {
        match step.tone {
            StepTone::All => self.play_chord(span, start, length, step.accent),
            StepTone::Broken(index) => {
                let pitch = broken_tone(span, self.part, index);
                self.add(start, length, pitch, step.accent);
            }
            StepTone::Bass => {
                let pitch = pitch_in_range(span.bass, self.part);
                self.add(start, length, pitch, step.accent);
            }
            StepTone::Fifth => {
                let root = pitch_in_range(span.bass, self.part);
                let fifth = span.chord.tones.get(2).copied().unwrap_or(span.chord.root);
                // The fifth below the root if the instrument has it, as a bassist plays it.
                let below = root - (root - fifth).rem_euclid(12);
                let pitch = if below >= self.part.low {
                    below
                } else {
                    below + 12
                };
                self.add(start, length, pitch, step.accent);
            }
        }
    }
}

/// Returns the tone of a step of a chord that is broken up and down.
fn wave_tone(index: u64) -> StepTone {
    const WAVE: [usize; 8] = [0, 1, 2, 3, 4, 3, 2, 1];
    StepTone::Broken(WAVE[broken_index(index, 8)])
}

/// Returns the steps of a bar of a pattern.
fn pattern_steps(pattern: PlayPattern, beats: u64) -> Vec<PatternStep> {
    let sixteenths = beats * 4;
    let every = |distance: u64, length: u64, tone: fn(u64) -> StepTone| -> Vec<PatternStep> {
        (0..sixteenths / distance)
            .map(|index| step(index * distance, length, tone(index)))
            .collect()
    };
    let all_at = |starts: &[u64], length: u64| -> Vec<PatternStep> {
        let within = starts.iter().filter(|at| **at < sixteenths);
        within.map(|at| step(*at, length, StepTone::All)).collect()
    };
    match pattern {
        PlayPattern::Pulse => every(2, 1, |_| StepTone::All),
        PlayPattern::OffBeat => {
            let steps = every(4, 2, |_| StepTone::All).into_iter();
            steps
                .map(|step| PatternStep {
                    at: step.at + 2,
                    ..step
                })
                .collect()
        }
        PlayPattern::Stabs => all_at(&[0, 6, 10], 2),
        PlayPattern::Strum => all_at(&[0, 4, 6, 10, 12, 14], 2),
        PlayPattern::AfterBeat => {
            let starts: &[u64] = if beats == 4 { &[4, 12] } else { &[4, 8] };
            all_at(starts, 2)
        }
        PlayPattern::Rising => every(2, 3, |index| StepTone::Broken(broken_index(index, 8))),
        PlayPattern::Wave => every(2, 3, wave_tone),
        PlayPattern::FastWave => every(1, 1, wave_tone),
        PlayPattern::Alberti => every(2, 2, |index| {
            const ALBERTI: [usize; 4] = [0, 2, 1, 2];
            StepTone::Broken(ALBERTI[broken_index(index, 4)])
        }),
        PlayPattern::Ostinato => every(2, 1, |index| {
            const FIGURE: [usize; 8] = [0, 0, 2, 0, 1, 0, 2, 1];
            StepTone::Broken(FIGURE[broken_index(index, 8)])
        }),
        PlayPattern::Sparkle => vec![
            step(4, 4, StepTone::Broken(2)),
            step(sixteenths.saturating_sub(6).max(6), 4, StepTone::Broken(4)),
        ],
        PlayPattern::RootFifth if beats == 4 => {
            vec![step(0, 7, StepTone::Bass), step(8, 7, StepTone::Fifth)]
        }
        PlayPattern::RootFifth => vec![step(0, sixteenths - 1, StepTone::Bass)],
        PlayPattern::Syncopated => {
            let starts = [0, 6, 10].into_iter().filter(|at| *at < sixteenths);
            starts.map(|at| step(at, 3, StepTone::Bass)).collect()
        }
        // Lines, drums and what is held are not played by steps.
        _ => vec![step(0, sixteenths, StepTone::All)],
    }
}

fn broken_index(index: u64, count: u64) -> usize {
    usize::try_from(index % count).unwrap_or(0)
}

/// Returns the pitch moved by octaves into the range of a part.
fn pitch_in_range(pitch: i32, part: &MoodPart) -> i32 {
    // The lowest octave of the part. A bass that changed octaves between chords would sound like
    // two.
    let above = (pitch - part.low).rem_euclid(12);
    part.low + above
}

/// Returns the upper voices of a chord, moved by octaves into the range of a part, each once.
fn fitted_voices(span: &ChordSpan, part: &MoodPart) -> Vec<i32> {
    let middle = (part.low + part.high) / 2;
    let centre = span.upper[1];
    // All by the same octaves, so that what moved smoothly still does.
    let octaves = (middle - centre + 6).div_euclid(12);
    let mut voices: Vec<i32> = span
        .upper
        .iter()
        .map(|pitch| {
            let moved = pitch + 12 * octaves;
            if moved < part.low {
                moved + 12
            } else if moved > part.high {
                moved - 12
            } else {
                moved
            }
        })
        .collect();
    voices.sort_unstable();
    voices.dedup();
    voices
}

/// Returns a tone of the broken chord: from the lowest tone in the range of the part upwards.
fn broken_tone(span: &ChordSpan, part: &MoodPart, index: usize) -> i32 {
    let mut tones = (part.low..=part.high).filter(|pitch| span.chord.has_pitch(*pitch));
    let found = tones.clone().nth(index);
    found.or_else(|| tones.next_back()).unwrap_or(part.low)
}

/// Writes the accents: a chord, a drum or a cymbal exactly at every cut that the music marks.
pub(super) fn write_accents(composition: &CueComposition<'_>, part: &MoodPart) -> Vec<ScoreNote> {
    let grid = &composition.grid;
    let mut hand = SeededRandom::for_part(composition.seed, part.name);
    let mut notes = Vec::new();
    // The ear fuses notes that are nearer than this.
    let nearest = grid.ticks_of_seconds(0.12);
    let mut before: Option<u64> = None;
    for hit in &composition.form.hits {
        if before.is_some_and(|before| hit.tick < before + nearest) || hit.tick >= grid.end() {
            continue;
        }
        before = Some(hit.tick);
        let span = composition.chord_at(hit.tick);
        // Its length ends with the chord, so that it never clashes with the next.
        let length = (2 * TICKS_PER_BEAT).min(span.end - hit.tick);
        #[expect(clippy::cast_possible_truncation, reason = "an energy is 0 to 1")]
        let accent = 6 + (10.0 * hit.energy) as i32;
        let velocity = composition.velocity(hit.tick, accent, &mut hand);
        for pitch in accent_pitches(span, part) {
            add_note(&mut notes, hit.tick, length, pitch, velocity);
        }
    }
    notes
}

/// Crash cymbal and bass drum of General MIDI.
const CRASH: [i32; 2] = [49, 36];
/// Programs that sound one pitch well, and not a chord: timpani, tubular bells, orchestra hit.
const SINGLE_PITCH: [u8; 3] = [47, 14, 55];

fn accent_pitches(span: &ChordSpan, part: &MoodPart) -> Vec<i32> {
    if part.pattern == PlayPattern::Crash {
        CRASH.to_vec()
    } else if SINGLE_PITCH.contains(&part.program) {
        vec![pitch_in_range(span.chord.root, part)]
    } else {
        let mut pitches = vec![pitch_in_range(span.chord.root, part)];
        pitches.extend(fitted_voices(span, part));
        pitches.sort_unstable();
        pitches.dedup();
        pitches
    }
}
