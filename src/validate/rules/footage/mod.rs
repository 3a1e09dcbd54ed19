//! Footage: the pictures and films that shots show in place of drawn frames.

mod damaged;
mod enlarged;
mod high_dynamic_range;
mod missing;
mod missing_pictures;
mod mixed_sizes;
mod other_rate;
mod outside_project;
mod several_runs;
mod single_picture;
mod unreadable;

use crate::model::Production;
use crate::model::footage::Footage;
use crate::model::production::Shot;
use crate::validate::ValidationRule;
use std::fmt;

/// The rules of this area.
pub(super) const RULES: &[ValidationRule] = &[
    missing::RULE,
    outside_project::RULE,
    several_runs::RULE,
    unreadable::RULE,
    damaged::RULE,
    missing_pictures::RULE,
    mixed_sizes::RULE,
    other_rate::RULE,
    single_picture::RULE,
    high_dynamic_range::RULE,
    enlarged::RULE,
];

/// Returns every shot that shows footage.
fn footage_shots(production: &Production) -> impl Iterator<Item = (&Shot, &Footage)> {
    let shots = production.shots.iter();
    shots.filter_map(|shot| Some((shot, shot.footage.as_ref()?)))
}

/// Most parts of a list of numbers that a message shows.
const MOST_PARTS: usize = 6;

/// Numbers of pictures in words: `picture 9`, `pictures 3-5, 9`.
struct RunWords(Vec<(i64, i64)>);

impl RunWords {
    /// Returns the words for these numbers, which are in order.
    fn from_numbers(numbers: impl Iterator<Item = i64>) -> Self {
        let mut parts: Vec<(i64, i64)> = Vec::new();
        for number in numbers {
            match parts.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => parts.push((number, number)),
            }
        }
        Self(parts)
    }
}

impl fmt::Display for RunWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_one = matches!(self.0.as_slice(), [(first, last)] if first == last);
        f.write_str(if is_one { "picture " } else { "pictures " })?;
        for (index, (first, last)) in self.0.iter().take(MOST_PARTS).enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            if first == last {
                write!(f, "{comma}{first}")?;
            } else {
                write!(f, "{comma}{first}-{last}")?;
            }
        }
        if self.0.len() > MOST_PARTS {
            f.write_str(" and more")?;
        }
        Ok(())
    }
}

/// Footage for the tests of these rules.
#[cfg(test)]
pub(in crate::validate) mod sample {
    use crate::model::footage::{
        FilmFacts, FilmReading, Footage, FootageFacts, FootagePace, FootageProblem, PictureRun,
    };
    use crate::model::{FrameRate, PixelSize, Production};
    use crate::validate::sample::sample_asset;
    use std::ops::RangeInclusive;
    use std::path::PathBuf;
    use std::sync::Arc;

    fn set_facts(production: &mut Production, facts: FootageFacts) {
        let is_film = facts.film().is_some();
        let shot = &mut production.shots[0];
        let first = if is_film { 0 } else { 1 };
        let count = i64::try_from(shot.frames.len()).unwrap();
        shot.footage = Some(Footage {
            source: sample_asset("plates/sh010.%04d.exr", 35),
            facts: Arc::new(facts),
            graded: false,
            picks: (first..first + count).collect(),
            pace: FootagePace {
                first_frame: 1,
                first_pick: first,
                rate: FrameRate::from_fps(24),
                source_rate: FrameRate::from_fps(24),
                is_still: false,
            },
        });
        shot.range_origin = None;
        production.shots[1].range_origin = None;
    }

    /// Sets footage of the first shot that cannot be used.
    pub(super) fn set_problem(production: &mut Production, problem: FootageProblem) {
        set_facts(production, FootageFacts::Unusable(problem));
    }

    /// Sets numbered pictures as the footage of the first shot.
    pub(in crate::validate) fn set_pictures(
        production: &mut Production,
        numbers: RangeInclusive<i32>,
    ) {
        let file = |number: i32| {
            (
                number,
                PathBuf::from(format!("plates/sh010.{number:04}.exr")),
            )
        };
        let run = PictureRun {
            files: numbers.map(file).collect(),
            is_still: false,
            size: PixelSize::new(1920, 1080),
            is_linear: true,
            other_sizes: Vec::new(),
            damaged: Vec::new(),
            siblings: None,
        };
        set_facts(production, FootageFacts::Pictures(run));
    }

    /// Changes the pictures of the first shot.
    pub(super) fn change_run(production: &mut Production, change: impl FnOnce(&mut PictureRun)) {
        let footage = production.shots[0].footage.as_mut().unwrap();
        let mut run = footage.facts.pictures().unwrap().clone();
        change(&mut run);
        footage.facts = Arc::new(FootageFacts::Pictures(run));
    }

    /// Sets a film of 48 pictures as the footage of the first shot.
    pub(super) fn set_film(production: &mut Production, change: impl FnOnce(&mut FilmFacts)) {
        let mut film = FilmFacts {
            path: PathBuf::from("plates/sh010.mov"),
            size: PixelSize::new(1920, 1080),
            rate: FrameRate::from_fps(24),
            pictures: 48,
            reading: FilmReading {
                first: 0.0,
                file_start: 0.0,
                is_steady: true,
                is_untagged: false,
            },
            is_hdr: false,
            cut_short: None,
        };
        change(&mut film);
        set_facts(production, FootageFacts::Film(film));
    }
}
