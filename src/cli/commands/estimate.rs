//! `production estimate`: how long a run will take, from past runs, else from a short probe of this machine.

use super::forecast::forecast_with_basis;
use super::machine_resources::MachineResources;
use super::session::ProductionSession;
use super::{project_options, validate};
use crate::base::json::to_pretty_json;
use crate::cli::args::{EstimateArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::plan::{DurationModel, JobSelection};
use crate::project::open;
use crate::report::{EstimateFacts, summary};
use crate::validate::CheckedProduction;
use std::process::ExitCode;

pub(super) fn run_estimate(
    args: &EstimateArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let opened = open(
        &args.subject.path,
        &project_options(&args.subject, settings),
    )?;
    if !validate::show_findings(&opened, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    if let Some(checked) = &opened.checked {
        print_estimate(args, checked, settings)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn print_estimate(
    args: &EstimateArgs,
    checked: &CheckedProduction,
    settings: &CliSettings,
) -> Result<(), CliError> {
    let layout = ProductionSession::store_layout(&checked.root, args.machine.store.as_ref());
    let resources = MachineResources::detect_resources(args.machine.machine.as_deref(), settings)?;
    let (mut session, jobs) = ProductionSession::open(
        checked,
        layout,
        &resources.renderer_options(&args.machine),
        settings,
    )?;
    session.require_tools(&jobs)?;
    let sample_count = session.duration_model.sample_count();
    let plan = session.plan_jobs(
        session.with_local_claims(jobs, &resources),
        &JobSelection::default(),
    )?;
    let mut basis = format!("{sample_count} jobs that ran here before");
    if sample_count == 0 {
        settings.print_stderr("no runs to learn from yet; trying a few frames on this machine");
        let samples = super::estimate_probe::run_probe(&plan, &session, &checked.root)?;
        basis = format!(
            "a probe of this machine just now: {} jobs of a frame or two each",
            samples.values().map(Vec::len).sum::<usize>()
        );
        session.duration_model = DurationModel::from_samples(&samples);
    }
    let estimate = forecast_with_basis(
        &plan,
        &session,
        &resources.executor_config(args.machine.parallel, session.adapter_name()),
        &basis,
    )?;
    match args.format {
        ResultFormat::Json => {
            settings.print_stdout(&to_pretty_json(&EstimateFacts::from(&estimate)));
        }
        ResultFormat::Text => {
            settings.print_stdout(&summary::estimate_table(&estimate, settings.out_colour));
        }
    }
    Ok(())
}
