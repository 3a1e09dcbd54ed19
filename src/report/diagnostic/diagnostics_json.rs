//! Diagnostics as one JSON object without a limit. The format is public; `docs/json.md` describes
//! it.

use super::region::SourceRegion;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Severity, SourceMap, TextEdit};
use serde_json::{Map, Value, json as value};

/// Returns `{valid, issues, errors, warnings, counts}`. Each issue has its place, related places
/// and the edits that fix it.
#[must_use]
pub fn diagnostics_json(diagnostics: &Diagnostics, sources: &SourceMap, valid: bool) -> Value {
    let issues: Vec<Value> = diagnostics
        .as_slice()
        .iter()
        .map(|diagnostic| issue_json(diagnostic, sources))
        .collect();
    // The same issues again by severity: readers ask for the errors more often than for all.
    let of_severity = |severity: Severity| -> Vec<Value> {
        let found = diagnostics.as_slice().iter().zip(&issues);
        found
            .filter(|(diagnostic, _)| diagnostic.severity == severity)
            .map(|(_, issue)| issue.clone())
            .collect()
    };
    let errors = of_severity(Severity::Error);
    let warnings = of_severity(Severity::Warning);
    value!({
        "valid": valid,
        "issues": issues,
        "errors": errors,
        "warnings": warnings,
        "counts": {
            "errors": diagnostics.count_severity(Severity::Error),
            "warnings": diagnostics.count_severity(Severity::Warning),
            "infos": diagnostics.count_severity(Severity::Info),
        },
    })
}

fn issue_json(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    // Field names are written out here, so that a renamed field of `Diagnostic` cannot rename a
    // key.
    let description = value!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "suggestion": diagnostic.help,
        "path": diagnostic.path,
    });
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|(origin, message)| related_json(*origin, message, sources))
        .collect();
    let fixes: Vec<Value> = diagnostic
        .fix
        .iter()
        .map(|edit| fix_json(edit, sources))
        .collect();
    let more = value!({ "related": related, "fixes": fixes });
    // Issues, notes and edits have the same keys for their place, so one function of a reader
    // serves all three.
    merge_objects([description, place_json(diagnostic.origin, sources), more])
}

fn related_json(origin: FileSpan, message: &str, sources: &SourceMap) -> Value {
    merge_objects([value!({ "message": message }), place_json(origin, sources)])
}

fn fix_json(edit: &TextEdit, sources: &SourceMap) -> Value {
    merge_objects([
        place_json(edit.origin, sources),
        value!({ "text": edit.text }),
    ])
}

fn place_json(origin: FileSpan, sources: &SourceMap) -> Value {
    let region = SourceRegion::from_origin(origin, sources);
    // Every key is always present, with null for an unknown place, so readers need no test for
    // keys.
    let region = region.as_ref();
    value!({
        "file": region.map(|region| &region.file),
        "line": region.map(|region| region.line),
        "column": region.map(|region| region.column),
        "end_line": region.map(|region| region.end_line),
        "end_column": region.map(|region| region.end_column),
    })
}

/// Returns one object with the fields of all, in their order.
fn merge_objects<const N: usize>(parts: [Value; N]) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.flatten().collect::<Map<String, Value>>())
}
