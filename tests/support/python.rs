//! Programs in other languages that read our output, as `scripts/fetch-test-assets` installs them.

use crate::skip::require_or_skip;
use std::path::{Path, PathBuf};

/// Returns the folder of downloaded test assets, inside the build folder.
pub(crate) fn assets() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_production"))
        .ancestors()
        .nth(2)
        .expect("a build folder");
    target.join("test-assets")
}

/// Returns the interpreter, if there is one.
pub(crate) fn interpreter() -> Option<PathBuf> {
    let python = assets().join("venv/bin/python");
    let reason = format!(
        "no Python at {}; scripts/fetch-test-assets brings it",
        python.display()
    );
    require_or_skip(python.exists().then_some(python), &reason)
}
