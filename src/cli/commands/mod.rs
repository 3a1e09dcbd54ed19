//! One file for each command.

mod completions;
mod create;
mod doctor;
mod estimate;
#[path = "../../session/estimate_probe.rs"]
mod estimate_probe;
#[path = "../../session/event_sinks.rs"]
mod event_sinks;
mod exec_task;
mod explain;
mod explain_job;
mod export;
#[path = "../../session/farm/mod.rs"]
mod farm;
#[path = "../../session/forecast.rs"]
mod forecast;
mod info;
mod job_log;
mod keep;
mod library;
mod list;
#[path = "../../session/machine_resources.rs"]
mod machine_resources;
mod man;
mod metrics;
mod plan;
#[path = "../../session/publish_run.rs"]
mod publish_run;
#[path = "../../session/report_pictures.rs"]
mod report_pictures;
mod resolved_document;
mod run;
mod schema;
#[path = "../../session/production_session.rs"]
mod session;
mod store_revisions;
#[path = "../../session/up_to_date.rs"]
mod up_to_date;
mod validate;
mod verify;

pub(super) use create::load_templates;
pub(super) use schema::schema_subjects as kinds_of_schema;

use super::args::{CliCommand, ProductionArgs};
use super::cli_settings::{CliSettings, environment_variable};
use super::exit_codes::CliError;
use crate::base::SourceMap;
use crate::document::{InputLimits, VariableOverrides};
use crate::library::Library;
use crate::project::ProjectOptions;
use crate::resolve::ResolveOverrides;
use std::path::Path;
use std::process::ExitCode;

/// Runs one command.
pub(super) fn run_command(
    command: &CliCommand,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    match command {
        CliCommand::Run(args) => run::run_production(args, settings),
        CliCommand::Plan(args) => plan::run_plan(args, settings),
        CliCommand::Validate(args) => validate::run_validate(args, settings),
        CliCommand::Info(args) => info::run_info(args, settings),
        CliCommand::Estimate(args) => estimate::run_estimate(args, settings),
        CliCommand::Explain(args) => explain::run_explain(args, settings),
        CliCommand::Status(args) => store_revisions::show_status(args, settings),
        CliCommand::Cancel(args) => farm::run_cancel(args, settings),
        CliCommand::Log(args) => store_revisions::show_log(args, settings),
        CliCommand::Metrics(args) => metrics::run_metrics(args, settings),
        CliCommand::Show(args) => store_revisions::show_revision(args, settings),
        CliCommand::Diff(args) => store_revisions::show_diff(args, settings),
        CliCommand::Revert(args) => store_revisions::revert_revision(args, settings),
        CliCommand::Gc(args) => store_revisions::run_gc(args, settings),
        CliCommand::Verify(args) => verify::run_verify(args, settings),
        CliCommand::List(args) => list::run_list(args, settings),
        CliCommand::Create(args) => create::run_create(args, settings),
        CliCommand::Library(args) => library::run_library(args, settings),
        CliCommand::Schema(args) => schema::run_schema(args, settings),
        CliCommand::Doctor(args) => doctor::run_doctor(args, settings),
        CliCommand::Completions(args) => completions::run_completions(args, settings),
        CliCommand::ExecTask(args) => exec_task::run_exec_task(args, settings),
        CliCommand::Keep(args) => Ok(keep::run_keep(args)),
        CliCommand::Complete(args) => completions::print_candidates(args, settings),
        CliCommand::Export(args) => export::run_export(args, settings),
        CliCommand::Man(args) => man::run_man(args, settings),
    }
}

/// Returns how to open what a command names.
fn project_options<'a>(subject: &ProductionArgs, settings: &'a CliSettings) -> ProjectOptions<'a> {
    let overrides = ResolveOverrides {
        quality: subject.reading.quality.clone(),
    };
    let variable_sources = VariableOverrides {
        set: subject.reading.set.clone(),
        environment: Some(environment_variable),
    };
    let values = usize::try_from(subject.reading.max_values).unwrap_or(usize::MAX);
    let limits = InputLimits::default()
        .with_file_bytes(subject.reading.max_size)
        .with_values(values);
    ProjectOptions {
        overrides,
        limits,
        search_path: &settings.search_path,
        variable_sources,
        strict: false,
    }
}

/// Returns how to open a production of which the command line says nothing but where it is.
pub(super) fn default_options(settings: &CliSettings) -> ProjectOptions<'_> {
    let variable_sources = VariableOverrides {
        environment: Some(environment_variable),
        ..VariableOverrides::default()
    };
    ProjectOptions {
        search_path: &settings.search_path,
        variable_sources,
        ..ProjectOptions::default()
    }
}

/// Returns the presets that a production in `folder` can name, and the text that they were read from.
pub(super) fn read_presets(folder: &Path) -> (Library, SourceMap) {
    let library_set = library::read_library(folder);
    (library_set.library, library_set.sources)
}
