//! Findings as one JSON object, all of them; the form is public and described in `docs/json.md`.

use super::region::Region;
use crate::base::{Diagnostic, Diagnostics, FileSpan, SourceMap, TextEdit};
use serde_json::{Map, Value, json as value};

/// Returns the findings as `{valid, issues}`, each issue with its place, further places and edits that mend it.
#[must_use]
pub fn json(diagnostics: &Diagnostics, sources: &SourceMap, valid: bool) -> Value {
    let issues: Vec<Value> = diagnostics
        .as_slice()
        .iter()
        .map(|diagnostic| issue(diagnostic, sources))
        .collect();
    value!({ "valid": valid, "issues": issues })
}

fn issue(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let said = value!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "suggestion": diagnostic.help,
        "path": diagnostic.path,
    });
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|note| related(note, sources))
        .collect();
    let fixes: Vec<Value> = diagnostic
        .fix
        .iter()
        .map(|edit| fix(edit, sources))
        .collect();
    let more = value!({ "related": related, "fixes": fixes });
    joined([said, place(diagnostic.origin, sources), more])
}

fn related((origin, message): &(FileSpan, String), sources: &SourceMap) -> Value {
    joined([value!({ "message": message }), place(*origin, sources)])
}

fn fix(edit: &TextEdit, sources: &SourceMap) -> Value {
    joined([place(edit.origin, sources), value!({ "text": edit.text })])
}

fn place(origin: FileSpan, sources: &SourceMap) -> Value {
    let region = Region::of(origin, sources);
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
fn joined<const N: usize>(parts: [Value; N]) -> Value {
    let fields = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(fields.flatten().collect::<Map<String, Value>>())
}
