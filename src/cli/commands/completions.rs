//! `production completions`: the completion script of a shell. `production complete`: the hidden
//! command that the script runs for every word.

use crate::cli::args::{CliArgs, CompleteArgs, CompletionsArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::complete::{complete_word, completion_script, format_reply};
use crate::cli::exit_codes::CliError;
use clap::CommandFactory;
use std::process::ExitCode;

pub(super) fn run_completions(
    args: &CompletionsArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    settings.print_stdout(completion_script(args.shell));
    Ok(ExitCode::SUCCESS)
}

pub(super) fn print_candidates(
    args: &CompleteArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let reply = complete_word(&mut CliArgs::command(), &args.words, args.index, settings);
    let current = args.words.get(args.index).map_or("", String::as_str);
    let text = format_reply(&reply, current, &args.breaks);
    // Printing ends with a line break, and an empty line is a candidate without text for a shell.
    if !text.is_empty() {
        settings.print_stdout(&text);
    }
    Ok(ExitCode::SUCCESS)
}
