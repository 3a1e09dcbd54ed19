//! The chords of a piece with their voices: progressions for each phrase, and voice leading.

use super::harmony::{HarmonyChord, MusicKey, MusicMode};
use super::music_grid::{MusicGrid, SHORTEST_PIECE};
use super::musical_form::{MusicPhrase, MusicalForm, PhraseCadence};
use super::musical_mood::{HarmonicRhythm, MusicalMood};
use super::score::ChordSpan;
use crate::base::seeded_random::SeededRandom;

/// Lowest and highest pitch of the bass.
const BASS_RANGE: std::ops::RangeInclusive<i32> = 36..=52;
/// Lowest and highest pitch of the three upper voices.
const UPPER_RANGE: std::ops::RangeInclusive<i32> = 53..=76;

/// Returns the chords of a piece, without gaps, with a final authentic cadence.
#[must_use]
pub(super) fn plan_chords(
    mood: &MusicalMood,
    key: MusicKey,
    grid: &MusicGrid,
    form: &MusicalForm,
    seed: u64,
) -> Vec<ChordSpan> {
    let mut random = SeededRandom::for_part(seed, "harmony");
    let themes = ThemeHarmony {
        opening: mood.openings[random.next_index(mood.openings.len())],
        contrast: mood.contrasts[random.next_index(mood.contrasts.len())],
    };
    let mut spans: Vec<ChordSpan> = Vec::new();
    let mut voices: Option<ChordVoices> = None;
    for (index, phrase) in form.phrases.iter().enumerate() {
        let is_last = index + 1 == form.phrases.len();
        let slots = phrase_slots(mood, grid, phrase, is_last);
        let symbols = phrase_symbols(mood, &themes, phrase, slots.len(), is_last);
        for (slot, symbol) in slots.iter().zip(symbols) {
            let chord = key.chord(symbol);
            // The first and the last chord of a phrase say where it is. An inversion there would
            // sound unfinished.
            let is_firm = slot.start == slots[0].start || slot.end == slots[slots.len() - 1].end;
            let next = best_voices(&chord, voices.as_ref(), is_firm);
            spans.push(ChordSpan {
                start: slot.start,
                end: slot.end,
                chord,
                bass: next.bass,
                upper: next.upper,
            });
            voices = Some(next);
        }
    }
    spans
}

/// The beginnings that a piece has chosen.
struct ThemeHarmony {
    opening: &'static [&'static str],
    contrast: &'static [&'static str],
}

/// The time of one chord.
struct ChordSlot {
    start: u64,
    end: u64,
}

/// Divides a phrase into chords. The last two bars of every phrase have a chord each, so that a
/// cadence sounds like one; the last phrase ends with a whole bar of the tonic.
fn phrase_slots(
    mood: &MusicalMood,
    grid: &MusicGrid,
    phrase: &MusicPhrase,
    is_last: bool,
) -> Vec<ChordSlot> {
    let bar = grid.bar_ticks();
    let at = |bars: u64| (phrase.first_bar + bars) * bar;
    let mut slots = Vec::new();
    if phrase.bars == 1 {
        let seconds = grid.length as f64 / f64::from(grid.sample_rate.max(1));
        let is_one_chord = (is_last && seconds < SHORTEST_PIECE) || grid.beats_per_bar == 1;
        // Half a bar, on a beat.
        let middle = at(0) + grid.beats_per_bar.div_ceil(2) * (bar / grid.beats_per_bar);
        if is_one_chord || middle >= at(1) {
            slots.push(ChordSlot {
                start: at(0),
                end: at(1),
            });
        } else {
            slots.push(ChordSlot {
                start: at(0),
                end: middle,
            });
            slots.push(ChordSlot {
                start: middle,
                end: at(1),
            });
        }
        return slots;
    }
    let cadence = phrase.bars - 2;
    let step = match mood.harmonic_rhythm {
        HarmonicRhythm::Bar => 1,
        HarmonicRhythm::TwoBars => 2,
    };
    let mut start = 0;
    while start < cadence {
        let end = (start + step).min(cadence);
        slots.push(ChordSlot {
            start: at(start),
            end: at(end),
        });
        start = end;
    }
    slots.push(ChordSlot {
        start: at(cadence),
        end: at(cadence + 1),
    });
    slots.push(ChordSlot {
        start: at(cadence + 1),
        end: at(cadence + 2),
    });
    slots
}

