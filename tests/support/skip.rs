//! Tests that need what a machine may lack: a program, a graphics adapter, files that are fetched.

/// Returns `found`. Without it the test that asks fails where everything is required, as
/// `scripts/test` and CI demand: a machine whose driver breaks must not stay green. Elsewhere it
/// says that it was passed over, and why.
#[expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a test says what it passes over, and asks how it was started"
)]
pub(crate) fn require_or_skip<T>(found: Option<T>, missing: &str) -> Option<T> {
    let required = std::env::var_os("PRODUCTION_TESTS_REQUIRE_ASSETS").is_some();
    assert!(found.is_some() || !required, "{missing}");
    if found.is_none() {
        eprintln!("SKIPPED: {missing}");
    }
    found
}
