//! One line for each finding, for editors and build logs.

use super::counts::{DEFAULT_LIMIT, hidden_note, severity_word, shown_diagnostics};
use super::printable::escape_unprintable;
use crate::base::{Diagnostic, Diagnostics, SourceMap};

/// Writes as many findings as people read, each as `file:line:column: severity[code]: message`, and counts the rest.
#[must_use]
pub fn short_diagnostics(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    short_diagnostics_up_to(diagnostics, sources, DEFAULT_LIMIT)
}

/// Writes the first `limit` findings, a line each, and counts the rest.
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
    let colon = if place.is_empty() { "" } else { ": " };
    let severity = severity_word(diagnostic.severity);
    let message = escape_unprintable(&diagnostic.message).replace('\n', " ");
    format!(
        "{}{colon}{severity}[{}]: {message}\n",
        escape_unprintable(&place),
        diagnostic.code
    )
}
