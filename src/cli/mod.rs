//! The command line: arguments, the environment, and one file for each command.
//!
//! This is the only module that reads the environment, prints to the standard streams and turns
//! results into exit codes. The work itself is in [`crate::session`].

mod args;
mod catalog;
mod cli_settings;
mod command_line;
mod commands;
mod complete;
mod current_folder;
mod doctor_probe;
mod document_cache;
mod exit_codes;
mod foreign_verbs;
mod library_models;
mod named_file;
mod output_failure;
mod output_file;
mod production_template;
mod session_reporter;
mod session_requests;
mod settings_file;
mod settings_layers;
mod sound_names;
mod typed_line;
mod usage_error;

pub use output_failure::ClosedStreams;

use crate::base::SystemClock;
use crate::report::TraceWriter;
use command_line::TypedWords;
use exit_codes::CliError;
use output_file::{OutputFileKind, check_output_file};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Runs the program and returns its exit code. `closed` are the streams that it was started
/// without.
#[must_use]
pub fn main(closed: ClosedStreams) -> ExitCode {
    // First of all: to change the environment is only sound while the process has one thread.
    cli_settings::quiet_drivers();
    cli_settings::report_size_limits();
    let typed = TypedWords::parse(std::env::args_os());
    let typed = typed.and_then(|typed| Ok((typed.global_args()?, typed)));
    let (global, typed) = match typed {
        Ok(parsed) => parsed,
        Err(error) => return print_usage(&usage_error::explained_error(error), closed),
    };
    let mut settings = cli_settings::CliSettings::from_environment(&global, closed);
    let args = match typed.with_settings(&mut settings) {
        Ok(args) => args,
        Err(error) => return exit_codes::report_error(&error, &settings),
    };
    let settings = settings.with_global(&args.global);
    for warning in &settings.options.warnings {
        let lead = settings.err_paint().warning("warning:");
        settings.print_notice(&format!("{lead} {warning}"));
    }
    let ended = run_traced(args.global.trace.as_deref(), &settings, || {
        commands::run_command(args.command, &settings)
    });
    let code = match ended {
        Ok(code) => code,
        Err(error) => exit_codes::report_error(&error, &settings),
    };
    exit_codes::code_after_output(code, &settings)
}

/// Prints help, the version, or a mistake in the arguments, and returns its exit code.
// Not `CliArgs::parse`: it ends with 0 although help could not be written.
fn print_usage(error: &clap::Error, closed: ClosedStreams) -> ExitCode {
    let failure = output_failure::OutputFailure::default();
    let printed = error
        .print()
        .and_then(|()| std::io::stdout().lock().flush());
    failure.note_write("standard output", closed.output_write(printed));
    match failure.failure_text() {
        Some(failure) if !error.use_stderr() => {
            let _ = writeln!(std::io::stderr().lock(), "error: failed to {failure}");
            ExitCode::from(exit_codes::JOB_FAILED)
        }
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(exit_codes::INVALID_INPUT)),
    }
}

/// Runs a command. With a `file`, writes a trace of where its time went to it.
fn run_traced(
    file: Option<&Path>,
    settings: &cli_settings::CliSettings,
    run: impl FnOnce() -> Result<ExitCode, CliError>,
) -> Result<ExitCode, CliError> {
    let Some(file) = file else { return run() };
    let fault =
        |source| CliError::io_error(format!("write the trace to {}", file.display()), source);
    check_output_file(file, OutputFileKind::Trace)?;
    let out = std::fs::File::create(file).map_err(fault)?;
    let trace = TraceWriter::install(Box::new(SystemClock::default()), Box::new(out));
    let trace = trace.map_err(|error| fault(std::io::Error::other(error)))?;
    // The outermost span. Time that belongs to no stage is what the spans inside it do not cover.
    let ended = tracing::info_span!("command", name = "production").in_scope(run);
    // A trace is only a record. A film that was delivered is not called a failure for it, and a
    // failure keeps its own exit code.
    if let Err(source) = trace.finish() {
        let lead = settings.err_paint().warning("warning:");
        let file = file.display();
        settings.print_stderr(&format!("{lead} the trace {file} is incomplete: {source}"));
    }
    ended
}
