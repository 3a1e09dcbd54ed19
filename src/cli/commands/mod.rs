//! The commands, one file each. A file opens what its arguments name, calls the session or the
//! store, and prints the result.

mod completions;
mod create;
mod doctor;
mod estimate;
mod exec_task;
mod explain;
mod explain_job;
mod export;
mod graph;
mod info;
mod info_resolved;
mod job_files;
mod job_log;
mod keep;
mod library;
mod library_stills;
mod list;
mod man;
mod metrics;
mod plan;
mod run;
mod schema;
mod status;
mod steer;
mod store_revisions;
mod story;
mod trust;
mod validate;
mod verify;
mod watch;

use super::args::{
    CancelArgs, CliCommand, DiffArgs, EstimateArgs, ExportArgs, GcArgs, GraphArgs, InfoArgs,
    LogArgs, MetricsArgs, PauseArgs, PlanArgs, PriorityArgs, ResumeArgs, RevertArgs, RunArgs,
    ShowRevisionArgs, StatusArgs, StoreArgs, ValidateArgs, VerifyArgs,
};
use super::cli_settings::CliSettings;
use super::current_folder::{find_document, find_store_document, split_revisions};
use super::exit_codes::CliError;
use super::named_file::check_document_file;
use crate::treatment::TreatmentFormat;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub(super) fn run_command(
    mut command: CliCommand,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    locate_production(&mut command)?;
    match &command {
        CliCommand::Run(args) => run::run_production(args, settings),
        CliCommand::Plan(args) => plan::run_plan(args, settings),
        CliCommand::Validate(args) => validate::run_validate(args, settings),
        CliCommand::Info(args) => info::run_info(args, settings),
        CliCommand::Story(args) => story::run_story(args, settings),
        CliCommand::Estimate(args) => estimate::run_estimate(args, settings),
        CliCommand::Explain(args) => explain::run_explain(args, settings),
        CliCommand::Status(args) => status::show_status(args, settings),
        CliCommand::Pause(args) => steer::run_pause(args, settings),
        CliCommand::Resume(args) => steer::run_resume(args, settings),
        CliCommand::Priority(args) => steer::run_priority(args, settings),
        CliCommand::Cancel(args) => steer::run_cancel(args, settings),
        CliCommand::Graph(args) => graph::run_graph(args, settings),
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
        CliCommand::Trust(args) => trust::run_trust(args, settings),
        CliCommand::Completions(args) => completions::run_completions(args, settings),
        CliCommand::ExecTask(args) => exec_task::run_exec_task(args, settings),
        CliCommand::Keep(args) => Ok(keep::run_keep(args, settings)),
        CliCommand::Complete(args) => completions::print_candidates(args, settings),
        CliCommand::Export(args) => export::run_export(args, settings),
        CliCommand::Man(args) => man::run_man(args, settings),
    }
}

/// Replaces the folder that a command names, or the current one, by the document in it, and the
/// words that are revisions by revisions.
///
/// # Errors
/// Fails when it is not clear which document is meant.
fn locate_production(command: &mut CliCommand) -> Result<(), CliError> {
    match command {
        CliCommand::Info(args) if args.settings => {}
        // The plan of a treatment needs no production.
        CliCommand::Plan(PlanArgs { subject, .. })
            if TreatmentFormat::from_path(&subject.path).is_some() => {}
        CliCommand::Run(RunArgs { subject, .. })
        | CliCommand::Plan(PlanArgs { subject, .. })
        | CliCommand::Validate(ValidateArgs { subject, .. })
        | CliCommand::Info(InfoArgs { subject, .. })
        | CliCommand::Estimate(EstimateArgs { subject, .. })
        | CliCommand::Graph(GraphArgs { subject, .. })
        | CliCommand::Export(ExportArgs { subject, .. }) => {
            subject.path = find_document(&subject.path)?;
            check_document_file(&subject.path)?;
        }
        CliCommand::Status(StatusArgs { store, .. })
        | CliCommand::Cancel(CancelArgs { store, .. })
        | CliCommand::Pause(PauseArgs { store, .. })
        | CliCommand::Resume(ResumeArgs { store, .. })
        | CliCommand::Log(LogArgs { store, .. })
        | CliCommand::Gc(GcArgs { store, .. })
        | CliCommand::Verify(VerifyArgs { store, .. }) => {
            store.path = find_store_document(store)?;
        }
        CliCommand::Metrics(MetricsArgs {
            store, revision, ..
        })
        | CliCommand::Show(ShowRevisionArgs {
            store, revision, ..
        })
        | CliCommand::Revert(RevertArgs {
            store, revision, ..
        }) => {
            *revision = take_revisions(store, &[revision.as_ref()])?
                .into_iter()
                .next();
        }
        CliCommand::Diff(DiffArgs {
            store, from, to, ..
        }) => {
            let mut revisions = take_revisions(store, &[from.as_ref(), to.as_ref()])?.into_iter();
            *from = revisions.next();
            *to = revisions.next();
        }
        CliCommand::Priority(args) => locate_priority(args)?,
        // The others take no production, or words of which each may be one.
        _ => {}
    }
    Ok(())
}

/// Replaces the production of a store by its document, and returns the revisions among the words,
/// at most as many as `words` has.
fn take_revisions(
    store: &mut StoreArgs,
    words: &[Option<&String>],
) -> Result<Vec<String>, CliError> {
    let split = split_revisions(&store.path, words, words.len())?;
    // The word alone first: the document is looked for from it.
    store.path = split.path;
    store.path = find_store_document(store)?;
    Ok(split.revisions)
}

fn locate_priority(args: &mut PriorityArgs) -> Result<(), CliError> {
    // One word is the target in the production of this folder. With a niceness, which is that of
    // the whole run, it is the production.
    if args.target.is_none() && args.nice.is_none() {
        args.target = Some(take_priority_target(&mut args.store)?);
    }
    args.store.path = find_store_document(&args.store)?;
    Ok(())
}

/// Takes the only word of `priority` as its target, and leaves the current folder as the
/// production.
fn take_priority_target(store: &mut StoreArgs) -> Result<String, CliError> {
    let word = std::mem::replace(&mut store.path, PathBuf::from("."));
    // The default: nothing was typed.
    if word == Path::new(".") {
        let message = "reorder a run: name a shot, a phase or a job, as in \
            `production priority s1_pier`";
        return Err(CliError::Usage(message.to_owned()));
    }
    Ok(word.to_string_lossy().into_owned())
}
