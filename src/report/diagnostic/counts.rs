//! How many findings there are, how many of them are shown, and how the rest is counted.

use crate::base::{Diagnostic, Diagnostics, Severity};
use crate::report::figures::count;

/// Most findings shown to people when nothing else is asked for.
pub const SHOWN: usize = 200;
/// The limit that shows every finding.
pub const ALL: usize = 0;

/// Returns the findings to show under `limit`; [`ALL`] shows every one.
pub(super) fn shown(diagnostics: &Diagnostics, limit: usize) -> &[Diagnostic] {
    let all = diagnostics.as_slice();
    if limit == ALL {
        all
    } else {
        &all[..all.len().min(limit)]
    }
}

/// Returns the counts as a line such as `2 errors, 1 warning`, with how many are not shown; empty without findings.
#[must_use]
pub fn counts(diagnostics: &Diagnostics, limit: usize) -> String {
    let counts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Info, "note"),
    ];
    let counts = counts.map(|(severity, word)| (diagnostics.count_severity(severity), word));
    let words: Vec<String> = counts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| count(number, word))
        .collect();
    let more = hidden(diagnostics, limit)
        .map(|more| format!("; {more}"))
        .unwrap_or_default();
    if words.is_empty() {
        String::new()
    } else {
        format!("{}{more}\n", words.join(", "))
    }
}

/// Returns how many findings are not shown and how to see them, if there are such.
pub(super) fn hidden(diagnostics: &Diagnostics, limit: usize) -> Option<String> {
    let hidden = diagnostics.as_slice().len() - shown(diagnostics, limit).len();
    (hidden > 0)
        .then(|| format!("{hidden} more not shown; `production validate --limit 0` shows all"))
}

/// Returns the word for a severity.
pub(in crate::report) const fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}