/// Returns the Roman numerals of a phrase of `count` chords.
fn phrase_symbols(
    mood: &MusicalMood,
    themes: &ThemeHarmony,
    phrase: &MusicPhrase,
    count: usize,
    is_last: bool,
) -> Vec<&'static str> {
    let opening = if phrase.is_contrast {
        themes.contrast
    } else {
        themes.opening
    };
    let [prepares, dominant] = mood.full_cadence;
    let is_modal = !matches!(mood.mode, MusicMode::Major | MusicMode::Minor);
    let ending: &[&'static str] = match (phrase.cadence, count) {
        (PhraseCadence::Full, 1) => &[mood.tonic_chord],
        // A short phrase within the piece closes softly: a dominant every few seconds is a march.
        // In modes other than major and minor, a dominant would hide what is special in them.
        (PhraseCadence::Full, 2..) if !is_last && (count < 4 || is_modal) => {
            &[prepares, mood.tonic_chord]
        }
        (PhraseCadence::Full, 2..=4) => &[dominant, mood.tonic_chord],
        (PhraseCadence::Full, _) => &[prepares, dominant, mood.tonic_chord],
        (PhraseCadence::Half, 1) => &mood.half_cadence[1..],
        (PhraseCadence::Half, _) => &mood.half_cadence,
    };
    let before = count.saturating_sub(ending.len());
    let mut symbols: Vec<&'static str> = opening.iter().copied().cycle().take(before).collect();
    // The chord before the cadence must not be its first chord already.
    if symbols.last() == ending.first() && before > 1 {
        let other = opening
            .iter()
            .rev()
            .find(|symbol| Some(*symbol) != ending.first());
        if let (Some(last), Some(other)) = (symbols.last_mut(), other) {
            *last = other;
        }
    }
    symbols.extend(ending);
    symbols
}

/// A bass and three upper voices.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ChordVoices {
    bass: i32,
    upper: [i32; 3],
}

/// Returns the voices of `chord` that follow `before` most smoothly. A firm chord has its root in
/// the bass.
fn best_voices(chord: &HarmonyChord, before: Option<&ChordVoices>, is_firm: bool) -> ChordVoices {
    let mut best = None;
    let mut best_cost = i32::MAX;
    for bass in BASS_RANGE.filter(|pitch| is_bass_tone(chord, *pitch, is_firm)) {
        for upper in upper_choices(chord, bass) {
            let choice = ChordVoices { bass, upper };
            let cost = voices_cost(chord, &choice, before);
            // Of equals the first: the same work gives the same voices.
            if cost < best_cost {
                best_cost = cost;
                best = Some(choice);
            }
        }
    }
    best.unwrap_or_else(|| {
        // Every chord has tones in both ranges; this is for a chord without tones.
        let root = 48 + chord.root;
        ChordVoices {
            bass: root - 12,
            upper: [root + 7, root + 12, root + 16],
        }
    })
}

fn is_bass_tone(chord: &HarmonyChord, pitch: i32, is_firm: bool) -> bool {
    let class = pitch.rem_euclid(12);
    class == chord.root || (!is_firm && chord.tones.get(1) == Some(&class))
}

/// Returns all sets of three upper voices that have what makes the chord: with the bass, root,
/// third and, if it has one, the seventh.
fn upper_choices(chord: &HarmonyChord, bass: i32) -> Vec<[i32; 3]> {
    let pitches: Vec<i32> = UPPER_RANGE
        .filter(|pitch| chord.has_pitch(*pitch))
        .collect();
    let mut choices = Vec::new();
    for (first, low) in pitches.iter().enumerate() {
        for (second, middle) in pitches.iter().enumerate().skip(first + 1) {
            for high in pitches.iter().skip(second + 1) {
                let upper = [*low, *middle, *high];
                let sounds = |class: i32| {
                    upper
                        .iter()
                        .chain([&bass])
                        .any(|pitch| pitch.rem_euclid(12) == class)
                };
                // The fifth may be missing: the ear adds it, and no other tone.
                let has_core = sounds(chord.root)
                    && chord.tones.get(1).is_none_or(|third| sounds(*third))
                    && chord.tones.get(3).is_none_or(|seventh| sounds(*seventh));
                // Wider apart, three voices are no chord but three tones.
                if has_core && high - low <= 16 && middle - low <= 12 && high - middle <= 9 {
                    choices.push(upper);
                }
            }
        }
    }
    choices
}

