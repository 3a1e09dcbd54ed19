//! One line for each finding, for editors and build logs.

use super::counts::{SHOWN, hidden, shown, word};
use super::printable::printable;
use crate::base::{Diagnostic, Diagnostics, SourceMap};

/// Writes as many findings as people read, each as `file:line:column: severity[code]: message`, and counts the rest.
#[must_use]
pub fn short(diagnostics: &Diagnostics, sources: &SourceMap) -> String {
    short_up_to(diagnostics, sources, SHOWN)
}

/// Writes the first `limit` findings, a line each, and counts the rest.
#[must_use]
pub fn short_up_to(diagnostics: &Diagnostics, sources: &SourceMap, limit: usize) -> String {
    let mut lines: String = shown(diagnostics, limit)
        .iter()
        .map(|diagnostic| line(diagnostic, sources))
        .collect();
    lines.extend(hidden(diagnostics, limit).map(|more| format!("{more}\n")));
    lines
}

pub(super) fn line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = sources.format_position(diagnostic.origin);
    let colon = if place.is_empty() { "" } else { ": " };
    let severity = word(diagnostic.severity);
    let message = printable(&diagnostic.message).replace('\n', " ");
    format!(
        "{}{colon}{severity}[{}]: {message}\n",
        printable(&place),
        diagnostic.code
    )
}
