//! Bars and tempo: fits a whole number of bars to a cue, with the cuts that matter near beats.

use super::musical_mood::MusicalMood;
use crate::model::sound::MusicSection;

/// Ticks of a beat, which is a quarter note.
// What sequencers use: it can be divided by all note values, triplets too.
pub const TICKS_PER_BEAT: u64 = 960;

/// A cue of fewer seconds is silent: there is no time to hear a chord.
pub const SHORTEST_MUSIC: f64 = 0.5;

/// A cue of fewer seconds is one chord.
pub(super) const SHORTEST_PIECE: f64 = 3.0;

/// The bars of a piece. Its tempo is steady, and its last bar ends with the cue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MusicGrid {
    /// Beats of a bar.
    pub beats_per_bar: u64,
    /// Number of bars, at least 1.
    pub bars: u64,
    /// Length of the cue in samples.
    pub length: u64,
    /// Samples a second.
    pub sample_rate: u32,
}

impl MusicGrid {
    /// Returns the ticks of a bar.
    #[must_use]
    pub const fn bar_ticks(&self) -> u64 {
        self.beats_per_bar * TICKS_PER_BEAT
    }

    /// Returns the tick at which the piece ends.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.bars * self.bar_ticks()
    }

    /// Returns the sample at which a tick begins, rounded to the nearest.
    #[must_use]
    pub fn sample_at_tick(&self, tick: u64) -> u64 {
        let end = u128::from(self.end().max(1));
        // In whole numbers, from the ends of the cue: rounding never adds up, and the last tick is
        // the last sample.
        let samples = (u128::from(tick) * u128::from(self.length) + end / 2) / end;
        u64::try_from(samples).unwrap_or(u64::MAX)
    }

    /// Returns the tick that is nearest to a sample.
    #[must_use]
    pub fn tick_at_sample(&self, sample: u64) -> u64 {
        let length = u128::from(self.length.max(1));
        let ticks = (u128::from(sample) * u128::from(self.end()) + length / 2) / length;
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }

    /// Returns the ticks of a duration, at least 1.
    #[must_use]
    pub fn ticks_of_seconds(&self, seconds: f64) -> u64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "callers give fractions of a second, and a cast of a float saturates"
        )]
        let samples = (seconds * f64::from(self.sample_rate)) as u64;
        self.tick_at_sample(samples).max(1)
    }

    /// Returns the beats a minute.
    #[must_use]
    pub fn beats_per_minute(&self) -> f64 {
        let seconds = self.length as f64 / f64::from(self.sample_rate.max(1));
        60.0 * (self.bars * self.beats_per_bar) as f64 / seconds
    }

    /// Fits bars of a mood to a cue. `None`: it is shorter than [`SHORTEST_MUSIC`].
    #[must_use]
    pub fn fit(
        mood: &MusicalMood,
        length: u64,
        sample_rate: u32,
        sections: &[MusicSection],
    ) -> Option<Self> {
        let seconds = length as f64 / f64::from(sample_rate.max(1));
        if sample_rate == 0 || seconds < SHORTEST_MUSIC {
            return None;
        }
        let new_grid = |beats_per_bar: u64, bars: u64| Self {
            beats_per_bar,
            bars,
            length,
            sample_rate,
        };
        // Too short for a phrase. One bar at the mood's own tempo is one chord, which is what such
        // a cue needs.
        if seconds < SHORTEST_PIECE {
            let beats = seconds * f64::from(mood.slowest + mood.fastest) / 120.0;
            return Some(new_grid(rounded_count(beats).clamp(1, 4), 1));
        }
        // Another metre is better than a tempo that the mood does not have.
        let metres = [mood.beats_per_bar, 4, 3, 2];
        let fitting = metres.iter().find_map(|beats_per_bar| {
            let slowest = seconds * f64::from(mood.slowest) / 60.0 / *beats_per_bar as f64;
            let fastest = seconds * f64::from(mood.fastest) / 60.0 / *beats_per_bar as f64;
            // The number of bars is chosen and the tempo follows from it, so the last bar ends
            // exactly with the cue.
            let first = rounded_count(slowest.ceil());
            let last = rounded_count(fastest.floor());
            (first..=last)
                .map(|bars| new_grid(*beats_per_bar, bars))
                .min_by(|a, b| {
                    let cost = |grid: &Self| grid.cut_distance(sections) + grid.shape_cost(mood);
                    cost(a).total_cmp(&cost(b))
                })
        });
        fitting.or_else(|| {
            let middle = f64::from(mood.slowest + mood.fastest) / 2.0;
            let bars = seconds * middle / 60.0 / mood.beats_per_bar as f64;
            Some(new_grid(mood.beats_per_bar, rounded_count(bars).max(1)))
        })
    }

    /// Returns how far the cuts are from beats and bar lines on average, 0 to about 1. Cuts that
    /// the music marks count four times.
    fn cut_distance(&self, sections: &[MusicSection]) -> f64 {
        let mut weights = 0.0;
        let mut distances = 0.0;
        for section in sections.iter().filter(|section| section.start > 0) {
            // A cut that is marked and falls between beats would sound like a mistake. Another
            // is inaudible.
            let weight = if section.hit { 4.0 } else { 1.0 };
            let tick = self.tick_at_sample(section.start);
            let from_beat = distance_to_multiple(tick, TICKS_PER_BEAT);
            let from_bar = distance_to_multiple(tick, self.bar_ticks());
            // Both as parts of a beat; a bar line is worth more, but no more than a beat.
            distances += weight * (from_beat + (from_bar / 4.0).min(0.5));
            weights += weight;
        }
        if weights > 0.0 {
            distances / weights
        } else {
            0.0
        }
    }

    /// Returns the cost of a number of bars that makes uneven phrases, or of a tempo away from the
    /// middle of the mood's range.
    fn shape_cost(&self, mood: &MusicalMood) -> f64 {
        let phrases = match self.bars % 4 {
            0 => 0.0,
            2 => 0.02,
            _ => 0.06,
        };
        let middle = f64::from(mood.slowest + mood.fastest) / 2.0;
        let range = f64::from(mood.fastest - mood.slowest).max(1.0);
        // Small beside the distance of cuts: it decides only between grids that fit the film
        // equally.
        phrases + 0.1 * (self.beats_per_minute() - middle).abs() / range
    }
}

