//! The tune: a motif that is stated, varied and returns, and a slower line beside it.

use super::chord_plan::is_parallel;
use super::composition::{CueComposition, add_note};
use super::music_grid::TICKS_PER_BEAT;
use super::musical_form::{MusicPhrase, PhraseCadence};
use super::musical_mood::MoodPart;
use super::score::{ChordSpan, ScoreNote};
use crate::base::seeded_random::SeededRandom;

const EIGHTH: u64 = TICKS_PER_BEAT / 2;

/// Rhythms of one bar in eighths, by the beats of a bar and from few to many notes.
const RHYTHMS_OF_TWO: [&[&[u64]]; 3] = [
    &[&[4], &[3, 1]],
    &[&[2, 2], &[3, 1]],
    &[&[2, 1, 1], &[1, 1, 2]],
];
const RHYTHMS_OF_THREE: [&[&[u64]]; 3] = [
    &[&[6], &[4, 2], &[4, 2]],
    &[&[3, 1, 2], &[2, 2, 2], &[2, 3, 1]],
    &[&[1, 1, 2, 2], &[2, 1, 1, 2], &[3, 1, 1, 1]],
];
const RHYTHMS_OF_FOUR: [&[&[u64]]; 3] = [
    &[&[4, 4], &[6, 2], &[4, 2, 2]],
    &[&[3, 1, 4], &[2, 2, 3, 1], &[4, 1, 1, 2]],
    &[&[2, 1, 1, 3, 1], &[3, 1, 1, 1, 2], &[1, 1, 2, 1, 1, 2]],
];

/// Shapes of a motif in steps of the scale from its first note.
const CONTOURS: [[i32; 6]; 6] = [
    [0, 1, 2, 1, 3, 2],
    [0, 2, 1, 3, 2, 0],
    [0, -1, 0, 2, 1, 0],
    [0, 3, 2, 1, 0, -1],
    [0, 1, -1, 2, 1, 0],
    [0, -2, -1, 1, 0, 2],
];

/// A motif: what the tune is built from.
struct MelodyMotif {
    /// Rhythms of a bar in eighths, from few to many notes.
    rhythms: [&'static [u64]; 3],
    contour: [i32; 6],
    /// Steps of the scale by which its next statement is higher.
    sequence: i32,
}

impl MelodyMotif {
    fn choose(beats_per_bar: u64, random: &mut SeededRandom) -> Self {
        let table = match beats_per_bar {
            2 => RHYTHMS_OF_TWO,
            3 => RHYTHMS_OF_THREE,
            _ => RHYTHMS_OF_FOUR,
        };
        // One choice for all three densities: the motif stays the same tune when the film becomes
        // livelier. Six, so that columns of two and of three are chosen evenly.
        let choice = random.next_index(6);
        let rhythms = table.map(|rhythms| rhythms[choice % rhythms.len()]);
        let contour = CONTOURS[random.next_index(CONTOURS.len())];
        let sequence = [1, -1, 2][random.next_index(3)];
        Self {
            rhythms,
            contour,
            sequence,
        }
    }

    /// Returns the contrast of it: upside down, with the next rhythm.
    fn contrast(&self, other: &Self) -> Self {
        Self {
            rhythms: other.rhythms,
            // Inverted, and not another motif: the contrast is new and still belongs to the piece.
            contour: self.contour.map(|step| -step),
            sequence: -self.sequence,
        }
    }
}

/// What a bar does with the motif.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MotifUse {
    Statement,
    Sequence,
    /// The first half of it twice, upside down.
    Development,
    Ending,
}

/// One note before it has a pitch.
struct MelodyStep {
    start: u64,
    length: u64,
    target: i32,
}

