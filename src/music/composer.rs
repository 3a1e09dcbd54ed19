//! Composes a score from the work of a cue.

use super::accompaniment::{write_accents, write_accompaniment};
use super::chord_plan::plan_chords;
use super::composition::CueComposition;
use super::drum_patterns::write_drums;
use super::harmony::MusicKey;
use super::melody::{write_counterline, write_melody};
use super::mood_table::find_mood;
use super::music_grid::{MusicGrid, SHORTEST_MUSIC};
use super::musical_form::{MusicalForm, clean_sections};
use super::musical_mood::{MusicalMood, PlayPattern};
use super::score::{MusicScore, PartRole, ScoreMarker, ScoreNote, ScorePart};
use crate::base::seeded_random::SeededRandom;
use crate::model::sound::MusicWork;

/// Why a cue has no music.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("a cue of {seconds:.2} s is too short for music, which needs {SHORTEST_MUSIC} s")]
pub struct CueTooShort {
    seconds: f64,
}

/// The mood that a film of an unknown mood gets.
const DEFAULT_MOOD: &str = "neutral";

/// Returns the mood of this name, or the neutral one.
#[must_use]
pub(super) fn mood_or_neutral(name: &str) -> &'static MusicalMood {
    let found = find_mood(name).or_else(|| find_mood(DEFAULT_MOOD));
    // The table has both names, which its tests check, so the first row is never used.
    found.unwrap_or(&super::mood_table::MUSICAL_MOODS[0])
}

/// Composes a cue. Equal work gives equal scores.
///
/// # Errors
/// Fails if the cue is too short for a chord.
pub fn compose(work: &MusicWork) -> Result<MusicScore, CueTooShort> {
    let mood = mood_or_neutral(&work.mood);
    let sections = clean_sections(&work.sections, work.length);
    let grid = MusicGrid::fit(mood, work.length, work.sample_rate, &sections);
    let Some(grid) = grid else {
        let seconds = work.length as f64 / f64::from(work.sample_rate);
        let seconds = if seconds.is_finite() { seconds } else { 0.0 };
        return Err(CueTooShort { seconds });
    };
    // A source for each decision, by name: a new decision in a later version changes none of the
    // others.
    let mut random = SeededRandom::for_part(work.seed, "key");
    let key = MusicKey {
        tonic: mood.tonics[random.next_index(mood.tonics.len())],
        mode: mood.mode,
    };
    let form = MusicalForm::new(&grid, &sections);
    let chords = plan_chords(mood, key, &grid, &form, work.seed);
    let composition = CueComposition {
        mood,
        key,
        grid,
        form,
        chords,
        seed: work.seed,
    };
    let parts = write_parts(&composition);
    let markers = score_markers(&composition);
    Ok(MusicScore {
        grid,
        key,
        mood: mood.name,
        reverberation: mood.reverberation,
        chords: composition.chords,
        parts,
        markers,
    })
}

fn write_parts(composition: &CueComposition<'_>) -> Vec<ScorePart> {
    let expression = composition.expression();
    let mut parts = Vec::new();
    let mut channel = 0;
    let melody_row = composition
        .mood
        .parts
        .iter()
        .find(|part| part.role == PartRole::Melody);
    let melody = melody_row
        .map(|part| write_melody(composition, part))
        .unwrap_or_default();
    for row in composition.mood.parts {
        let notes: Vec<ScoreNote> = match row.role {
            // Written before the loop, as the counterline needs it, wherever the mood lists it.
            PartRole::Melody => melody.clone(),
            PartRole::Counterline => write_counterline(composition, row, &melody),
            PartRole::Drums => write_drums(composition, row),
            PartRole::Accent => write_accents(composition, row),
            PartRole::Chords | PartRole::Figure | PartRole::Bass => {
                write_accompaniment(composition, row)
            }
        };
        let notes = composition.finished_notes(notes);
        // A part that never plays would be an empty track, and take a channel from another.
        if notes.is_empty() {
            continue;
        }
        let is_percussion = row.role == PartRole::Drums || row.pattern == PlayPattern::Crash;
        let own_channel = if is_percussion { 9 } else { channel };
        if !is_percussion {
            // Channel 10 is that of percussion.
            channel += if channel == 8 { 2 } else { 1 };
        }
        parts.push(ScorePart {
            name: row.name,
            role: row.role,
            program: row.program,
            channel: own_channel,
            pan: row.pan,
            level: row.level,
            notes,
            expression: expression.clone(),
        });
    }
    parts
}

fn score_markers(composition: &CueComposition<'_>) -> Vec<ScoreMarker> {
    let bar = composition.grid.bar_ticks();
    let phrases = composition.form.phrases.iter();
    let begins = phrases.filter(|phrase| phrase.index == 0);
    let mut markers: Vec<ScoreMarker> = begins
        .map(|phrase| ScoreMarker {
            tick: phrase.first_bar * bar,
            text: format!(
                "{} {}",
                if phrase.is_contrast { "B" } else { "A" },
                phrase.passage + 1
            ),
        })
        .collect();
    markers.extend(composition.form.hits.iter().map(|hit| ScoreMarker {
        tick: hit.tick.min(composition.grid.end()),
        text: "cut".to_owned(),
    }));
    markers.sort_by_key(|marker| marker.tick);
    markers
}

#[cfg(test)]
#[path = "composer_tests.rs"]
mod tests;
