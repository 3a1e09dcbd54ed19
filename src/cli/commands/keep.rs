//! `production keep`: the hidden command that a run starts beside itself, so that no process that
//! the run has started outlives it.

use crate::cli::args::KeepArgs;
use crate::process::run_reaper;
use std::process::ExitCode;

pub(super) fn run_keep(args: &KeepArgs) -> ExitCode {
    // The reaper has a process group of its own, but a signal may still reach it: by its name, or
    // from a scheduler that signals every process of a job. If the reaper ended with the run,
    // nothing would kill the processes that the run leaves behind.
    let _ = ctrlc::set_handler(|| {});
    run_reaper(std::io::stdin().lock(), &args.mark);
    ExitCode::SUCCESS
}
