//! The rules that could not be checked, as text and as JSON.

use crate::base::{DiagnosticCode, FileSpan, SourceMap};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Most mistakes that the text lists.
// A document with more has them for one cause, such as a list in the wrong place.
const MAX_LISTED: usize = 3;

/// Most rules that the text names, if several mistakes keep them from being checked.
const MAX_RULES: usize = 6;

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

/// Returns one line about all rules that were not checked. Empty if everything was checked.
#[must_use]
pub fn unchecked_text(reports: &[UncheckedReport<'_>], sources: &SourceMap) -> String {
    let rules: BTreeSet<DiagnosticCode> = reports
        .iter()
        .flat_map(|report| report.rules.iter().copied())
        .collect();
    match reports {
        [] => String::new(),
        [report] => {
            let what = if report.is_entry_only {
                "there"
            } else {
                "anywhere"
            };
            let place = place_text(report, sources);
            let rules = rules_text(&rules, usize::MAX);
            format!("not checked {what} until {place} is corrected: {rules}\n")
        }
        reports => {
            // Two mistakes may be at one place, such as two fields that an entry lacks.
            let mut places: Vec<String> = Vec::new();
            for report in reports {
                let place = place_text(report, sources);
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            let more = match places.len().saturating_sub(MAX_LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            places.truncate(MAX_LISTED);
            let rules = rules_text(&rules, MAX_RULES);
            format!(
                "not checked until the mistakes at {}{more} are corrected: {rules} \
                 (`--format json` says which waits for which)\n",
                places.join(", ")
            )
        }
    }
}

fn place_text(report: &UncheckedReport<'_>, sources: &SourceMap) -> String {
    let place = sources.format_position(report.origin);
    if place.is_empty() {
        "the error above".to_owned()
    } else {
        place
    }
}

/// Returns the names of the rules, `most` of them at the most.
fn rules_text(rules: &BTreeSet<DiagnosticCode>, most: usize) -> String {
    // All rules of a document that cannot be read at all.
    if rules.len() > 60 {
        return "any rule".to_owned();
    }
    let names: Vec<&str> = rules
        .iter()
        .take(most)
        .map(|rule| without_prefix(rule))
        .collect();
    match rules.len() - names.len() {
        0 => names.join(", "),
        more => format!("{} and {more} more rules", names.join(", ")),
    }
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
        let other = UncheckedReport {
            origin: FileSpan::new(file, 0, 1),
            is_entry_only: false,
            rules: &[
                "production::outputs::extension",
                "production::outputs::none",
            ],
            ..report.clone()
        };
        assert_eq!(
            unchecked_text(&[report.clone(), other], &sources),
            "not checked until the mistakes at p.yaml:2:2, p.yaml:1:1 are corrected: \
             outputs::extension, outputs::none, outputs::odd_size (`--format json` says which \
             waits for which)\n"
        );
        let twice = [report.clone(), report.clone()];
        assert!(
            unchecked_text(&twice, &sources)
                .starts_with("not checked until the mistakes at p.yaml:2:2 are corrected: ")
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
