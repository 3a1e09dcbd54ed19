//! Diagnostics as one line each, for editors and build logs.

use super::counts::{DEFAULT_LIMIT, hidden_note, severity_word, shown_diagnostics};
use super::message_text::escape_unprintable;
use crate::base::{Diagnostic, Diagnostics, SourceMap};

/// Returns the first [`DEFAULT_LIMIT`] diagnostics as `file:line:column: severity[code]: message`,
/// and a line that counts the rest.
#[must_use]
pub fn short_diagnostics(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    short_diagnostics_up_to(diagnostics, sources, DEFAULT_LIMIT)
}

/// Returns the first `limit` diagnostics, one a line, and a line that counts the rest.
#[must_use]
pub fn short_diagnostics_up_to(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    limit: usize,
) -> String {
    let mut lines: String = shown_diagnostics(diagnostics, limit)
        .iter()
        .map(|diagnostic| diagnostic_line(diagnostic, sources))
        .collect();
    lines.extend(hidden_note(diagnostics, limit).map(|more| format!("{more}\n")));
    lines
}

pub(super) fn diagnostic_line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = sources.format_position(diagnostic.origin);
    // A diagnostic about a file that was not read has no place. A line that begins with `: ` would
    // match no editor's pattern.
    let colon = if place.is_empty() { "" } else { ": " };
    let severity = severity_word(diagnostic.severity);
    // One line for each: editors read the output line by line.
    let message = escape_unprintable(&diagnostic.message).replace('\n', " ");
    format!(
        "{}{colon}{severity}[{}]: {message}\n",
        escape_unprintable(&place),
        diagnostic.code
    )
}
