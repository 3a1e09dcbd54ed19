//! What `run` and `estimate` share about time: what this machine can do at once, and how long that takes.

use super::workplace::Workplace;
use crate::cli::args::Machine;
use crate::cli::exit::CliError;
use crate::execute::{Capacity, Estimate, Limits, Retries, Settings as Pool, estimate};
use crate::model::Job;
use crate::plan::Plan;

/// Returns how this machine runs jobs when nothing goes wrong.
///
/// Memory is not measured yet, so the ledger holds as much as the largest set of jobs can claim.
pub(super) fn pool(machine: &Machine, plan: &Plan) -> Pool {
    let most = |job: &Job| job.claim.memory;
    let memory = plan.jobs().map(|(_, planned)| most(&planned.job)).max().unwrap_or(0);
    let memory = memory.saturating_mul(u32::from(machine.parallel));
    Pool {
        parallel: usize::from(machine.parallel),
        capacity: Capacity::new(u32::from(machine.parallel), 1, memory),
        most_failures: Some(1),
        retries: Retries::default(),
        limits: Limits::default(),
    }
}

/// Returns how long a run on `pool` should take, by what earlier runs took.
pub(super) fn expected(plan: &Plan, workplace: &Workplace, pool: &Pool) -> Result<Estimate, CliError> {
    let basis = match workplace.pace.samples() {
        0 => "a rough guess; no job has run here yet".to_owned(),
        samples => format!("{samples} jobs that ran here"),
    };
    expected_by(plan, workplace, pool, &basis)
}

/// Returns how long a run on `pool` should take, and says that it rests on `basis`.
pub(super) fn expected_by(
    plan: &Plan,
    workplace: &Workplace,
    pool: &Pool,
    basis: &str,
) -> Result<Estimate, CliError> {
    let file = |path: &std::path::Path| workplace.snapshot.digest(path);
    Ok(estimate(plan, &workplace.pace, &workplace.history, &file, pool, basis)?)
}
