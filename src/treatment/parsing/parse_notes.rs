//! The findings of the parser, each made in one place.

use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::document::quote::quote_value;

/// Adds a note about a guess: what was taken, and why.
pub(super) fn note_guess(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    guess: impl Into<String>,
    reason: impl Into<String>,
) {
    let note = Diagnostic::info("production::treatment::guess", origin, guess);
    diagnostics.push(note.with_label(reason));
}

/// Adds a warning about a value that cannot be read, with what is written there instead.
pub(super) fn warn_unreadable(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    what: &str,
    value: &str,
    help: &str,
) {
    let message = format!("{} is no {what}", quote_value(value));
    let code = "production::treatment::unreadable_value";
    let warning = Diagnostic::warning(code, origin, message);
    diagnostics.push(warning.with_label("left out").with_help(help));
}

/// Adds a warning about a second value that differs from the first.
pub(super) fn warn_repeated(
    diagnostics: &mut Diagnostics,
    origin: FileSpan,
    first: FileSpan,
    what: &str,
) {
    let message = format!("the {what} is written twice, and differs");
    let code = "production::treatment::contradiction";
    let warning = Diagnostic::warning(code, origin, message)
        .with_label("not used")
        .with_related(first, "the first one counts")
        .with_help(format!("write the {what} once"));
    diagnostics.push(warning);
}
