//! `production man`: manual pages, one for the program and one for each command that is not hidden.

use crate::cli::args::{CliArgs, ManArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use clap::CommandFactory;
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_man(args: &ManArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    write_pages(&args.output).map_err(|source| {
        CliError::io_error(
            format!("write manual pages into {}", args.output.display()),
            source,
        )
    })?;
    settings.print_stdout(&format!(
        "read one with `man -l {}/production.1`",
        args.output.display()
    ));
    Ok(ExitCode::SUCCESS)
}

fn write_pages(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(CliArgs::command(), folder)
}
