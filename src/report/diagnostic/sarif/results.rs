//! SARIF results: message, locations and fixes of a diagnostic.

use super::locations::{artifact_location, location_json, region_json};
use crate::base::{Diagnostic, DiagnosticCode, FileId, Severity, SourceMap, TextEdit};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns the level of SARIF for a severity.
pub(super) const fn sarif_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Returns the result of one diagnostic. `codes` are the rules of the run in order.
pub(super) fn sarif_result(
    diagnostic: &Diagnostic,
    codes: &[(DiagnosticCode, Severity)],
    sources: &SourceMap,
) -> Value {
    let index = codes.iter().position(|(code, _)| *code == diagnostic.code);
    let help = diagnostic
        .help
        .as_ref()
        .map(|help| format!("\n{help}"))
        .unwrap_or_default();
    let mut written = json!({
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": sarif_level(diagnostic.severity),
        // SARIF has no field for help at a result, so it follows the message.
        "message": { "text": format!("{}{help}", diagnostic.message) },
        "locations": result_locations(diagnostic, sources),
    });
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .filter_map(|(origin, text)| location_json(*origin, Some(text), sources))
        .collect();
    // Empty lists are left out: they are optional in SARIF, and most findings have neither.
    if !related.is_empty() {
        written["relatedLocations"] = related.into();
    }
    let changes = artifact_changes(&diagnostic.fix, sources);
    if !changes.is_empty() {
        let description = json!({ "text": diagnostic.help.as_deref().unwrap_or("apply the edit") });
        written["fixes"] = json!([{ "description": description, "artifactChanges": changes }]);
    }
    written
}

fn result_locations(diagnostic: &Diagnostic, sources: &SourceMap) -> Vec<Value> {
    let mut place = location_json(diagnostic.origin, None, sources);
    if let Some(place) = place.as_mut().filter(|_| !diagnostic.path.is_empty()) {
        place["logicalLocations"] = json!([{ "fullyQualifiedName": diagnostic.path }]);
    }
    place.into_iter().collect()
}

fn artifact_changes(edits: &[TextEdit], sources: &SourceMap) -> Vec<Value> {
    // SARIF groups replacements by file. The map keeps the order of the files, so the log is the
    // same each time.
    let mut files: BTreeMap<FileId, Vec<Value>> = BTreeMap::new();
    for edit in edits {
        // An edit without a place cannot be applied by an editor.
        let Some(deleted) = region_json(edit.origin, sources) else {
            continue;
        };
        let inserted = json!({ "text": edit.text });
        let replacement = json!({ "deletedRegion": deleted, "insertedContent": inserted });
        files.entry(edit.origin.file).or_default().push(replacement);
    }
    files.into_iter().filter_map(|(file, replacements)| {
        Some(
            json!({ "artifactLocation": artifact_location(&sources.get(file)?.path), "replacements": replacements }),
        )
    }).collect()
}
