//! What a command printed, as text.

use std::process::Output;

/// Returns what one stream has.
pub(crate) fn stream_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Returns what a command printed to standard output, and then to standard error.
pub(crate) fn output_text(output: &Output) -> String {
    stream_text(&output.stdout) + &stream_text(&output.stderr)
}
