//! `production info`: what a production contains and delivers, the timecodes of its shots, and how
//! much of it is made already.

mod info_json;
mod info_text;

use super::{info_resolved, validate};
use crate::cli::args::{InfoArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{project_options, recorded_runs_options};
use crate::project::open;
use crate::session::{ReuseCounts, SessionError};
use crate::store::StoreError;
use std::process::ExitCode;

pub(super) fn run_info(args: &InfoArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.resolved {
        return info_resolved::run_resolved(args, settings);
    }
    let opened = open(
        &args.subject.path,
        &project_options(&args.subject, settings),
    )?;
    let Some(checked) = &opened.checked else {
        validate::show_findings(&opened, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let options = recorded_runs_options(&args.runs);
    let reporter = TerminalReporter::new(settings, &args.subject.path);
    let made = ReuseCounts::count(&opened, &options, reporter.context());
    let made = match made {
        // The folder of the store was named by mistake, which every command refuses.
        Err(SessionError::Store(
            error @ (StoreError::NotAStore { .. } | StoreError::OtherProduction { .. }),
        )) => return Err(error.into()),
        // A store that cannot be read is not the end of the command: everything else comes from the
        // document. The reason is shown in place of the counts.
        made => made.map_err(|error| CliError::from(error).to_string()),
    };
    match args.format {
        ResultFormat::Json => {
            settings.print_json(&info_json::production_json(checked, made.as_ref()));
        }
        ResultFormat::Text => settings.print_stdout(&info_text::production_text(
            checked,
            made.as_ref(),
            settings.width,
        )),
    }
    Ok(ExitCode::SUCCESS)
}
