//! What `run` and `estimate` say of time before anything runs.

use super::workplace::Workplace;
use crate::cli::exit::CliError;
use crate::execute::{ExecutorConfig as Pool, RunEstimate, estimate_run};
use crate::plan::Plan;

/// Returns how long a run on `pool` should take, by what earlier runs took.
pub(super) fn expected(
    plan: &Plan,
    workplace: &Workplace,
    pool: &Pool,
) -> Result<RunEstimate, CliError> {
    let basis = match workplace.pace.sample_count() {
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
) -> Result<RunEstimate, CliError> {
    let file = |path: &std::path::Path| workplace.snapshot.file_digest(path);
    Ok(estimate_run(
        plan,
        &workplace.pace,
        &workplace.history,
        &file,
        pool,
        basis,
    )?)
}