/// Writes the tune.
pub(super) fn write_melody(composition: &CueComposition<'_>, part: &MoodPart) -> Vec<ScoreNote> {
    let mut random = SeededRandom::for_part(composition.seed, "melody");
    let beats = composition.grid.beats_per_bar;
    let first = MelodyMotif::choose(beats, &mut random);
    let second = MelodyMotif::choose(beats, &mut random);
    let contrast = first.contrast(&second);
    let mut hand = SeededRandom::for_part(composition.seed, part.name);
    let mut line = MelodyLine {
        composition,
        part,
        before: None,
    };
    let mut notes = Vec::new();
    for phrase in &composition.form.phrases {
        if !composition.plays_in(part, phrase) {
            // After a rest the tune begins anew. A leap over silence is no leap.
            line.before = None;
            continue;
        }
        let motif = if phrase.is_contrast {
            &contrast
        } else {
            &first
        };
        for step in phrase_steps(composition, part, phrase, motif) {
            let pitch = line.next_pitch(&step, phrase);
            let sounding = sounding_length(step.length, composition.mood.articulation);
            let velocity = composition.velocity(step.start, 8, &mut hand);
            add_note(&mut notes, step.start, sounding, pitch, velocity);
        }
    }
    notes
}

/// Returns the ticks that a note of `length` sounds. Long notes are held with every articulation.
fn sounding_length(length: u64, articulation: f32) -> u64 {
    // Articulation shortens the end of a note by at most a part of two beats: a whole note that
    // stops halfway would be a mistake and no style.
    let short = (length.min(2 * TICKS_PER_BEAT) as f32 * articulation).max(60.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most two beats"
    )]
    let short = short as u64;
    short + length.saturating_sub(2 * TICKS_PER_BEAT)
}

/// Returns the notes of a phrase before they have pitches.
fn phrase_steps(
    composition: &CueComposition<'_>,
    part: &MoodPart,
    phrase: &MusicPhrase,
    motif: &MelodyMotif,
) -> Vec<MelodyStep> {
    let bar_ticks = composition.grid.bar_ticks();
    let density = match phrase.energy {
        energy if energy < 0.25 => composition.mood.density - 1,
        energy if energy > 0.75 => composition.mood.density + 1,
        _ => composition.mood.density,
    };
    let rhythm = motif.rhythms[usize::try_from(density.clamp(0, 2)).unwrap_or(1)];
    let centre = (part.low + part.high) / 2;
    #[expect(clippy::cast_possible_truncation, reason = "an energy is 0 to 1")]
    // A lively phrase is higher, as singers go up when they get louder.
    let lift = ((phrase.energy - 0.5) * 6.0) as i32;
    let mut steps = Vec::new();
    for bar in 0..phrase.bars {
        let start = (phrase.first_bar + bar) * bar_ticks;
        let usage = motif_use(bar, phrase.bars);
        // A phrase rises to its middle and comes back.
        let arch = i32::try_from(bar.min(phrase.bars - bar)).unwrap_or(0);
        let anchor = centre + lift + arch;
        match usage {
            MotifUse::Ending => {
                steps.extend(ending_steps(composition, phrase, start, centre + lift));
            }
            MotifUse::Statement => {
                steps.extend(motif_steps(start, rhythm, anchor, |index| {
                    motif.contour[index % 6]
                }));
            }
            MotifUse::Sequence => steps.extend(motif_steps(start, rhythm, anchor, |index| {
                motif.contour[index % 6] + motif.sequence
            })),
            MotifUse::Development => {
                let half = rhythm.len().div_ceil(2);
                steps.extend(motif_steps(start, rhythm, anchor, |index| {
                    1 - motif.contour[(index % half) % 6]
                }));
            }
        }
    }
    steps
}

const fn motif_use(bar: u64, bars: u64) -> MotifUse {
    if bar + 1 == bars {
        return MotifUse::Ending;
    }
    match bar % 4 {
        0 => MotifUse::Statement,
        2 => MotifUse::Development,
        _ => MotifUse::Sequence,
    }
}

fn motif_steps(
    start: u64,
    rhythm: &[u64],
    anchor: i32,
    contour: impl Fn(usize) -> i32,
) -> Vec<MelodyStep> {
    let mut at = start;
    let mut steps = Vec::new();
    for (index, eighths) in rhythm.iter().enumerate() {
        let length = eighths * EIGHTH;
        steps.push(MelodyStep {
            start: at,
            length,
            // A step of the scale is 1.7 semitones on average.
            target: anchor + contour(index) * 17 / 10,
        });
        at += length;
    }
    steps
}