/// Returns how far `tick` is from a multiple, in beats.
fn distance_to_multiple(tick: u64, multiple: u64) -> f64 {
    let after = tick % multiple;
    after.min(multiple - after) as f64 / TICKS_PER_BEAT as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of beats in a cue are small and positive, and a cast of a float saturates"
)]
fn rounded_count(value: f64) -> u64 {
    value.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::mood_table::find_mood;

    fn section(start: u64, hit: bool) -> MusicSection {
        MusicSection {
            start,
            energy: 0.5,
            hit,
        }
    }

    #[test]
    fn the_last_bar_ends_on_the_last_sample_and_the_tempo_is_the_moods() {
        for mood in crate::music::mood_table::MUSICAL_MOODS {
            for seconds in [3, 5, 8, 12, 20, 33, 61, 300, 7200] {
                let length = seconds * 48_000 + 7;
                let grid = MusicGrid::fit(mood, length, 48_000, &[]).unwrap();
                assert_eq!(grid.sample_at_tick(grid.end()), length);
                if seconds >= 8 {
                    let tempo = grid.beats_per_minute();
                    let range = f64::from(mood.slowest)..=f64::from(mood.fastest);
                    assert!(
                        range.contains(&tempo),
                        "{}: {tempo} in {seconds} s",
                        mood.name
                    );
                }
            }
        }
    }

    /// As `docs/music.md` says.
    #[test]
    fn from_seven_seconds_on_every_mood_has_its_own_tempo() {
        for mood in crate::music::mood_table::MUSICAL_MOODS {
            let range = f64::from(mood.slowest) - 0.1..=f64::from(mood.fastest) + 0.1;
            for tenths in 70..400 {
                let grid = MusicGrid::fit(mood, tenths * 4800, 48_000, &[]).unwrap();
                let tempo = grid.beats_per_minute();
                assert!(range.contains(&tempo), "{}: {tempo}, {tenths}", mood.name);
            }
            // A shorter one has whole beats, which may be faster or slower than the mood.
            let chord = MusicGrid::fit(mood, 2 * 48_000, 48_000, &[]).unwrap();
            assert_eq!(chord.bars, 1);
            assert!((1..=4).contains(&chord.beats_per_bar), "{chord:?}");
        }
    }

    #[test]
    fn cuts_that_matter_are_near_beats() {
        let mood = find_mood("dramatic").unwrap();
        // Cuts at 7.5 s and 15 s of 30: a tempo of 80 or 96 has a beat there, and 87 has none.
        let cuts = [
            section(0, false),
            section(360_000, true),
            section(720_000, true),
        ];
        let grid = MusicGrid::fit(mood, 1_440_000, 48_000, &cuts).unwrap();
        let off = grid.tick_at_sample(360_000) % TICKS_PER_BEAT;
        assert!(off.min(TICKS_PER_BEAT - off) <= 1, "{grid:?}: {off} ticks");
    }

    #[test]
    fn a_cue_that_is_too_short_has_no_bars() {
        let mood = find_mood("neutral").unwrap();
        assert_eq!(MusicGrid::fit(mood, 23_999, 48_000, &[]), None);
        assert_eq!(MusicGrid::fit(mood, 0, 48_000, &[]), None);
        assert_eq!(MusicGrid::fit(mood, 24_000, 48_000, &[]).unwrap().bars, 1);
    }
}
