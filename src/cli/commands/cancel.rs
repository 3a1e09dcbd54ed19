//! `production cancel`: removes a run from its farm. What its finished tasks made stays in the
//! store.

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
        // Not an error: scripts may cancel without knowing whether a run is still on its farm.
        None => "nothing to cancel: no run of this production is on a farm".to_owned(),
        Some(CancelledRun {
            revision,
            farm,
            kept_jobs,
        }) => format!(
            "cancelled {revision}: nothing of it is left on the farm `{farm}`. \
             The next run reuses its {kept_jobs} finished jobs"
        ),
    });
    Ok(ExitCode::SUCCESS)
}
