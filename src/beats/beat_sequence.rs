//! Finds the beats of an ad: a sequence of exactly its length, an opening first and a closing last,
//! with the best score of all such sequences.
//!
//! The search goes through states of time passed, last beat and beats used, and remembers the best
//! rest of each, so it is exact. Of equals, the sequence that is first in the order of the library
//! wins. Without creativity nothing is searched: the usual sequence loses beats of its middle until
//! it fits.

use super::library_beat::{AdLibrary, LibraryArchetype};
use super::sequence_score::{BeatPlace, SequenceScore};
use crate::model::beats::BeatPosition;
use std::collections::HashMap;

/// The most beats of the middle that are searched; a larger library keeps those with most points.
// Every set of used beats is a state, so each further beat doubles the search.
const MOST_MIDDLES: usize = 12;

/// Why there is no sequence. The text reads after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SequenceError {
    /// The usual sequence of the archetype cannot have this length.
    #[error(
        "fill {seconds} s with the usual beats of {archetype}: they can be {sums} s long; raise `--creativity` above 0, or ask for such a length"
    )]
    TemplateLength {
        /// The length.
        seconds: u32,
        /// The archetype.
        archetype: String,
        /// The possible lengths in words, the nearest first.
        sums: String,
    },
    /// No beats of the library have this length together.
    #[error(
        "fill {seconds} s with the beats of the library: it has no opening and closing for that"
    )]
    NoSequence {
        /// The length.
        seconds: u32,
    },
}

/// The beats of an ad, by their index in the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BeatSequence {
    /// The beats in order.
    pub beats: Vec<usize>,
    /// The points.
    pub points: i64,
}

/// Returns the beats of an archetype's usual sequence that have this length, by the ruling on
/// creativity 0: those of the middle that have the fewest points are left out first.
///
/// # Errors
/// Fails if no part of the sequence has this length. The error names the lengths that it can have.
pub(super) fn template_sequence(
    library: &AdLibrary,
    archetype: &LibraryArchetype,
    score: &SequenceScore,
    seconds: u32,
) -> Result<BeatSequence, SequenceError> {
    let index_of = |name: &str| library.beats.iter().position(|beat| beat.name == name);
    let whole: Vec<usize> = archetype
        .sequence()
        .into_iter()
        .filter_map(index_of)
        .collect();
    let length = |beats: &[usize]| {
        beats
            .iter()
            .map(|beat| library.beats[*beat].seconds)
            .sum::<u32>()
    };
    let parts = parts_of_template(&whole);
    let fits = parts.iter().filter(|part| length(part) == seconds);
    // The most beats, then the most points, then the earliest beats.
    let best = fits.max_by_key(|part| {
        let points: i64 = part.iter().map(|beat| score.own_points(*beat)).sum();
        (part.len(), points, std::cmp::Reverse((*part).clone()))
    });
    if let Some(beats) = best {
        return Ok(scored(library, score, beats.clone()));
    }
    let mut sums: Vec<u32> = parts.iter().map(|part| length(part)).collect();
    // The nearest first, and of two that are as near the shorter.
    sums.sort_unstable_by_key(|sum| (sum.abs_diff(seconds), *sum));
    sums.dedup();
    let sums: Vec<String> = sums.iter().take(3).map(u32::to_string).collect();
    Err(SequenceError::TemplateLength {
        seconds,
        archetype: archetype.title().to_lowercase(),
        sums: sums.join(", "),
    })
}

/// Returns the template with every choice of its middle, its ends always there.
fn parts_of_template(whole: &[usize]) -> Vec<Vec<usize>> {
    let (Some(first), Some(last)) = (whole.first(), whole.last()) else {
        return Vec::new();
    };
    // As both ends of the ad, its only beat would be there twice.
    if whole.len() == 1 {
        return vec![whole.to_vec()];
    }
    // A template of a user's own may be long, and each beat doubles the choices.
    let middle = &whole[1..whole.len() - 1];
    let middle = &middle[..middle.len().min(MOST_MIDDLES)];
    (0..1_u32 << middle.len())
        .map(|choice| {
            let chosen = middle
                .iter()
                .enumerate()
                .filter(|(index, _)| choice & (1 << index) != 0)
                .map(|(_, beat)| *beat);
            std::iter::once(*first)
                .chain(chosen)
                .chain([*last])
                .collect()
        })
        .collect()
}

/// Returns the sequence of this length with the most points.
///
/// # Errors
/// Fails if the library has no opening, no closing, or no beats that add up to the length.
pub(super) fn best_sequence(
    library: &AdLibrary,
    score: &SequenceScore,
    seconds: u32,
) -> Result<BeatSequence, SequenceError> {
    let mut search = SequenceSearch::new(library, score, seconds);
    let start = SearchState {
        passed: 0,
        last: None,
        used: 0,
    };
    if search.best_rest(start).is_none() {
        return Err(SequenceError::NoSequence { seconds });
    }
    Ok(scored(library, score, search.best_beats(start)))
}

