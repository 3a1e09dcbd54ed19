//! `production man`: manual pages, one for the program and one for each command.

use crate::cli::args::{Args, Man};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use clap::CommandFactory;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(args: &Man, settings: &Settings) -> Result<ExitCode, CliError> {
    write(&args.output).map_err(|source| {
        CliError::io(
            format!("write manual pages into {}", args.output.display()),
            source,
        )
    })?;
    settings.say(&format!(
        "read one with `man -l {}/production.1`",
        args.output.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Writes a page for the program and for each command that is shown.
fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(Args::command(), folder)
}
