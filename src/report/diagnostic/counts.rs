//! How many findings there are, how many of them are shown, and how the rest is counted.

use crate::base::{Diagnostic, Diagnostics, Severity};
use crate::report::text_format::format_count;

/// Most findings shown to people when nothing else is asked for.
pub const DEFAULT_LIMIT: usize = 200;
/// The limit that shows every finding.
pub const NO_LIMIT: usize = 0;

/// Returns the findings to show under `limit`; [`NO_LIMIT`] shows every one.
pub(super) fn shown_diagnostics(diagnostics: &Diagnostics, limit: usize) -> &[Diagnostic] {
    let findings = diagnostics.as_slice();
    if limit == NO_LIMIT {
        findings
    } else {
        &findings[..findings.len().min(limit)]
    }
}

/// Returns the counts as a line such as `2 errors, 1 warning`, with how many are not shown; empty without findings.
#[must_use]
pub fn counts_line(diagnostics: &Diagnostics, limit: usize) -> String {
    let counts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
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

/// Returns how many findings are not shown and how to see them, if there are such.
pub(super) fn hidden_note(diagnostics: &Diagnostics, limit: usize) -> Option<String> {
    let hidden = diagnostics.as_slice().len() - shown_diagnostics(diagnostics, limit).len();
    (hidden > 0)
        .then(|| format!("{hidden} more not shown; `production validate --limit 0` shows all"))
}

/// Returns the word for a severity.
pub(in crate::report) const fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
