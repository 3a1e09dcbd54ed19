//! `production verify`: every byte of the store against what it is known to be.

use super::run::lock_store;
use super::store_revisions::locate_store;
use crate::base::json::to_pretty_json;
use crate::cli::args::{ResultFormat, VerifyArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, STORE_UNUSABLE};
use crate::report::summary::revision_summary as text;
use crate::store::verify_store::{StoreFault, verify_store};
use std::process::ExitCode;

pub(super) fn run_verify(args: &VerifyArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let (root, layout) = locate_store(&args.store)?;
    let _lock = args
        .fix
        .then(|| lock_store(&layout, &root, "verify", args.wait, settings))
        .transpose()?;
    let verified = verify_store(&layout, &root, args.fix)?;
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&verified),
        ResultFormat::Text => text::verification_text(&verified, args.fix, settings.out_colour),
    });
    let is_whole = verified
        .faults
        .iter()
        .all(|fault| args.fix && StoreFault::is_mended(fault));
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(STORE_UNUSABLE)
    })
}
