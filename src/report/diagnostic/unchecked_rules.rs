//! The rules that could not be checked, as text and as JSON.

use crate::base::{DiagnosticCode, FileSpan, SourceMap};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// Most mistakes that the text lists.
// A document with more has them for one cause, such as a list in the wrong place.
const MAX_LISTED: usize = 8;

/// Rules that could not be checked because of one mistake.
#[derive(Debug, Clone)]
pub struct UncheckedReport<'a> {
    /// Code of the mistake.
    pub code: DiagnosticCode,
    /// Its place.
    pub origin: FileSpan,
    /// Whether only the entry with the mistake was left out.
    pub is_entry_only: bool,
    /// Codes of the rules.
    pub rules: &'a [DiagnosticCode],
}

/// Returns a line for each mistake. Empty if everything was checked.
#[must_use]
pub fn unchecked_text(reports: &[UncheckedReport<'_>], sources: &SourceMap) -> String {
    let mut text = String::new();
    for report in reports.iter().take(MAX_LISTED) {
        let place = sources.format_position(report.origin);
        let place = if place.is_empty() {
            "the error above"
        } else {
            place.as_str()
        };
        let what = if report.is_entry_only {
            "there"
        } else {
            "anywhere"
        };
        let rules = match report.rules {
            // All rules of a document that cannot be read at all.
            rules if rules.len() > 60 => "any rule".to_owned(),
            rules => rules
                .iter()
                .map(|rule| without_prefix(rule))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let _ = writeln!(
            text,
            "not checked {what} until {place} is corrected: {rules}"
        );
    }
    let more = reports.len().saturating_sub(MAX_LISTED);
    if more > 0 {
        let _ = writeln!(
            text,
            "not checked because of {more} more mistakes: see `--format json`"
        );
    }
    text
}

/// Returns an array with an object for each mistake.
#[must_use]
pub fn unchecked_json(reports: &[UncheckedReport<'_>], sources: &SourceMap) -> Value {
    let entries = reports.iter().map(|report| {
        let source = sources.get(report.origin.file);
        let place = source.map(|source| source.line_and_column(report.origin.start));
        json!({
            "rules": report.rules,
            "scope": if report.is_entry_only { "entry" } else { "document" },
            "because": {
                "code": report.code,
                "file": source.map(|source| source.path.display().to_string()),
                "line": place.map(|(line, _)| line),
                "column": place.map(|(_, column)| column),
            },
        })
    });
    Value::Array(entries.collect())
}

fn without_prefix(code: DiagnosticCode) -> &'static str {
    code.strip_prefix("production::").unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_name_the_rules_and_the_cause() {
        let mut sources = SourceMap::default();
        let file = sources.add_file("p.yaml", "a\nbc\n");
        let report = UncheckedReport {
            code: "production::document::unknown_field",
            origin: FileSpan::new(file, 3, 4),
            is_entry_only: true,
            rules: &[
                "production::outputs::extension",
                "production::outputs::odd_size",
            ],
        };
        assert_eq!(
            unchecked_text(std::slice::from_ref(&report), &sources),
            "not checked there until p.yaml:2:2 is corrected: outputs::extension, outputs::odd_size\n"
        );
        assert_eq!(
            unchecked_json(&[report], &sources),
            json!([{
                "rules": ["production::outputs::extension", "production::outputs::odd_size"],
                "scope": "entry",
                "because": {
                    "code": "production::document::unknown_field", "file": "p.yaml", "line": 2, "column": 2,
                },
            }])
        );
    }
}
