//! `production verify`: every byte of the store against what it is known to be.

use super::revisions::locate;
use super::run::take;
use crate::cli::args::{Format, Verify};
use crate::cli::exit::{CliError, STORE};
use crate::cli::settings::Settings;
use crate::report::summary::revision_summary as text;
use crate::store::verify_store::{StoreFault, verify_store};
use std::process::ExitCode;

pub(super) fn run(args: &Verify, settings: &Settings) -> Result<ExitCode, CliError> {
    let (root, layout) = locate(&args.store)?;
    let _lock = args
        .fix
        .then(|| take(&layout, &root, "verify", args.wait, settings))
        .transpose()?;
    let verified = verify_store(&layout, &root, args.fix)?;
    settings.say(&match args.format {
        Format::Json => serde_json::to_string_pretty(&verified).unwrap_or_default(),
        Format::Text => text::verification_text(&verified, args.fix, settings.out_colour),
    });
    let is_whole = verified
        .faults
        .iter()
        .all(|fault| args.fix && StoreFault::is_mended(fault));
    Ok(if is_whole {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(STORE)
    })
}
