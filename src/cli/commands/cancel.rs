//! `production cancel`: takes a farm run back, and keeps what was finished.

use crate::cli::args::CancelArgs;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::store_location;
use crate::session::{CancelledRun, cancel_run};
use std::process::ExitCode;

pub(super) fn run_cancel(args: &CancelArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let location = store_location(&args.store)?;
    let reporter = TerminalReporter::new(settings, &args.store.path);
    let cancelled = cancel_run(&location, args.wait, reporter.context())?;
    settings.print_stdout(&match cancelled {
        None => "nothing to cancel: no run of this production is on a farm".to_owned(),
        Some(CancelledRun {
            revision,
            farm,
            kept_jobs,
        }) => format!(
            "{revision} was taken back: nothing of it is left on the farm `{farm}`. \
             {kept_jobs} finished jobs were kept for the next run"
        ),
    });
    Ok(ExitCode::SUCCESS)
}
