//! `production completions`: the script for a shell; and the hidden command that the script asks.

use crate::cli::args::{Args, Complete, Completions};
use crate::cli::complete::{reply, script, written};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use clap::CommandFactory;
use std::process::ExitCode;

pub(super) fn run(args: &Completions, settings: &Settings) -> Result<ExitCode, CliError> {
    settings.say(script(args.shell));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn answer(args: &Complete, settings: &Settings) -> Result<ExitCode, CliError> {
    let reply = reply(&mut Args::command(), &args.words, args.index, settings);
    let current = args.words.get(args.index).map_or("", String::as_str);
    let text = written(&reply, current, &args.breaks);
    if !text.is_empty() {
        settings.say(&text);
    }
    Ok(ExitCode::SUCCESS)
}
