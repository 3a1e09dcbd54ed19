//! The form of a piece: phrases, passages, and the energy of every bar, from the film's sections.

use super::music_grid::{MusicGrid, TICKS_PER_BEAT};
use crate::model::sound::MusicSection;

/// How a phrase ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhraseCadence {
    /// On the dominant or a chord like it: another phrase must follow.
    Half,
    /// On the tonic.
    Full,
}

/// Two to eight bars that belong together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MusicPhrase {
    /// Index of its first bar.
    pub first_bar: u64,
    /// Its number of bars.
    pub bars: u64,
    /// Index of the passage that it belongs to. A passage begins where the film changes.
    pub passage: usize,
    /// Index within its passage.
    pub index: usize,
    /// Whether it has the contrasting theme.
    pub is_contrast: bool,
    /// How it ends.
    pub cadence: PhraseCadence,
    /// Mean energy of its bars, 0 to 1.
    pub energy: f32,
}

/// A cut that the music marks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MusicHit {
    /// The tick that is nearest to the cut.
    pub tick: u64,
    /// Energy of the film after it.
    pub energy: f32,
}

/// The form of a piece.
#[derive(Debug, Clone, PartialEq)]
pub struct MusicalForm {
    /// Its phrases, without gaps.
    pub phrases: Vec<MusicPhrase>,
    /// Energy of each bar, 0 to 1.
    pub bar_energy: Vec<f32>,
    /// The cuts that it marks.
    pub hits: Vec<MusicHit>,
}

/// Returns the sections in order, from 0, within the cue, with an energy from 0 to 1.
#[must_use]
pub(super) fn clean_sections(sections: &[MusicSection], length: u64) -> Vec<MusicSection> {
    let within = sections.iter().filter(|section| section.start < length);
    let mut clean: Vec<MusicSection> = within
        .map(|section| MusicSection {
            energy: if section.energy.is_finite() {
                section.energy.clamp(0.0, 1.0)
            } else {
                0.5
            },
            ..*section
        })
        .collect();
    clean.sort_by_key(|section| section.start);
    // Every bar needs an energy, also before the first section.
    if clean.first().is_none_or(|first| first.start > 0) {
        let energy = clean.first().map_or(0.5, |first| first.energy);
        let first = MusicSection {
            start: 0,
            energy,
            hit: false,
        };
        clean.insert(0, first);
    }
    clean
}

impl MusicalForm {
    /// Returns the form of a piece that follows these sections, which are clean.
    #[must_use]
    pub fn new(grid: &MusicGrid, sections: &[MusicSection]) -> Self {
        let bar_energy = bar_energies(grid, sections);
        let hits: Vec<MusicHit> = sections
            .iter()
            .filter(|section| section.hit)
            .map(|section| MusicHit {
                tick: grid.tick_at_sample(section.start),
                energy: section.energy,
            })
            .collect();
        // Phrases follow the sections where they can: a boundary of a section weighs more than a
        // regular length.
        let weights = boundary_weights(grid, sections);
        let lengths = phrase_lengths(grid.bars, &weights);
        let phrases = new_phrases(&lengths, &weights, &bar_energy);
        Self {
            phrases,
            bar_energy,
            hits,
        }
    }

    /// Returns the energy at a bar.
    #[must_use]
    pub fn energy_at_bar(&self, bar: u64) -> f32 {
        let index = usize::try_from(bar).unwrap_or(usize::MAX);
        let found = self.bar_energy.get(index).or(self.bar_energy.last());
        found.copied().unwrap_or(0.5)
    }
}

