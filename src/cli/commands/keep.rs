//! `production keep`: the hidden command that a run starts beside itself, so that no process that
//! the run has started outlives it.

use crate::cli::args::KeepArgs;
use crate::process::run_reaper;
use std::process::ExitCode;

pub(super) fn run_keep(args: &KeepArgs) -> ExitCode {
    // An interrupt or a scheduler's TERM may go to every process of the run. If the reaper ended
    // with it, nothing would kill the processes that the run leaves behind.
    let _ = ctrlc::set_handler(|| {});
    run_reaper(std::io::stdin().lock(), &args.mark);
    ExitCode::SUCCESS
}
