//! `production explain PRODUCTION JOB`: why a job runs, waits, failed or is reused.

use super::validate;
use crate::base::json::to_pretty_json;
use crate::cli::args::{ExplainArgs, PageFormat, ProductionArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::current_folder::find_document;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{looking_options, recorded_runs_options};
use crate::project::open;
use crate::report::job_explanation::job_explanation_text;
use crate::report::{SilenceFacts, TierFacts};
use crate::session::ExplainedPlan;
use std::path::Path;
use std::process::ExitCode;

/// Explains every job that the words name.
pub(super) fn explain_jobs(
    args: &ExplainArgs,
    production: &Path,
    words: &[String],
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if words.is_empty() {
        let advice = "name a job, a shot or a phase; `production plan` explains all jobs";
        let production = production.display();
        return Err(CliError::Usage(format!("explain {production}: {advice}")));
    }
    let subject = ProductionArgs {
        path: find_document(production)?,
        reading: args.reading.clone(),
    };
    let store = args.runs.store.folder.as_deref();
    let opened = open(&subject.path, &looking_options(&subject, store, settings))?;
    let Some(checked) = &opened.checked else {
        validate::show_findings(&opened, ResultFormat::Text, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let options = recorded_runs_options(&args.runs);
    let reporter = TerminalReporter::new(settings);
    let explained = ExplainedPlan::open(&opened, &options, reporter.context())?;
    let explanations = explained.explain_targets(words)?;
    settings.print_stdout(&match args.format {
        PageFormat::Json => to_pretty_json(&explanations),
        PageFormat::Text | PageFormat::Markdown => {
            let jobs = explanations.iter();
            let jobs =
                jobs.map(|explanation| job_explanation_text(explanation, settings.out_colour));
            let tier = TierFacts::from_render(&checked.render, &opened.sources);
            let silence = SilenceFacts::from_production(checked);
            let silence = silence.map_or_else(String::new, |facts| facts.line() + "\n");
            let jobs = jobs.collect::<Vec<_>>().join("\n");
            format!("{}\n{silence}{jobs}", tier.line())
        }
    });
    Ok(ExitCode::SUCCESS)
}