/// Returns the energy of each bar: the mean of the sections in it, smoothed over its neighbours
/// where no cut is marked.
fn bar_energies(grid: &MusicGrid, sections: &[MusicSection]) -> Vec<f32> {
    let mut raw = Vec::new();
    let mut first = 0;
    for bar in 0..grid.bars {
        let begin = grid.sample_at_tick(bar * grid.bar_ticks());
        let end = grid.sample_at_tick((bar + 1) * grid.bar_ticks());
        while sections
            .get(first + 1)
            .is_some_and(|next| next.start <= begin)
        {
            first += 1;
        }
        let mut sum = 0.0;
        for (index, section) in sections.iter().enumerate().skip(first) {
            if section.start >= end {
                break;
            }
            // A section ends where the next begins, or the bar does.
            let until = sections
                .get(index + 1)
                .map_or(end, |next| next.start.min(end));
            let samples = until.saturating_sub(section.start.max(begin));
            sum += f64::from(section.energy) * samples as f64;
        }
        raw.push(sum / (end - begin).max(1) as f64);
    }
    let marked = boundary_weights(grid, sections);
    let energies = raw.iter().enumerate().map(|(index, energy)| {
        let is_marked = |bar: usize| marked.get(bar).is_some_and(|weight| *weight > 1.0);
        let before = if index == 0 || is_marked(index) {
            energy
        } else {
            &raw[index - 1]
        };
        let after = match raw.get(index + 1) {
            Some(after) if !is_marked(index + 1) => after,
            _ => energy,
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an energy is a short number"
        )]
        // Smoothed, so that a short shot in the middle of a scene does not make the music jump.
        let smooth = (0.25 * before + 0.5 * energy + 0.25 * after) as f32;
        smooth
    });
    energies.collect()
}

/// Returns for each bar how much a phrase should begin there: 2 for a cut that the music marks and
/// 0.4 for another cut, if it is within a beat of the bar line.
fn boundary_weights(grid: &MusicGrid, sections: &[MusicSection]) -> Vec<f64> {
    let bars = usize::try_from(grid.bars).unwrap_or(0);
    let mut weights = vec![0.0_f64; bars];
    for section in sections.iter().filter(|section| section.start > 0) {
        let tick = grid.tick_at_sample(section.start);
        let bar = (tick + grid.bar_ticks() / 2) / grid.bar_ticks();
        let distance = tick.abs_diff(bar * grid.bar_ticks());
        let index = usize::try_from(bar).unwrap_or(usize::MAX);
        if let Some(weight) = weights.get_mut(index)
            // Farther from the bar line, a new phrase would seem to come too early or too late.
            && distance <= TICKS_PER_BEAT
        {
            let most = if section.hit { 2.0 } else { 0.4 };
            *weight = weight.max(most);
        }
    }
    weights
}

/// Returns the bars of each phrase: fours where the film allows it, with boundaries where it
/// changes. The cheapest of all ways.
fn phrase_lengths(bars: u64, weights: &[f64]) -> Vec<u64> {
    // By number of bars, from 1: four is what the ear expects, then eight and two. Odd ones sound
    // cut off.
    const COSTS: [f64; 8] = [3.0, 0.8, 1.6, 0.0, 2.2, 1.2, 2.4, 0.6];
    let bars = usize::try_from(bars).unwrap_or(0);
    let within: Vec<f64> = std::iter::once(0.0)
        .chain(weights.iter().scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        }))
        .collect();
    // All ways at once, from the shortest piece on: a greedy choice of fours could leave a phrase
    // of one bar at the end.
    let mut best = vec![f64::INFINITY; bars + 1];
    let mut chosen = vec![0; bars + 1];
    best[0] = 0.0;
    for end in 1..=bars {
        for length in 1..=COSTS.len().min(end) {
            let start = end - length;
            // Boundaries inside the phrase are the ones that it passes over.
            let missed = within[end] - within[start + 1];
            let cost = best[start] + COSTS[length - 1] + missed;
            if cost < best[end] {
                best[end] = cost;
                chosen[end] = length;
            }
        }
    }
    let mut lengths = Vec::new();
    let mut end = bars;
    while end > 0 {
        lengths.push(chosen[end] as u64);
        // At least one, so that a mistake in the table cannot loop for ever.
        end -= chosen[end].max(1);
    }
    lengths.reverse();
    lengths
}

