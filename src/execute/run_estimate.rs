//! How long a plan will take on this machine: every job at its expected pace, run by the dispatcher on a clock that only
//! counts. So the estimate knows slots, adapters, memory and order exactly as the run will.

use super::ExecuteError;
use super::executor_config::ExecutorConfig;
use super::simulate::simulate_run;
use crate::base::Digest;
use crate::model::{ActionKind, CostTotals, Phase};
use crate::plan::{DurationModel, Plan, PlannedJob};
use crate::store::RunHistory;
use std::collections::BTreeMap;
use std::path::Path;

/// How long a plan is expected to take.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEstimate {
    /// Work by phase, in order.
    pub phases: Vec<PhaseEstimate>,
    /// Seconds until everything is done: low, middle, high.
    pub makespan: (f64, f64, f64),
    /// What that costs, where who does it has a price: low, middle, high.
    pub costs: [CostTotals; 3],
    /// Jobs that will run.
    pub dirty_jobs: usize,
    /// Jobs that are in the store already.
    pub reused_jobs: usize,
    /// What the figures rest on.
    pub basis: String,
}

/// The work of one phase.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhaseEstimate {
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
pub fn estimate_run(
    plan: &Plan,
    durations: &DurationModel,
    history: &RunHistory,
    file: &dyn Fn(&Path) -> Option<Digest>,
    config: &ExecutorConfig,
    basis: &str,
) -> Result<RunEstimate, ExecuteError> {
    let phases = phase_estimates(plan, durations);
    let dirty = phases.iter().map(|phase| phase.jobs).sum();
    let reused = plan.jobs().filter(|(_, planned)| planned.wanted).count() - dirty;
    let makespan_at = |pick: fn((f64, f64, f64)) -> f64| {
        let seconds = |planned: &PlannedJob| pick(durations.expected_seconds(&planned.job.work));
        simulate_run(plan, history, file, config, &seconds).map(|simulated| simulated.makespan)
    };
    let makespan = if dirty == 0 {
        (0.0, 0.0, 0.0)
    } else {
        (
            makespan_at(|t| t.0)?,
            makespan_at(|t| t.1)?,
            makespan_at(|t| t.2)?,
        )
    };
    Ok(RunEstimate {
        phases,
        makespan,
        costs: run_costs(plan, durations),
        dirty_jobs: dirty,
        reused_jobs: reused,
        basis: basis.to_owned(),
    })
}

/// Returns what the wanted, dirty part of a plan costs: low, middle, high.
fn run_costs(plan: &Plan, durations: &DurationModel) -> [CostTotals; 3] {
    let mut costs = <[CostTotals; 3]>::default();
    for (_, planned) in plan.jobs().filter(|(_, planned)| will_run(planned)) {
        let (low, middle, high) = durations.expected_seconds(&planned.job.work);
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
const fn will_run(planned: &PlannedJob) -> bool {
    planned.wanted && planned.reason.is_dirty()
}

/// Recorded jobs of each kind of work with its variety.
type SamplesByKind<'a> = BTreeMap<(ActionKind, Option<&'a str>), usize>;

fn phase_estimates(plan: &Plan, durations: &DurationModel) -> Vec<PhaseEstimate> {
    let mut phases: BTreeMap<Phase, (PhaseEstimate, SamplesByKind<'_>)> = BTreeMap::new();
    for (_, planned) in plan.jobs().filter(|(_, planned)| will_run(planned)) {
        let (phase, (low, middle, high)) = (
            planned.job.phase,
            durations.expected_seconds(&planned.job.work),
        );
        let empty = PhaseEstimate {
            phase,
            seconds: (0.0, 0.0, 0.0),
            jobs: 0,
            samples: 0,
        };
        let (work, kinds) = phases
            .entry(phase)
            .or_insert_with(|| (empty, BTreeMap::new()));
        let (a, b, c) = work.seconds;
        (work.seconds, work.jobs) = ((a + low, b + middle, c + high), work.jobs + 1);
        let work = &planned.job.work;
        kinds.insert(
            (work.kind(), work.variant()),
            durations.sample_count_for(work),
        );
    }
    let with_samples = |(work, kinds): (PhaseEstimate, SamplesByKind<'_>)| PhaseEstimate {
        samples: kinds.values().sum(),
        ..work
    };
    phases.into_values().map(with_samples).collect()
}
