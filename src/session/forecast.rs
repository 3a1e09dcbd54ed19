//! What `run` and `estimate` say of time before anything runs.

use super::session::ProductionSession;
use crate::cli::exit_codes::CliError;
use crate::execute::{ExecutorConfig as Pool, RunEstimate, estimate_run};
use crate::plan::Plan;

/// Returns how long a run on `pool` should take, by what earlier runs took.
pub(super) fn forecast_run(
    plan: &Plan,
    session: &ProductionSession,
    config: &Pool,
) -> Result<RunEstimate, CliError> {
    let basis = match session.duration_model.sample_count() {
        0 => "a rough guess; no job has run here yet".to_owned(),
        samples => format!("{samples} jobs that ran here"),
    };
    forecast_with_basis(plan, session, config, &basis)
}

/// Returns how long a run on `pool` should take, and says that it rests on `basis`.
pub(super) fn forecast_with_basis(
    plan: &Plan,
    session: &ProductionSession,
    config: &Pool,
    basis: &str,
) -> Result<RunEstimate, CliError> {
    let file = |path: &std::path::Path| session.snapshot.file_digest(path);
    Ok(estimate_run(
        plan,
        &session.duration_model,
        &session.history,
        &file,
        config,
        basis,
    )?)
}
