//! The command line: what was typed, what the environment says, and one file for each command.
//!
//! The only room that reads the environment, prints, and turns results into exit codes.

mod args;
mod commands;
mod complete;
mod exit;
mod settings;

use clap::Parser;
use std::process::ExitCode;

/// Runs the program and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    settings::quiet_drivers();
    let args = args::Args::parse();
    let settings = settings::Settings::read(&args.global);
    match commands::run(&args.command, &settings) {
        Ok(code) => code,
        Err(error) => exit::fail(&error, &settings),
    }
}
