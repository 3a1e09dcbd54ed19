//! `production keep`: the hidden command that a run starts beside itself, so that no process that
//! the run has started outlives it.

use crate::cli::args::KeepArgs;
use crate::cli::cli_settings::CliSettings;
use crate::process::{SecondReaper, run_reaper};
use std::process::ExitCode;

pub(super) fn run_keep(args: &KeepArgs, settings: &CliSettings) -> ExitCode {
    // The reaper has a process group of its own, but a signal may still reach it: by its name, or
    // from a scheduler that signals every process of a job. If the reaper ended with the run,
    // nothing would kill the processes that the run leaves behind.
    let _ = ctrlc::set_handler(|| {});
    let second = (!args.second).then(|| start_second(args, settings));
    run_reaper(std::io::stdin().lock(), &args.mark);
    if let Some(second) = second.flatten() {
        second.wait();
    }
    ExitCode::SUCCESS
}

/// Starts the second reaper with the pipe that the run gave this process as its standard output.
#[cfg(target_os = "linux")]
fn start_second(args: &KeepArgs, settings: &CliSettings) -> Option<SecondReaper> {
    use std::os::fd::AsFd;
    let program = settings.session.program.clone()?;
    let lifeline = || Ok(std::io::stdout().as_fd().try_clone_to_owned()?.into());
    Some(SecondReaper::start(program, args.mark.clone(), lifeline))
}

/// Starts nothing: only Linux shows the environment of processes, by which the second reaper finds
/// them.
#[cfg(not(target_os = "linux"))]
fn start_second(_: &KeepArgs, _: &CliSettings) -> Option<SecondReaper> {
    None
}
