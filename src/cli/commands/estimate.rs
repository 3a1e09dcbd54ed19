//! `production estimate`: how long a run will take here, from the durations of past runs. Without
//! any, a short probe of this machine measures them.

use super::validate;
use crate::base::json::to_pretty_json;
use crate::cli::args::{EstimateArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{project_options, session_options};
use crate::project::open;
use crate::report::{EstimateFacts, summary};
use crate::session::estimate_production;
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
    let reporter = TerminalReporter::new(settings, &args.subject.path);
    let reporter = reporter.with_allowed(args.consent.yes);
    // No farm: a probe measures this machine and says nothing about others. `plan --farm` estimates
    // a run on a farm.
    let options = session_options(&args.machine, None);
    let estimate = estimate_production(&opened, &options, reporter.context())?;
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&EstimateFacts::from(&estimate)),
        ResultFormat::Text => summary::estimate_table(&estimate, settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}
