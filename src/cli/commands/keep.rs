//! `production keep`: the hidden command that a run starts beside itself, so that nothing it has started outlives it.

use crate::cli::args::KeepArgs;
use crate::process::run_reaper;
use std::process::ExitCode;

pub(super) fn run_keep(args: &KeepArgs) -> ExitCode {
    // Whoever interrupts or ends the run may send the same to all of its processes; this one must stay to the end.
    let _ = ctrlc::set_handler(|| {});
    run_reaper(std::io::stdin().lock(), &args.mark);
    ExitCode::SUCCESS
}
