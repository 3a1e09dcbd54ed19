//! Findings as a SARIF 2.1.0 log, which code-scanning services and editors read.
//!
//! One run; every finding with its place, further places and edits. Relative paths stay relative to `%SRCROOT%`, the
//! folder in which the command ran, so that a log means the same on every machine.

mod locations;
mod results;
mod rules;

use crate::base::{CodeExplanation, DiagnosticCode, Diagnostics, SourceMap};
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Returns the findings as a SARIF log; `explain` tells what a code means, where that is known.
#[must_use]
pub fn sarif_log(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    explain: impl Fn(DiagnosticCode) -> Option<CodeExplanation>,
) -> Value {
    let findings = diagnostics.as_slice();
    let codes = rules::distinct_codes(findings);
    let described: Vec<Value> = codes
        .iter()
        .map(|(code, severity)| rules::rule_descriptor(code, *severity, explain(code)))
        .collect();
    let results: Vec<Value> = findings
        .iter()
        .map(|finding| results::sarif_result(finding, &codes, sources))
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": described,
            } },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                locations::SOURCE_ROOT: { "description": { "text": "the folder in which the command ran" } },
            },
            "results": results,
        }],
    })
}
