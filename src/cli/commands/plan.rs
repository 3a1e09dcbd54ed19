//! `production plan` and `run --dry-run`: which jobs a run would execute, and why. Of a treatment,
//! `plan` shows which jobs its film would have.

use super::create::show_treatment_plan;
use super::validate;
use crate::base::json::to_json_value;
use crate::cli::args::{PlanArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{
    ends_with_validation, job_selection, looking_options, open_for_plan, session_options,
};
use crate::project::OpenedProduction;
use crate::report::summary;
use crate::report::summary::farm_summary::farm_size_text;
use crate::session::{FarmRunPreview, PlanOptions, PlanPreview};
use crate::store::StoreError;
use crate::treatment::TreatmentFormat;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How to show a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanDisplay<'a> {
    pub(super) format: ResultFormat,
    pub(super) all_jobs: bool,
    /// Whether to write it to the store, too. `plan` does; `run --dry-run` promises to change
    /// nothing.
    pub(super) save: bool,
    /// The file of `--out`.
    pub(super) out: Option<&'a Path>,
}

pub(super) fn run_plan(args: &PlanArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let path = &args.subject.path;
    if let Some(format) = TreatmentFormat::from_path(path).filter(|_| path.is_file()) {
        return show_treatment_plan(path, format, args.output.format, settings);
    }
    let store = args.machine.store.folder.as_deref();
    let opened = open_for_plan(
        &args.subject.path,
        &looking_options(&args.subject, store, settings),
        store,
        settings,
    )?;
    if !validate::show_findings(&opened, args.output.format, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    if ends_with_validation(&args.scope) {
        return Ok(report_validated(args, &opened, settings));
    }
    validate::note_estimated_speech(&opened, settings);
    let options = PlanOptions {
        session: session_options(&args.machine, args.farm.as_ref()),
        selection: job_selection(&args.scope),
        follow: None,
        show_submissions: args.explain,
    };
    let display = PlanDisplay {
        format: args.output.format,
        all_jobs: args.all || settings.is_verbose(),
        save: true,
        out: args.out.as_deref(),
    };
    let reporter = TerminalReporter::new(settings);
    show_plan(&opened, &options, display, &reporter, settings)
}

/// Prints that the phase `validate` is done. It has no jobs, so there is nothing to plan.
fn report_validated(
    args: &PlanArgs,
    opened: &OpenedProduction,
    settings: &CliSettings,
) -> ExitCode {
    match args.output.format {
        ResultFormat::Json => settings.print_json(&validate::findings_json(opened)),
        ResultFormat::Text | ResultFormat::Short => {
            settings.print_stdout("valid: the phase `validate` has no jobs");
        }
    }
    ExitCode::SUCCESS
}

/// Plans a run, and prints the plan.
pub(super) fn show_plan(
    opened: &OpenedProduction,
    options: &PlanOptions,
    display: PlanDisplay<'_>,
    reporter: &TerminalReporter<'_>,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if let Some(path) = display.out {
        // Before the plan is made, which may take a minute.
        check_output_file(path, OutputFileKind::Plan)?;
    }
    let preview = PlanPreview::build(opened, options, reporter.context())?;
    let facts = preview.facts();
    match display.format {
        ResultFormat::Json => {
            let mut json = to_json_value(&facts);
            if let Some(farm_run) = &preview.farm_run {
                json["farm"] = to_json_value(farm_run);
            }
            settings.print_json(&json);
        }
        ResultFormat::Short => settings.print_stdout(&summary::plan_lines(&facts)),
        ResultFormat::Text => settings.print_stdout(&format!(
            "{}\n{}{}",
            summary::plan_table(&facts, display.all_jobs, settings.out_colour),
            summary::estimate_table(&preview.expected, settings.out_colour),
            preview
                .farm_run
                .as_ref()
                .map(farm_run_text)
                .unwrap_or_default()
        )),
    }
    if let Some(path) = display.out {
        preview.write(&facts, path)?;
        settings.print_notice(&format!("\nwritten to {}", path.display()));
    }
    if display.save {
        report_saved(preview.save(&facts), settings);
    }
    Ok(ExitCode::SUCCESS)
}

fn farm_run_text(farm_run: &FarmRunPreview) -> String {
    let mut text = farm_size_text(
        &farm_run.farm,
        &farm_run.size,
        farm_run.limit_error.as_deref(),
    );
    for (number, submission) in &farm_run.submissions {
        text += &format!("\n── array {number} ──\n{submission}");
    }
    text
}

/// Prints to standard error where the plan was written.
fn report_saved(saved: Result<PathBuf, StoreError>, settings: &CliSettings) {
    match saved {
        Ok(path) => settings.print_notice(&format!("\nwritten to {}", path.display())),
        // Not an error: the plan itself was shown, and a store may be read-only for this user.
        Err(error) => settings.print_notice(&format!("the plan was not saved: failed to {error}")),
    }
}
