//! `production graph`: the jobs of a production and what each needs, as a picture or as data.

use super::validate;
use crate::base::json::to_json_value;
use crate::cli::args::{GraphArgs, GraphDetail, GraphFormat, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{looking_options, recorded_runs_options};
use crate::plan::JobSelection;
use crate::project::open;
use crate::session::plan_graph;
use std::process::ExitCode;

pub(super) fn run_graph(args: &GraphArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let subject = &args.subject;
    let store = args.runs.store.folder.as_deref();
    let opened = open(&subject.path, &looking_options(subject, store, settings))?;
    if !validate::show_findings(&opened, ResultFormat::Text, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    let selection = JobSelection {
        shots: args.shot.clone(),
        ..JobSelection::default()
    };
    let collapsed = match args.detail {
        GraphDetail::Auto => None,
        GraphDetail::Job => Some(false),
        GraphDetail::Shot => Some(true),
    };
    let options = recorded_runs_options(&args.runs);
    let reporter = TerminalReporter::new(settings);
    let graph = plan_graph(&opened, &options, &selection, collapsed, reporter.context())?;
    match args.format {
        GraphFormat::Dot => settings.print_stdout(&graph.to_dot()),
        GraphFormat::Mermaid => settings.print_stdout(&graph.to_mermaid()),
        GraphFormat::Json => settings.print_json(&to_json_value(&graph)),
    }
    if graph.collapsed && args.detail == GraphDetail::Auto {
        settings.print_stderr("a node is a shot in a phase; `--detail job` draws every job");
    }
    Ok(ExitCode::SUCCESS)
}
