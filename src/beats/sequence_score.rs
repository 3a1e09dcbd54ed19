//! The score of a sequence of beats, by which the best one is found.
//!
//! A sum of one term for each beat and one for each two neighbours, in whole points, so that a search
//! can be exact and everybody gets the same result:
//!
//! * a beat of the archetype's usual sequence, at its first use: +100, less with creativity
//! * a beat out of the usual order behind another of it: -20, less with creativity
//! * the product: +20 if the beat is made for it, +8 if for all, -25 if for others
//! * energy: minus a tenth of the distance from the archetype's curve at the middle of the beat
//! * pace: minus 4 for each second that the beat is longer or shorter than the archetype's usual beat
//! * a beat that was used before: -60; one that follows itself: -10000, so only if it is forced
//! * a beat with somebody in it, if nobody may be seen: -80
//! * creativity: a random number from -40 to 40 for each beat and seed, times the square of
//!   creativity

use super::library_beat::{AdLibrary, LibraryArchetype, LibraryBeat};
use crate::base::seeded_random::SeededRandom;
use crate::model::beats::{EnergyCurve, EnergyLevel};

const TEMPLATE: i64 = 100;
const OUT_OF_ORDER: i64 = -20;
const MADE_FOR_IT: i64 = 20;
const MADE_FOR_ALL: i64 = 8;
const MADE_FOR_OTHERS: i64 = -25;
const PACE_PER_SECOND: i64 = 4;
const UNWANTED_PERSON: i64 = -80;
const REPEATED: i64 = -60;
const FOLLOWS_ITSELF: i64 = -10_000;
const RANDOM_RANGE: f32 = 40.0;

/// What sequences are scored by.
#[derive(Debug, Clone)]
pub(super) struct SequenceScore {
    /// Points of each beat for itself, without energy.
    own: Vec<i64>,
    /// The place of each beat in the usual sequence.
    template_place: Vec<Option<usize>>,
    energy: Vec<EnergyLevel>,
    curve: EnergyCurve,
    /// Percent of the terms for the usual sequence that count.
    order_percent: i64,
    total: u32,
}

/// Where a beat is put, for its score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BeatPlace {
    /// Index of the beat.
    pub beat: usize,
    /// Seconds from the start of the ad.
    pub start: u32,
    /// Seconds.
    pub seconds: u32,
    /// Index of the beat before it.
    pub before: Option<usize>,
    /// Whether it was used before.
    pub is_repeated: bool,
}

impl SequenceScore {
    /// Returns the score for an archetype, a product, a creativity from 0 to 1 and a seed.
    #[must_use]
    pub(super) fn new(
        library: &AdLibrary,
        archetype: &LibraryArchetype,
        categories: &[String],
        creativity: f32,
        seed: u64,
        total: u32,
        without_people: bool,
    ) -> Self {
        let sequence = archetype.sequence();
        let pace = usual_pace(library, &sequence);
        let own = library.beats.iter().map(|beat| {
            let person = without_people && beat.shows_person;
            product_points(beat, categories) + if person { UNWANTED_PERSON } else { 0 }
                - PACE_PER_SECOND * (i64::from(beat.seconds * 4) - pace).abs() / 4
                + random_points(beat, creativity, seed)
        });
        let place = |beat: &LibraryBeat| sequence.iter().position(|name| *name == beat.name);
        Self {
            own: own.collect(),
            template_place: library.beats.iter().map(place).collect(),
            energy: library.beats.iter().map(|beat| beat.energy).collect(),
            curve: archetype.energy_curve,
            order_percent: percent(1.0 - creativity),
            total,
        }
    }

    /// Returns the points of a beat at its place.
    #[must_use]
    pub(super) fn beat_points(&self, place: BeatPlace) -> i64 {
        let mut points = self.own[place.beat] + self.energy_points(place);
        let template = self.template_place[place.beat];
        if place.is_repeated {
            points += REPEATED;
        } else if template.is_some() {
            points += TEMPLATE * self.order_percent / 100;
        }
        // Only the neighbour is compared: the search remembers no more of the beats before.
        if let Some(before) = place.before {
            if before == place.beat {
                points += FOLLOWS_ITSELF;
            }
            if let (Some(earlier), Some(later)) = (self.template_place[before], template)
                && later <= earlier
            {
                points += OUT_OF_ORDER * self.order_percent / 100;
            }
        }
        points
    }

    /// Returns the points of a beat for itself, by which beats of a template are ranked.
    #[must_use]
    pub(super) fn own_points(&self, beat: usize) -> i64 {
        self.own[beat]
    }

    fn energy_points(&self, place: BeatPlace) -> i64 {
        // Percent of the ad at the middle of the beat. Twice the start keeps the half of a second.
        let middle = i64::from(place.start * 2 + place.seconds) * 50 / i64::from(self.total.max(1));
        let wanted = match self.curve {
            EnergyCurve::Steady => 100,
            EnergyCurve::Building => middle * 2,
            // Up to two hundred at two thirds, down to one hundred at the end.
            EnergyCurve::Peaking if middle <= 67 => middle * 3,
            EnergyCurve::Peaking => 200 - (middle - 67) * 3,
        };
        let level = match self.energy[place.beat] {
            EnergyLevel::Low => 0,
            EnergyLevel::Medium => 100,
            EnergyLevel::High => 200,
        };
        -(level - wanted).abs() / 10
    }
}

/// Returns the usual length of a beat of the archetype, in quarters of a second.
fn usual_pace(library: &AdLibrary, sequence: &[&str]) -> i64 {
    let lengths: Vec<i64> = sequence
        .iter()
        .filter_map(|name| library.beat(name))
        .map(|beat| i64::from(beat.seconds * 4))
        .collect();
    let count = i64::try_from(lengths.len()).unwrap_or(1).max(1);
    // Without a known beat, the pace is that of the shortest: five seconds.
    if lengths.is_empty() {
        20
    } else {
        lengths.iter().sum::<i64>() / count
    }
}

fn product_points(beat: &LibraryBeat, categories: &[String]) -> i64 {
    let has = |word: &str| beat.products.iter().any(|product| product == word);
    if categories.iter().any(|category| has(category)) {
        MADE_FOR_IT
    } else if beat.products.is_empty() || has("all") {
        MADE_FOR_ALL
    } else {
        MADE_FOR_OTHERS
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number is from -40 to 40"
)]
fn random_points(beat: &LibraryBeat, creativity: f32, seed: u64) -> i64 {
    // A generator for each name, so that a beat of the user's own changes no other.
    let mut random = SeededRandom::for_part(seed, &beat.name);
    // The first numbers of near seeds are alike.
    random.next_u64();
    let creativity = creativity.clamp(0.0, 1.0);
    (random.next_signed() * RANDOM_RANGE * creativity * creativity) as i64
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the number is from 0 to 100"
)]
fn percent(share: f32) -> i64 {
    (share.clamp(0.0, 1.0) * 100.0).round() as i64
}