/// Returns the last bar of a phrase: a long note for each of its chords, and then a breath. The
/// last of the piece is held.
fn ending_steps(
    composition: &CueComposition<'_>,
    phrase: &MusicPhrase,
    start: u64,
    target: i32,
) -> Vec<MelodyStep> {
    let end = start + composition.grid.bar_ticks();
    let chords = composition.phrase_chords(phrase).iter();
    let mut steps: Vec<MelodyStep> = chords
        .filter(|span| span.end > start)
        .map(|span| MelodyStep {
            start: span.start.max(start),
            length: span.end.min(end) - span.start.max(start),
            target,
        })
        .collect();
    let is_last = end == composition.grid.end();
    if let Some(last) = steps.last_mut()
        && !is_last
    {
        // Without a breath phrases run into each other. A short note keeps at least half of its
        // length.
        let breath = if last.length > 2 * TICKS_PER_BEAT {
            TICKS_PER_BEAT
        } else {
            EIGHTH
        };
        last.length -= breath.min(last.length / 2);
    }
    steps
}

/// The note before.
#[derive(Clone, Copy)]
struct MelodyBefore {
    pitch: i32,
    leap: i32,
    bass: i32,
    was_foreign: bool,
}

/// Gives the notes of a tune their pitches, one after the other.
struct MelodyLine<'a> {
    composition: &'a CueComposition<'a>,
    part: &'a MoodPart,
    before: Option<MelodyBefore>,
}

impl MelodyLine<'_> {
    /// Returns the pitch that is nearest to the target and can be sung after what was before.
    fn next_pitch(&mut self, step: &MelodyStep, phrase: &MusicPhrase) -> i32 {
        let span = self.composition.chord_at(step.start);
        let scale = span.chord.local_scale(self.composition.key);
        let in_bar = step.start % self.composition.grid.bar_ticks();
        // On these notes a tone outside the chord would sound wrong and not passing.
        let is_strong = in_bar == 0
            || in_bar == 2 * TICKS_PER_BEAT
            || step.start == span.start
            || step.length >= 2 * TICKS_PER_BEAT;
        let target = match self.before {
            // A line that has drifted returns little by little and does not jump.
            Some(before) => step.target.clamp(before.pitch - 7, before.pitch + 7),
            None => step.target,
        };
        let candidates = (self.part.low..=self.part.high).filter(|pitch| {
            let class = pitch.rem_euclid(12);
            if is_strong {
                span.chord.tones.contains(&class)
            } else {
                scale.contains(&class)
            }
        });
        let cost = |pitch: &i32| {
            let ending = self.ending_cost(*pitch, step, phrase, span);
            // The contour is a wish. What can be sung decides where the two disagree.
            2 * (pitch - target).abs() + ending + self.step_cost(*pitch, span)
        };
        let pitch = candidates.min_by_key(cost).unwrap_or(target);
        self.before = Some(MelodyBefore {
            pitch,
            leap: self.before.map_or(0, |before| pitch - before.pitch),
            bass: span.bass,
            was_foreign: !span.chord.has_pitch(pitch),
        });
        pitch
    }

    /// Returns how hard it is to sing the pitch after the one before.
    fn step_cost(&self, pitch: i32, span: &ChordSpan) -> i32 {
        let is_foreign = !span.chord.has_pitch(pitch);
        let Some(before) = self.before else {
            return if is_foreign { 6 } else { 0 };
        };
        let leap = pitch - before.pitch;
        let size = leap.abs();
        // By what is hard to sing: steps are free, a tritone costs more than a fifth, sevenths
        // nearly never happen, and nothing beyond an octave does.
        let mut cost = match size {
            0 => 3,
            1 | 2 => 0,
            3 | 4 => 1,
            5 | 7 => 3,
            6 => 12,
            8 | 9 => 8,
            12 => 10,
            10 | 11 => 25,
            _ => 200,
        };
        // After a leap the line turns back, and a tone outside the chord moves by a step.
        let goes_on = leap.signum() == before.leap.signum() && leap != 0;
        if before.leap.abs() > 4 && (goes_on || size > 4) {
            cost += 8;
        }
        if (is_foreign || before.was_foreign) && size > 2 {
            cost += 12;
        }
        // Parallel octaves and fifths with the bass make two voices one.
        if is_parallel(before.bass, before.pitch, span.bass, pitch) {
            cost += 60;
        }
        cost
    }

    fn ending_cost(
        &self,
        pitch: i32,
        step: &MelodyStep,
        phrase: &MusicPhrase,
        span: &ChordSpan,
    ) -> i32 {
        let bar_ticks = self.composition.grid.bar_ticks();
        let end = (phrase.first_bar + phrase.bars) * bar_ticks;
        // A breath may follow the last note.
        if step.start + step.length + TICKS_PER_BEAT < end || span.end < end {
            return 0;
        }
        let class = pitch.rem_euclid(12);
        let is_last = end == self.composition.grid.end();
        match phrase.cadence {
            // Only the end of the piece must be on the root. Inside, a line that falls well is
            // worth more.
            PhraseCadence::Full if class == span.chord.root => 0,
            PhraseCadence::Full => {
                if is_last {
                    400
                } else {
                    8
                }
            }
            PhraseCadence::Half => {
                if class == span.chord.root {
                    4
                } else {
                    0
                }
            }
        }
    }
}

