//! `production verify`: compares every byte of the store with its digests, checksums and journals,
//! and the deliverables with what was delivered.

use crate::base::json::to_pretty_json;
use crate::cli::args::{ResultFormat, VerifyArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, STORE_UNUSABLE};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::store_location;
use crate::report::summary::revision_summary::verification_text;
use crate::session::StoreAccess;
use crate::store::verify_store::{StoreFault, verify_store};
use std::process::ExitCode;

pub(super) fn run_verify(args: &VerifyArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let location = store_location(&args.store)?;
    let reporter = TerminalReporter::new(settings);
    let access = StoreAccess {
        command: "verify",
        wait: args.wait,
    };
    // Reading needs no lock, so a store can be verified while a run uses it. Fixing removes files
    // that a run might be about to reuse.
    let _lock = args
        .fix
        .then(|| location.lock(access, reporter.context()))
        .transpose()?;
    let verified = verify_store(&location.layout, &location.root, args.fix)?;
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&verified),
        ResultFormat::Text | ResultFormat::Short => {
            verification_text(&verified, args.fix, settings.out_colour)
        }
    });
    // A fault that was fixed is none any more. A damaged journal cannot be fixed: it is the truth,
    // and nothing else has its content.
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
