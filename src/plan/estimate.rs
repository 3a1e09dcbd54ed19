//! How long a plan will take: from recorded durations where there are any, from a probe of this machine otherwise.
//!
//! A makespan is found by playing the plan through a list scheduler with the same order and the same capacity that
//! execution uses, on a clock that only counts.

use super::Plan;
use super::graph::Links;
use crate::model::{Job, Phase, Work, cost};
use std::collections::{BTreeMap, HashMap};

/// Seconds a unit of each kind of work takes on this machine.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    per_unit: HashMap<String, Spread>,
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
    /// Returns the pace seen in recorded jobs: seconds and units of each, by producer.
    #[must_use]
    pub fn from_samples(samples: &HashMap<String, Vec<(f64, usize)>>) -> Self {
        let spread = |jobs: &Vec<(f64, usize)>| {
            let mut rates: Vec<f64> =
                jobs.iter().filter(|(_, units)| *units > 0).map(|(s, u)| s / units(*u)).collect();
            rates.sort_by(f64::total_cmp);
            let at = |part: usize| rates.get(rates.len() * part / 10).copied();
            Some(Spread { low: at(1)?, middle: at(5)?, high: at(9)?, samples: rates.len() })
        };
        let per_unit = samples.iter().filter_map(|(producer, jobs)| Some((producer.clone(), spread(jobs)?)));
        Self { per_unit: per_unit.collect() }
    }

    /// Returns how many recorded jobs the pace rests on.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.per_unit.values().map(|spread| spread.samples).sum()
    }

    /// Returns whether work of this kind has been seen.
    #[must_use]
    pub fn knows(&self, work: &Work) -> bool {
        self.per_unit.contains_key(work.producer())
    }

    /// Returns expected seconds for a job: low, middle, high.
    fn of(&self, work: &Work) -> (f64, f64, f64) {
        let units = units(work.units());
        let rough = rough_seconds(work);
        self.per_unit.get(work.producer()).map_or((rough / 3.0, rough, rough * 3.0), |spread| {
            (spread.low * units, spread.middle * units, spread.high * units)
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "unit counts stay far below 2^52")]
fn units(count: usize) -> f64 {
    count.max(1) as f64
}

/// A guess for work never seen on this machine, from two cores and a software adapter.
fn rough_seconds(work: &Work) -> f64 {
    let units = units(work.units());
    match work {
        Work::Import { .. } => 0.1,
        Work::Sheet { size, samples, .. }
        | Work::Plate { size, samples, .. }
        | Work::Render { size, samples, .. } => units * cost::render_seconds(*size, *samples),
        Work::Grade { .. } => units * cost::grade_seconds(),
        Work::Encode { format, .. } => units * cost::encode_seconds(format.size),
        Work::Stitch { .. } => 0.2 + units * 0.001,
        Work::Verify { .. } => 0.2 + units * 0.01,
    }
}

/// How long a plan is expected to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Seconds of work by phase: low, middle, high.
    pub phases: Vec<(Phase, (f64, f64, f64))>,
    /// Seconds until everything is done on this many slots: low, middle, high.
    pub makespan: (f64, f64, f64),
    /// Jobs that will run.
    pub dirty: usize,
    /// Jobs that are in the store already.
    pub reused: usize,
    /// What the figures rest on.
    pub basis: String,
}

/// Estimates the wanted, dirty part of a plan on `parallel` slots and `gpus` GPU slots.
#[must_use]
pub fn estimate(plan: &Plan, pace: &Pace, parallel: usize, basis: &str) -> Estimate {
    let runs = |planned: &super::Planned| planned.wanted && planned.reason.is_dirty();
    let mut phases: BTreeMap<Phase, (f64, f64, f64)> = BTreeMap::new();
    for (_, planned) in plan.jobs().filter(|(_, planned)| runs(planned)) {
        let (low, middle, high) = pace.of(&planned.job.work);
        let sum = phases.entry(planned.job.phase).or_default();
        *sum = (sum.0 + low, sum.1 + middle, sum.2 + high);
    }
    let span = |pick: fn((f64, f64, f64)) -> f64| {
        makespan(plan, parallel, &|planned| {
            if runs(planned) { pick(pace.of(&planned.job.work)) } else { 0.0 }
        })
    };
    let dirty = plan.jobs().filter(|(_, planned)| runs(planned)).count();
    let reused = plan.jobs().filter(|(_, planned)| planned.wanted).count() - dirty;
    let makespan = (span(|t| t.0), span(|t| t.1), span(|t| t.2));
    Estimate { phases: phases.into_iter().collect(), makespan, dirty, reused, basis: basis.to_owned() }
}

/// Plays the plan on `parallel` slots: each job in order starts when its needs are met and a slot (and the GPU, if it
/// claims it) is free.
fn makespan(plan: &Plan, parallel: usize, seconds: &dyn Fn(&super::Planned) -> f64) -> f64 {
    let mut slots = vec![0.0f64; parallel.max(1)];
    let mut gpu = 0.0f64;
    let mut ends = vec![0.0f64; plan.len()];
    for (id, planned) in plan.in_order() {
        let length = seconds(planned);
        let ready =
            super::graph::needs(&planned.job).iter().map(|need| ends[need.index()]).fold(0.0, f64::max);
        if length <= 0.0 {
            ends[id.index()] = ready;
            continue;
        }
        let slot = (0..slots.len()).min_by(|a, b| slots[*a].total_cmp(&slots[*b])).unwrap_or(0);
        let start = ready.max(slots[slot]).max(if planned.job.claim.gpu > 0 { gpu } else { 0.0 });
        ends[id.index()] = start + length;
        slots[slot] = start + length;
        if planned.job.claim.gpu > 0 {
            gpu = start + length;
        }
    }
    ends.into_iter().fold(0.0, f64::max)
}

/// Returns for each job the seconds to the end of the longest chain behind it.
pub(super) fn priorities(jobs: &[Job], links: &Links, pace: &Pace) -> Vec<f64> {
    let mut length = vec![0.0f64; jobs.len()];
    for id in links.order.iter().rev() {
        let behind = links.dependants[id.index()].iter().map(|next| length[next.index()]).fold(0.0, f64::max);
        length[id.index()] = behind + pace.of(&jobs[id.index()].work).1;
    }
    length
}