/// Writes a slower line beside the tune: tones of the chords, by small steps, and not what the
/// tune has.
pub(super) fn write_counterline(
    composition: &CueComposition<'_>,
    part: &MoodPart,
    melody: &[ScoreNote],
) -> Vec<ScoreNote> {
    let mut hand = SeededRandom::for_part(composition.seed, part.name);
    let mut notes = Vec::new();
    let mut before = (part.low + part.high) / 2;
    for phrase in &composition.form.phrases {
        if !composition.plays_in(part, phrase) {
            continue;
        }
        for span in composition.phrase_chords(phrase) {
            let bar = composition.grid.bar_ticks();
            // A line that moves at the end would compete with the last chord.
            let is_lively = phrase.energy > 0.6 && span.end != composition.grid.end();
            let beats = composition.grid.beats_per_bar;
            let longest = if is_lively && beats > 2 {
                2 * TICKS_PER_BEAT
            } else {
                bar
            };
            let mut start = span.start;
            while start < span.end {
                let length = longest.min(span.end - start).min(bar - start % bar);
                let tune = sounding_pitch(melody, start);
                let repeats = start > span.start;
                let cost = |pitch: &i32| {
                    let distance = (pitch - before).abs();
                    let stays = if repeats && distance == 0 { 6 } else { 0 };
                    // In octaves with the tune it is no second line.
                    let doubles = tune.is_some_and(|tune| (tune - pitch) % 12 == 0);
                    let leaves = (pitch - (part.low + part.high) / 2).abs() / 3;
                    distance + stays + leaves + if doubles { 5 } else { 0 }
                };
                let tones = (part.low..=part.high).filter(|pitch| span.chord.has_pitch(*pitch));
                let pitch = tones.min_by_key(cost).unwrap_or(before);
                let velocity = composition.velocity(start, 0, &mut hand);
                let sounding = sounding_length(length, composition.mood.articulation.max(0.7));
                add_note(&mut notes, start, sounding, pitch, velocity);
                before = pitch;
                start += length;
            }
        }
    }
    notes
}

/// Returns the pitch that a line has at a tick.
fn sounding_pitch(line: &[ScoreNote], tick: u64) -> Option<i32> {
    let after = line.partition_point(|note| note.start <= tick);
    let note = line.get(after.checked_sub(1)?)?;
    (note.end() > tick).then_some(i32::from(note.pitch))
}
