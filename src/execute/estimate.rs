//! How long a plan will take on this machine: every job at its expected pace, run by the dispatcher on a clock that only
//! counts. So the estimate knows slots, adapters, memory and order exactly as the run will.

use super::ExecuteError;
use super::dispatch::Settings;
use super::rehearse::rehearse;
use crate::base::Digest;
use crate::model::{CostTotals, Phase};
use crate::plan::{DurationModel, Plan, PlannedJob};
use crate::store::RunHistory;
use std::collections::BTreeMap;
use std::path::Path;

/// How long a plan is expected to take.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Work by phase, in order.
    pub phases: Vec<PhaseWork>,
    /// Seconds until everything is done: low, middle, high.
    pub makespan: (f64, f64, f64),
    /// What that costs, where who does it has a price: low, middle, high.
    pub costs: [CostTotals; 3],
    /// Jobs that will run.
    pub dirty: usize,
    /// Jobs that are in the store already.
    pub reused: usize,
    /// What the figures rest on.
    pub basis: String,
}

/// The work of one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhaseWork {
    /// The phase.
    pub phase: Phase,
    /// Seconds of work, one job after the other: low, middle, high.
    pub seconds: (f64, f64, f64),
    /// Jobs that will run.
    pub jobs: usize,
    /// Recorded jobs of the same kinds that the seconds rest on; 0 for a rough guess.
    pub samples: usize,
}

/// Estimates the wanted, dirty part of a plan.
///
/// # Errors
/// Fails when a job claims more than the machine has.
pub fn estimate(
    plan: &Plan,
    pace: &DurationModel,
    history: &RunHistory,
    file: &dyn Fn(&Path) -> Option<Digest>,
    settings: &Settings,
    basis: &str,
) -> Result<Estimate, ExecuteError> {
    let phases = phases(plan, pace);
    let dirty = phases.iter().map(|phase| phase.jobs).sum();
    let reused = plan.jobs().filter(|(_, planned)| planned.wanted).count() - dirty;
    let span = |pick: fn((f64, f64, f64)) -> f64| {
        let seconds = |planned: &PlannedJob| pick(pace.expected_seconds(&planned.job.work));
        rehearse(plan, history, file, settings, &seconds).map(|rehearsed| rehearsed.makespan)
    };
    let makespan = if dirty == 0 {
        (0.0, 0.0, 0.0)
    } else {
        (span(|t| t.0)?, span(|t| t.1)?, span(|t| t.2)?)
    };
    Ok(Estimate {
        phases,
        makespan,
        costs: costs(plan, pace),
        dirty,
        reused,
        basis: basis.to_owned(),
    })
}

/// Returns what the wanted, dirty part of a plan costs: low, middle, high.
fn costs(plan: &Plan, pace: &DurationModel) -> [CostTotals; 3] {
    let mut costs = <[CostTotals; 3]>::default();
    for (_, planned) in plan.jobs().filter(|(_, planned)| runs(planned)) {
        let (low, middle, high) = pace.expected_seconds(&planned.job.work);
        for (costs, seconds) in costs.iter_mut().zip([low, middle, high]) {
            planned
                .job
                .work
                .cost(seconds)
                .iter()
                .for_each(|cost| costs.add(cost));
        }
    }
    costs
}

/// Returns whether a job is asked for and not there.
const fn runs(planned: &PlannedJob) -> bool {
    planned.wanted && planned.reason.is_dirty()
}

/// Recorded jobs of each kind of work with its variety.
type Kinds<'a> = BTreeMap<(&'a str, Option<&'a str>), usize>;

fn phases(plan: &Plan, pace: &DurationModel) -> Vec<PhaseWork> {
    let mut phases: BTreeMap<Phase, (PhaseWork, Kinds<'_>)> = BTreeMap::new();
    for (_, planned) in plan.jobs().filter(|(_, planned)| runs(planned)) {
        let (phase, (low, middle, high)) =
            (planned.job.phase, pace.expected_seconds(&planned.job.work));
        let none = PhaseWork {
            phase,
            seconds: (0.0, 0.0, 0.0),
            jobs: 0,
            samples: 0,
        };
        let (work, kinds) = phases
            .entry(phase)
            .or_insert_with(|| (none, BTreeMap::new()));
        let (a, b, c) = work.seconds;
        (work.seconds, work.jobs) = ((a + low, b + middle, c + high), work.jobs + 1);
        let work = &planned.job.work;
        kinds.insert(
            (work.producer(), work.variant()),
            pace.sample_count_for(work),
        );
    }
    let counted = |(work, kinds): (PhaseWork, Kinds<'_>)| PhaseWork {
        samples: kinds.values().sum(),
        ..work
    };
    phases.into_values().map(counted).collect()
}
