//! The abilities of this machine, for tests that make films.

use crate::skip::require_or_skip;
use std::process::Command;

/// Returns whether this machine can make films.
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
pub(crate) fn makes_films() -> bool {
    let doctor = Command::new(env!("CARGO_BIN_EXE_production"))
        .arg("doctor")
        .output()
        .unwrap();
    let missing =
        "this machine has no graphics adapter or no ffmpeg (`production doctor` says which)";
    require_or_skip(doctor.status.success().then_some(()), missing).is_some()
}
