//! How long a plan takes on this machine: every job at its expected duration, run by the dispatcher
//! on a clock that only counts. So the estimate respects slots, adapters, memory and order as the
//! run will.

use super::ExecuteError;
use super::executor_config::ExecutorConfig;
use super::simulate::simulate_run;
use crate::base::Digest;
use crate::model::{ActionKind, CostTotals, Phase};
use crate::plan::{DurationModel, JobForecast, Plan, PlannedJob};
use crate::store::RunHistory;
use std::collections::BTreeMap;
use std::path::Path;

/// The expected duration and cost of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct RunEstimate {
    /// Work by phase, in order.
    pub phases: Vec<PhaseEstimate>,
    /// Seconds until everything is done: low, middle, high.
    pub makespan: (f64, f64, f64),
    /// The cost, for providers that have a price: low, middle, high.
    pub costs: [CostTotals; 3],
    /// Jobs that will run.
    pub dirty_jobs: usize,
    /// Jobs that are in the store already.
    pub reused_jobs: usize,
    /// What the figures are based on, as text.
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
    /// Recorded jobs of the same kinds on which the seconds are based; 0 for a rough guess.
    pub samples: usize,
}

/// Estimates the selected jobs of a plan that must run.
///
/// # Errors
/// Fails if a job claims more than the machine has.
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
    // Only of what is selected: the rest is neither made nor reused by this run.
    let reused = plan.jobs().filter(|(_, planned)| planned.wanted).count() - dirty;
    let makespan_at = |pick: fn((f64, f64, f64)) -> f64| {
        let forecast = |planned: &PlannedJob| {
            let forecast = job_forecast(planned, durations);
            JobForecast {
                seconds: pick(forecast.bounds()),
                ..forecast
            }
        };
        simulate_run(plan, history, file, config, &forecast).map(|simulated| simulated.makespan)
    };
    // Simulating a large plan that has nothing to do would take a moment, to no end.
    let makespan = if dirty == 0 {
        (0.0, 0.0, 0.0)
    } else {
        (
            // Three simulations and not one with a factor: which job is on the longest path may
            // differ between low and high.
            makespan_at(|t| t.0)?,
            makespan_at(|t| t.1)?,
            makespan_at(|t| t.2)?,
        )
    };
    Ok(RunEstimate {
        phases,
        makespan,
        // From the jobs and not from the simulation: a price is for work, which the order does not
        // change.
        costs: run_costs(plan, durations),
        dirty_jobs: dirty,
        reused_jobs: reused,
        basis: basis.to_owned(),
    })
}

fn job_forecast(planned: &PlannedJob, durations: &DurationModel) -> JobForecast {
    durations.forecast(&planned.job, &planned.provider)
}

/// Returns the cost of the selected jobs that must run: low, middle, high.
fn run_costs(plan: &Plan, durations: &DurationModel) -> [CostTotals; 3] {
    let mut costs = <[CostTotals; 3]>::default();
    for (_, planned) in plan.jobs().filter(|(_, planned)| will_run(planned)) {
        let (low, middle, high) = job_forecast(planned, durations).bounds();
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

/// Returns whether a job is selected and must run.
const fn will_run(planned: &PlannedJob) -> bool {
    planned.wanted && planned.reason.is_dirty()
}

/// Recorded jobs by kind of work and variant.
// By kind, so that a thousand jobs of one kind do not count its samples a thousand times.
type SamplesByKind<'a> = BTreeMap<(ActionKind, Option<&'a str>), usize>;

fn phase_estimates(plan: &Plan, durations: &DurationModel) -> Vec<PhaseEstimate> {
    let mut phases: BTreeMap<Phase, (PhaseEstimate, SamplesByKind<'_>)> = BTreeMap::new();
    for (_, planned) in plan.jobs().filter(|(_, planned)| will_run(planned)) {
        let phase = planned.job.phase;
        let (low, middle, high) = job_forecast(planned, durations).bounds();
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
        work.seconds = (a + low, b + middle, c + high);
        work.jobs += 1;
        let work = &planned.job.work;
        kinds.insert(
            (work.kind(), work.variant()),
            durations.sample_count_for(&planned.job),
        );
    }
    phases
        .into_values()
        .map(|(work, kinds)| PhaseEstimate {
            samples: kinds.values().sum(),
            ..work
        })
        .collect()
}
