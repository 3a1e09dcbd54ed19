//! Programs in other languages that read what we write, where `scripts/fetch-test-assets` has brought them.

use std::path::{Path, PathBuf};

/// Returns the folder of what tests compare with: in the build folder, wherever that is.
pub(crate) fn assets() -> PathBuf {
    let target = Path::new(env!("CARGO_BIN_EXE_production"))
        .ancestors()
        .nth(2)
        .expect("a build folder");
    target.join("test-assets")
}

/// Returns the interpreter. Without one the tests that need it fail where everything is required (`scripts/test` says so),
/// and say elsewhere that they were passed over.
#[expect(clippy::print_stderr, reason = "a test says what it passes over")]
pub(crate) fn interpreter() -> Option<PathBuf> {
    let python = assets().join("venv/bin/python");
    if python.exists() {
        return Some(python);
    }
    #[expect(clippy::disallowed_methods, reason = "a test asks how it was started")]
    let required = std::env::var_os("PRODUCTION_TESTS_REQUIRE_ASSETS").is_some();
    assert!(
        !required,
        "no Python at {}: run scripts/fetch-test-assets",
        python.display()
    );
    eprintln!(
        "SKIPPED: no Python at {}; scripts/fetch-test-assets brings it",
        python.display()
    );
    None
}