fn new_phrases(lengths: &[u64], weights: &[f64], bar_energy: &[f32]) -> Vec<MusicPhrase> {
    let mut phrases: Vec<MusicPhrase> = Vec::new();
    let mut first_bar = 0;
    let mut passage = 0;
    let mut index = 0;
    for bars in lengths {
        let first = usize::try_from(first_bar).unwrap_or(0);
        let is_marked = weights.get(first).is_some_and(|weight| *weight > 1.0);
        // A passage without any change of the film is a period of four phrases.
        if !phrases.is_empty() && ((is_marked && index > 0) || index == 4) {
            passage += 1;
            index = 0;
        }
        let count = usize::try_from(*bars).unwrap_or(1);
        let energies = bar_energy.iter().skip(first).take(count);
        phrases.push(MusicPhrase {
            first_bar,
            bars: *bars,
            passage,
            index,
            is_contrast: false,
            cadence: PhraseCadence::Half,
            energy: energies.sum::<f32>() / count.max(1) as f32,
        });
        first_bar += bars;
        index += 1;
    }
    let last_passage = passage;
    let count = phrases.len();
    for at in 0..count {
        let closes_passage = phrases.get(at + 1).is_none_or(|next| next.index == 0);
        let phrase = &mut phrases[at];
        // Passages alternate between the two themes, and the last returns to the first. A single
        // passage has the contrast in its third phrase.
        phrase.is_contrast = if last_passage == 0 {
            phrase.index == 2 && count > 3
        } else {
            phrase.passage % 2 == 1 && phrase.passage != last_passage
        };
        if closes_passage || phrase.index % 2 == 1 {
            phrase.cadence = PhraseCadence::Full;
        }
    }
    phrases
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(bars: u64) -> MusicGrid {
        MusicGrid {
            beats_per_bar: 4,
            bars,
            length: bars * 96_000,
            sample_rate: 48_000,
        }
    }

    fn section(bar: u64, energy: f32, hit: bool) -> MusicSection {
        MusicSection {
            start: bar * 96_000,
            energy,
            hit,
        }
    }

    #[test]
    fn phrases_begin_where_the_film_changes() {
        let sections = [
            section(0, 0.2, true),
            section(6, 0.9, true),
            section(9, 0.4, false),
        ];
        let form = MusicalForm::new(&grid(16), &sections);
        assert!(
            form.phrases.iter().any(|phrase| phrase.first_bar == 6),
            "{form:?}"
        );
        assert_eq!(
            form.phrases.iter().map(|phrase| phrase.bars).sum::<u64>(),
            16
        );
        assert!(form.energy_at_bar(5) < 0.3, "a marked cut is not smoothed");
        assert!(form.energy_at_bar(6) > 0.8);
        let last = form.phrases.last().unwrap();
        assert_eq!(last.cadence, PhraseCadence::Full);
        assert!(!last.is_contrast);
    }

    #[test]
    fn without_changes_phrases_have_four_bars() {
        let form = MusicalForm::new(&grid(16), &[section(0, 0.5, false)]);
        let bars: Vec<u64> = form.phrases.iter().map(|phrase| phrase.bars).collect();
        assert_eq!(bars, [4, 4, 4, 4]);
        let contrasts: Vec<bool> = form
            .phrases
            .iter()
            .map(|phrase| phrase.is_contrast)
            .collect();
        assert_eq!(contrasts, [false, false, true, false]);
    }

    #[test]
    fn every_number_of_bars_has_phrases() {
        for bars in 1..40 {
            let form = MusicalForm::new(&grid(bars), &[section(0, 0.5, false)]);
            assert_eq!(
                form.phrases.iter().map(|phrase| phrase.bars).sum::<u64>(),
                bars
            );
            assert_eq!(form.bar_energy.len() as u64, bars);
        }
    }

    #[test]
    fn sections_of_any_kind_become_clean() {
        let odd = [
            MusicSection {
                start: 900,
                energy: f32::NAN,
                hit: true,
            },
            MusicSection {
                start: 100,
                energy: 7.0,
                hit: false,
            },
            MusicSection {
                start: 5000,
                energy: 0.1,
                hit: false,
            },
        ];
        let clean = clean_sections(&odd, 1000);
        assert_eq!(
            clean
                .iter()
                .map(|section| section.start)
                .collect::<Vec<_>>(),
            [0, 100, 900]
        );
        assert!(
            clean
                .iter()
                .all(|section| (0.0..=1.0).contains(&section.energy))
        );
        assert_eq!(clean_sections(&[], 10).len(), 1);
    }
}