/// Returns how bad a choice is: movement, leaps, parallels, doubling, and being off the middle.
fn voices_cost(chord: &HarmonyChord, choice: &ChordVoices, before: Option<&ChordVoices>) -> i32 {
    let middle: i32 = choice.upper.iter().sum();
    // Around the E above middle C, where chords sound neither muddy nor thin.
    let mut cost = (middle - 64 * 3).abs() / 3;
    let third = chord.tones.get(1);
    if third == Some(&choice.bass.rem_euclid(12)) {
        cost += 4;
        // A third that is in the bass and above sounds thin at the root.
        let doubled = choice
            .upper
            .iter()
            .filter(|pitch| third == Some(&pitch.rem_euclid(12)));
        cost += 6 * i32::try_from(doubled.count()).unwrap_or(0);
    }
    let Some(before) = before else {
        return cost;
    };
    let now = [
        choice.bass,
        choice.upper[0],
        choice.upper[1],
        choice.upper[2],
    ];
    let then = [
        before.bass,
        before.upper[0],
        before.upper[1],
        before.upper[2],
    ];
    // Movement of the bass counts less, below: it may leap, as it carries the harmony.
    for voice in 1..4 {
        let step = (now[voice] - then[voice]).abs();
        cost += 2 * step + if step > 4 { 3 * (step - 4) } else { 0 };
    }
    let bass_step = (now[0] - then[0]).abs();
    cost += bass_step / 2 + if bass_step > 7 { 6 } else { 0 };
    for low in 0..4 {
        for high in low + 1..4 {
            if is_parallel(then[low], then[high], now[low], now[high]) {
                // Between the outer voices it is obvious, so nearly anything is better.
                cost += if low == 0 && high == 3 { 1000 } else { 60 };
            }
        }
    }
    cost
}

/// Returns whether two voices move in parallel fifths, octaves or unisons.
pub(super) const fn is_parallel(low: i32, high: i32, next_low: i32, next_high: i32) -> bool {
    let interval = (high - low).rem_euclid(12);
    let next_interval = (next_high - next_low).rem_euclid(12);
    let is_perfect = interval == 0 || interval == 7;
    let moves = low != next_low && high != next_high;
    is_perfect && interval == next_interval && moves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::mood_table::MUSICAL_MOODS;

    fn planned(mood: &MusicalMood, bars: u64, seed: u64) -> Vec<ChordSpan> {
        let grid = MusicGrid {
            beats_per_bar: mood.beats_per_bar,
            bars,
            length: bars * 96_000,
            sample_rate: 48_000,
        };
        let form = MusicalForm::new(&grid, &super::super::musical_form::clean_sections(&[], 1));
        let key = MusicKey {
            tonic: mood.tonics[0],
            mode: mood.mode,
        };
        plan_chords(mood, key, &grid, &form, seed)
    }

    #[test]
    fn outer_voices_have_no_parallels_and_all_voices_move_smoothly() {
        for mood in MUSICAL_MOODS {
            for seed in 0..4 {
                for pair in planned(mood, 21, seed).windows(2) {
                    let [a, b] = pair else { unreachable!() };
                    let outer = is_parallel(a.bass, a.upper[2], b.bass, b.upper[2]);
                    assert!(
                        !outer,
                        "{}: {} to {}",
                        mood.name, a.chord.symbol, b.chord.symbol
                    );
                    for (from, to) in a.upper.iter().zip(b.upper) {
                        assert!((from - to).abs() <= 7, "{}: {a:?} {b:?}", mood.name);
                    }
                }
            }
        }
    }

    #[test]
    fn chords_are_without_gaps_and_end_with_dominant_and_tonic() {
        for mood in MUSICAL_MOODS {
            for bars in [1, 2, 3, 5, 16] {
                let spans = planned(mood, bars, 1);
                assert!(spans.windows(2).all(|pair| pair[0].end == pair[1].start));
                let last = spans.len() - 1;
                assert_eq!(spans[last].chord.symbol, mood.tonic_chord);
                if bars > 1 {
                    assert_eq!(
                        spans[last - 1].chord.symbol,
                        mood.full_cadence[1],
                        "{}",
                        mood.name
                    );
                }
                assert_eq!(spans[last].bass.rem_euclid(12), spans[last].chord.root);
            }
        }
    }
}
