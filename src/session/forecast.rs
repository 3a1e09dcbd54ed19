//! Estimates the duration of a run from recorded durations, or from a probe of this machine.

use super::estimate_probe::run_probe;
use super::production_session::{ProductionSession, SessionSetup};
use super::program_access::ProgramUse;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::execute::{ExecutorConfig, RunEstimate, estimate_run};
use crate::plan::{DurationModel, JobSelection, Plan};
use crate::project::OpenedProduction;

/// Estimates a run on this machine. Without recorded durations, a few frames are rendered, timed
/// and deleted.
///
/// # Errors
/// Fails when the production cannot be planned, a tool is missing, or the probe fails as a run
/// would.
pub fn estimate_production(
    opened: &OpenedProduction,
    options: &SessionOptions,
    context: SessionContext<'_>,
) -> Result<RunEstimate, SessionError> {
    // As a run: the probe renders frames.
    let setup = SessionSetup::new(opened, options, context)?;
    let (mut session, jobs) = setup.open(ProgramUse::Run)?;
    // An estimate for a run that cannot start would be worth nothing, and the probe may need the
    // tools.
    session.require_tools(&jobs)?;
    let plan = session.plan_with_claims(jobs, &JobSelection::default())?;
    let sample_count = session.duration_model.sample_count();
    let mut basis = format!("{sample_count} jobs that ran here before");
    // Any recorded job is better than a probe: it was made under the load of a real run, with whole
    // chunks.
    if sample_count == 0 {
        context.report(&SessionNotice::ProbeStarted);
        let samples = run_probe(&plan, &session)?;
        let probed: usize = samples.values().map(Vec::len).sum();
        basis = format!("a probe of this machine just now: {probed} jobs of a frame or two each");
        // The samples stay in memory. In the history they would count as jobs of a run.
        session.duration_model = DurationModel::from_samples(&samples);
    }
    forecast_with_basis(&plan, &session, &session.executor_config(), &basis)
}

/// Returns the estimate of a run with `config` from recorded durations, or from rough values if
/// there are none.
pub(super) fn forecast_run(
    plan: &Plan,
    session: &ProductionSession<'_>,
    config: &ExecutorConfig,
) -> Result<RunEstimate, SessionError> {
    // No probe here: `plan` must stay fast and must not start a renderer.
    let basis = match session.duration_model.sample_count() {
        0 => "a rough guess; no job has run here yet".to_owned(),
        samples => format!("{samples} jobs that ran here"),
    };
    forecast_with_basis(plan, session, config, &basis)
}

fn forecast_with_basis(
    plan: &Plan,
    session: &ProductionSession<'_>,
    config: &ExecutorConfig,
    basis: &str,
) -> Result<RunEstimate, SessionError> {
    let file_digest = |path: &std::path::Path| session.snapshot.file_digest(path);
    Ok(estimate_run(
        plan,
        &session.duration_model,
        &session.history,
        &file_digest,
        config,
        basis,
    )?)
}
