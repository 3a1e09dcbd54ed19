//! Findings as SARIF results: message, places, and the edits that mend them.

use super::locations::{artifact, location, region};
use crate::base::{Diagnostic, DiagnosticCode, FileId, Severity, SourceMap, TextEdit};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns SARIF's word for a severity.
pub(super) const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Writes one finding; `codes` are those of the run, in the order of its rules.
pub(super) fn result(
    found: &Diagnostic,
    codes: &[(DiagnosticCode, Severity)],
    sources: &SourceMap,
) -> Value {
    let index = codes.iter().position(|(code, _)| *code == found.code);
    let help = found
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    let mut written = json!({
        "ruleId": found.code,
        "ruleIndex": index,
        "level": level(found.severity),
        "message": { "text": format!("{}{help}", found.message) },
        "locations": locations(found, sources),
    });
    let related: Vec<Value> = found
        .related
        .iter()
        .filter_map(|(at, text)| location(*at, Some(text), sources))
        .collect();
    if !related.is_empty() {
        written["relatedLocations"] = related.into();
    }
    let changes = changes(&found.fix, sources);
    if !changes.is_empty() {
        let description = json!({ "text": found.help.as_deref().unwrap_or("apply the edit") });
        written["fixes"] = json!([{ "description": description, "artifactChanges": changes }]);
    }
    written
}

fn locations(found: &Diagnostic, sources: &SourceMap) -> Vec<Value> {
    let mut place = location(found.origin, None, sources);
    if let Some(place) = place.as_mut().filter(|_| !found.path.is_empty()) {
        place["logicalLocations"] = json!([{ "fullyQualifiedName": found.path }]);
    }
    place.into_iter().collect()
}

fn changes(edits: &[TextEdit], sources: &SourceMap) -> Vec<Value> {
    let mut files: BTreeMap<FileId, Vec<Value>> = BTreeMap::new();
    for edit in edits {
        let Some(deleted) = region(edit.origin, sources) else {
            continue;
        };
        let inserted = json!({ "text": edit.text });
        let replacement = json!({ "deletedRegion": deleted, "insertedContent": inserted });
        files.entry(edit.origin.file).or_default().push(replacement);
    }
    let change = |(file, replacements): (FileId, Vec<Value>)| {
        Some(
            json!({ "artifactLocation": artifact(&sources.get(file)?.path), "replacements": replacements }),
        )
    };
    files.into_iter().filter_map(change).collect()
}
