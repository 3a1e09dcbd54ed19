//! `production explain PRODUCTION JOB`: why a job runs, waits, failed or is reused.

use super::validate;
use crate::base::json::to_pretty_json;
use crate::cli::args::{ExplainArgs, PageFormat, ProductionArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{project_options, recorded_runs_options};
use crate::project::open;
use crate::report::job_explanation::job_explanation_text;
use crate::session::ExplainedPlan;
use std::process::ExitCode;

/// Explains every job that the words name.
pub(super) fn explain_jobs(
    args: &ExplainArgs,
    production: &str,
    words: &[String],
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if words.is_empty() {
        let advice = "name a job, a shot or a phase; `production plan` explains all jobs";
        return Err(CliError::Usage(format!("explain {production}: {advice}")));
    }
    let subject = ProductionArgs {
        path: production.into(),
        reading: args.reading.clone(),
    };
    let opened = open(&subject.path, &project_options(&subject, settings))?;
    if opened.checked.is_none() {
        validate::show_findings(&opened, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    let options = recorded_runs_options(&args.runs);
    let reporter = TerminalReporter::new(settings, &subject.path);
    let explained = ExplainedPlan::open(&opened, &options, reporter.context())?;
    let explanations = explained.explain_targets(words)?;
    settings.print_stdout(&match args.format {
        PageFormat::Json => to_pretty_json(&explanations),
        PageFormat::Text | PageFormat::Markdown => explanations
            .iter()
            .map(|explanation| job_explanation_text(explanation, settings.out_colour))
            .collect::<Vec<_>>()
            .join("\n"),
    });
    Ok(ExitCode::SUCCESS)
}
