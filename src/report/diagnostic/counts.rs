//! Limits and counts of diagnostics.

use crate::base::{Diagnostic, Diagnostics, Severity};
use crate::report::text_format::format_count;

/// Most diagnostics shown to people without `--limit`.
// A wrong include can cause thousands. Nobody reads more than this before the first fix.
pub const DEFAULT_LIMIT: usize = 200;
/// The limit that shows all diagnostics.
pub const NO_LIMIT: usize = 0;

/// Returns the diagnostics within `limit`; all with [`NO_LIMIT`].
pub(super) fn shown_diagnostics(diagnostics: &Diagnostics, limit: usize) -> &[Diagnostic] {
    let findings = diagnostics.as_slice();
    if limit == NO_LIMIT {
        findings
    } else {
        &findings[..findings.len().min(limit)]
    }
}

/// Returns a line such as `2 errors, 1 warning` with the number of those not shown; empty without
/// diagnostics.
#[must_use]
pub fn counts_line(diagnostics: &Diagnostics, limit: usize) -> String {
    let counts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
    // Counted over all and not over those shown: the exit code depends on all.
    let counts = counts.map(|(severity, word)| (diagnostics.count_severity(severity), word));
    let words: Vec<String> = counts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format_count(number, word))
        .collect();
    let more = hidden_note(diagnostics, limit)
        .map(|more| format!("; {more}"))
        .unwrap_or_default();
    if words.is_empty() {
        String::new()
    } else {
        format!("{}{more}\n", words.join(", "))
    }
}

/// Returns the number of diagnostics that are not shown and the command that shows them; `None` if
/// all are.
pub(super) fn hidden_note(diagnostics: &Diagnostics, limit: usize) -> Option<String> {
    let hidden = diagnostics.as_slice().len() - shown_diagnostics(diagnostics, limit).len();
    (hidden > 0)
        .then(|| format!("{hidden} more not shown; `production validate --limit 0` shows all"))
}

pub(in crate::report) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
