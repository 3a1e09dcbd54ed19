//! What this machine can do, for tests that make films.

use std::process::Command;

/// Returns whether this machine can make films; says so when it cannot.
#[expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test says what it passes over"
)]
pub(crate) fn makes_films() -> bool {
    let healthy = Command::new(env!("CARGO_BIN_EXE_production"))
        .arg("doctor")
        .output()
        .unwrap()
        .status
        .success();
    if !healthy {
        eprintln!(
            "SKIPPED: this machine has no graphics adapter or no ffmpeg (`production doctor` says which)"
        );
    }
    healthy
}