/// Returns the position of beats at this place. A single beat is a closing: it has the name and
/// what to do.
pub(super) const fn position_at(is_first: bool, is_last: bool) -> BeatPosition {
    if is_last {
        BeatPosition::Closing
    } else if is_first {
        BeatPosition::Opening
    } else {
        BeatPosition::Middle
    }
}

/// Returns the points of beats in this order.
#[must_use]
pub(super) fn sequence_points(library: &AdLibrary, score: &SequenceScore, beats: &[usize]) -> i64 {
    let mut start = 0;
    let mut points = 0;
    for (index, beat) in beats.iter().enumerate() {
        let seconds = library.beats[*beat].seconds;
        points += score.beat_points(BeatPlace {
            beat: *beat,
            start,
            seconds,
            before: index.checked_sub(1).map(|before| beats[before]),
            is_repeated: beats[..index].contains(beat),
        });
        start += seconds;
    }
    points
}

fn scored(library: &AdLibrary, score: &SequenceScore, beats: Vec<usize>) -> BeatSequence {
    BeatSequence {
        points: sequence_points(library, score, &beats),
        beats,
    }
}

/// What matters for the rest of a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct SearchState {
    passed: u32,
    last: Option<usize>,
    /// A bit for each beat of the middle that was used.
    used: u32,
}

struct SequenceSearch<'a> {
    library: &'a AdLibrary,
    score: &'a SequenceScore,
    total: u32,
    /// The beats of the middle that are searched, in the order of the library.
    middles: Vec<usize>,
    // Looked up and never walked through, so its order cannot be seen in a plan.
    known: HashMap<SearchState, Option<i64>>,
}

impl<'a> SequenceSearch<'a> {
    fn new(library: &'a AdLibrary, score: &'a SequenceScore, total: u32) -> Self {
        let mut middles: Vec<usize> = (0..library.beats.len())
            .filter(|beat| library.beats[*beat].position == BeatPosition::Middle)
            .collect();
        middles.sort_by_key(|beat| (std::cmp::Reverse(score.own_points(*beat)), *beat));
        middles.truncate(MOST_MIDDLES);
        middles.sort_unstable();
        Self {
            library,
            score,
            total,
            middles,
            known: HashMap::new(),
        }
    }

    /// Returns the points of the best rest. `None`: no rest has the right length.
    fn best_rest(&mut self, state: SearchState) -> Option<i64> {
        if let Some(known) = self.known.get(&state) {
            return *known;
        }
        let mut best = None;
        // This calls itself once for each beat of the ad, of which there are 36 at most.
        for beat in 0..self.library.beats.len() {
            // `None` is less than any number of points.
            best = best.max(self.points_from(state, beat));
        }
        self.known.insert(state, best);
        best
    }

    /// Returns the points of the best rest that begins with this beat. `None`: none does.
    fn points_from(&mut self, state: SearchState, beat: usize) -> Option<i64> {
        let entry = &self.library.beats[beat];
        let end = state.passed.checked_add(entry.seconds)?;
        let is_last = end == self.total;
        let position = position_at(state.passed == 0, is_last);
        if end > self.total || entry.position != position {
            return None;
        }
        let bit = self.middles.iter().position(|middle| *middle == beat);
        if position == BeatPosition::Middle && bit.is_none() {
            return None;
        }
        // Openings and closings have no bit: their place allows each once.
        let bit = bit.map_or(0, |bit| 1 << bit);
        let points = self.score.beat_points(BeatPlace {
            beat,
            start: state.passed,
            seconds: entry.seconds,
            before: state.last,
            is_repeated: state.used & bit != 0,
        });
        if is_last {
            return Some(points);
        }
        let rest = self.best_rest(SearchState {
            passed: end,
            last: Some(beat),
            used: state.used | bit,
        })?;
        Some(points + rest)
    }

    /// Returns the beats of the best sequence; of equals, the first of the library at each place.
    fn best_beats(&mut self, mut state: SearchState) -> Vec<usize> {
        let mut beats = Vec::new();
        while state.passed < self.total {
            let best = self.best_rest(state);
            let count = self.library.beats.len();
            let Some(beat) = (0..count).find(|beat| {
                let points = self.points_from(state, *beat);
                // Without a rest both are `None`, and any beat would do.
                points.is_some() && points == best
            }) else {
                break;
            };
            beats.push(beat);
            let bit = self.middles.iter().position(|middle| *middle == beat);
            state = SearchState {
                passed: state.passed + self.library.beats[beat].seconds,
                last: Some(beat),
                used: state.used | bit.map_or(0, |bit| 1 << bit),
            };
        }
        beats
    }
}
