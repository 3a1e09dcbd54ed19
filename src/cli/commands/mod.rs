//! One file for each command.

mod audience;
mod completions;
mod create;
mod doctor;
mod estimate;
mod exec_task;
mod explain;
mod export;
mod farm;
mod foretell;
mod info;
mod job_log;
mod keep;
mod library;
mod list;
mod machine;
mod man;
mod metrics;
mod pictures;
mod plan;
mod probe;
mod publish;
mod resolved;
mod revisions;
mod run;
mod schema;
mod standing;
mod validate;
mod verify;
mod why;
mod workplace;

pub(super) use create::templates;
pub(super) use schema::subjects as kinds_of_schema;

use super::args::{Command, Subject};
use super::exit::CliError;
use super::settings::{Settings, environment};
use crate::base::SourceMap;
use crate::document::{InputLimits, VariableOverrides};
use crate::library::Library;
use crate::project::ProjectOptions;
use crate::resolve::ResolveOverrides;
use std::path::Path;
use std::process::ExitCode;

/// Runs one command.
pub(super) fn run(command: &Command, settings: &Settings) -> Result<ExitCode, CliError> {
    match command {
        Command::Run(args) => run::run(args, settings),
        Command::Plan(args) => plan::run(args, settings),
        Command::Validate(args) => validate::run(args, settings),
        Command::Info(args) => info::run(args, settings),
        Command::Estimate(args) => estimate::run(args, settings),
        Command::Explain(args) => explain::run(args, settings),
        Command::Status(args) => revisions::status(args, settings),
        Command::Cancel(args) => farm::cancel(args, settings),
        Command::Log(args) => revisions::log(args, settings),
        Command::Metrics(args) => metrics::run(args, settings),
        Command::Show(args) => revisions::show(args, settings),
        Command::Diff(args) => revisions::diff(args, settings),
        Command::Revert(args) => revisions::revert(args, settings),
        Command::Gc(args) => revisions::gc(args, settings),
        Command::Verify(args) => verify::run(args, settings),
        Command::List(args) => list::run(args, settings),
        Command::Create(args) => create::run(args, settings),
        Command::Library(args) => library::run(args, settings),
        Command::Schema(args) => schema::run(args, settings),
        Command::Doctor(args) => doctor::run(args, settings),
        Command::Completions(args) => completions::run(args, settings),
        Command::ExecTask(args) => exec_task::run(args, settings),
        Command::Keep(args) => Ok(keep::run(args)),
        Command::Complete(args) => completions::answer(args, settings),
        Command::Export(args) => export::run(args, settings),
        Command::Man(args) => man::run(args, settings),
    }
}

/// Returns how to open what a command names.
fn options<'a>(subject: &Subject, settings: &'a Settings) -> ProjectOptions<'a> {
    let wishes = ResolveOverrides {
        quality: subject.reading.quality.clone(),
    };
    let outside = VariableOverrides {
        set: subject.reading.set.clone(),
        environment: Some(environment),
    };
    let values = usize::try_from(subject.reading.max_values).unwrap_or(usize::MAX);
    let limits = InputLimits::default()
        .with_file_bytes(subject.reading.max_size)
        .with_values(values);
    ProjectOptions {
        overrides: wishes,
        limits,
        search_path: &settings.search_path,
        variable_sources: outside,
        strict: false,
    }
}

/// Returns how to open a production of which the command line says nothing but where it is.
pub(super) fn usual_options(settings: &Settings) -> ProjectOptions<'_> {
    let outside = VariableOverrides {
        environment: Some(environment),
        ..VariableOverrides::default()
    };
    ProjectOptions {
        search_path: &settings.search_path,
        variable_sources: outside,
        ..ProjectOptions::default()
    }
}

/// Returns the presets that a production in `folder` can name, and the text that they were read from.
pub(super) fn shelves(folder: &Path) -> (Library, SourceMap) {
    let shelves = library::read(folder);
    (shelves.library, shelves.sources)
}
