//! How long each job will take: from recorded durations where there are any, from a rough table otherwise. Knows nothing
//! of who works beside whom; that is the dispatcher's.

use super::graph::Links;
use crate::model::{AssetKind, Job, JobAction, cost_model};
use std::collections::HashMap;

/// Seconds a unit of each kind of work takes on this machine.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    /// By producer, and by variety: two engines have nothing in common.
    per_unit: HashMap<String, HashMap<String, Spread>>,
}

/// Observed seconds a unit: low, middle and high, and from how many jobs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    low: f64,
    middle: f64,
    high: f64,
    samples: usize,
}

impl Pace {
    /// Returns the pace seen in recorded jobs: seconds and units of each, by kind of work.
    #[must_use]
    pub fn from_samples(samples: &HashMap<String, Vec<(f64, usize)>>) -> Self {
        let spread = |jobs: &Vec<(f64, usize)>| {
            let mut rates: Vec<f64> = jobs
                .iter()
                .filter(|(_, units)| *units > 0)
                .map(|(s, u)| s / units(*u))
                .collect();
            rates.sort_by(f64::total_cmp);
            let at = |part: usize| rates.get(rates.len() * part / 10).copied();
            Some(Spread {
                low: at(1)?,
                middle: at(5)?,
                high: at(9)?,
                samples: rates.len(),
            })
        };
        let mut pace = Self::default();
        for (kind, jobs) in samples {
            let (producer, variety) = kind.split_once('/').unwrap_or((kind, ""));
            if let Some(spread) = spread(jobs) {
                pace.per_unit
                    .entry(producer.to_owned())
                    .or_default()
                    .insert(variety.to_owned(), spread);
            }
        }
        pace
    }

    /// Returns how many recorded jobs the pace rests on.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.per_unit
            .values()
            .flat_map(HashMap::values)
            .map(|spread| spread.samples)
            .sum()
    }

    fn seen(&self, work: &JobAction) -> Option<&Spread> {
        self.per_unit
            .get(work.producer())?
            .get(work.variant().unwrap_or_default())
    }

    /// Returns whether work of this kind has been seen.
    #[must_use]
    pub fn knows(&self, work: &JobAction) -> bool {
        self.seen(work).is_some()
    }

    /// Returns how many recorded jobs of this kind the pace rests on.
    #[must_use]
    pub fn samples_of(&self, work: &JobAction) -> usize {
        self.seen(work).map_or(0, |spread| spread.samples)
    }

    /// Returns expected seconds for a job: low, middle, high. The outer two are the first and the last tenth of what was
    /// seen; work never seen may take a third of a rough guess, or three times it.
    #[must_use]
    pub fn of(&self, work: &JobAction) -> (f64, f64, f64) {
        let units = units(work.unit_count());
        let rough = rough_seconds(work);
        self.seen(work)
            .map_or((rough / 3.0, rough, rough * 3.0), |spread| {
                (
                    spread.low * units,
                    spread.middle * units,
                    spread.high * units,
                )
            })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "unit counts stay far below 2^52"
)]
fn units(count: usize) -> f64 {
    count.max(1) as f64
}

/// A guess for work never seen on this machine, from two cores and a software adapter.
fn rough_seconds(work: &JobAction) -> f64 {
    let units = units(work.unit_count());
    match work {
        JobAction::Import {
            kind: AssetKind::Blend,
        } => 3.0,
        JobAction::Import { .. } => 0.1,
        JobAction::Sheet {
            engine,
            size,
            samples,
            ..
        }
        | JobAction::Plate {
            engine,
            size,
            samples,
            ..
        }
        | JobAction::Render {
            engine,
            size,
            samples,
            ..
        } => {
            cost_model::startup_seconds(engine)
                + units * cost_model::render_seconds(engine, *size, *samples)
        }
        JobAction::Grade { .. } => units * cost_model::grade_seconds(),
        JobAction::Encode { format, .. } => units * cost_model::encode_seconds(format.size),
        JobAction::Stitch { .. } => 0.2 + units * 0.001,
        JobAction::Verify { .. } => 0.2 + units * 0.01,
    }
}

/// Returns for each job the seconds to the end of the longest chain behind it.
pub(super) fn priorities(jobs: &[Job], links: &Links, pace: &Pace) -> Vec<f64> {
    let mut length = vec![0.0f64; jobs.len()];
    for id in links.order.iter().rev() {
        let behind = links.dependants[id.index()]
            .iter()
            .map(|next| length[next.index()])
            .fold(0.0, f64::max);
        length[id.index()] = behind + pace.of(&jobs[id.index()].work).1;
    }
    length
}
