//! Diagnostics as a SARIF 2.1.0 log, which code-scanning services and editors read.
//!
//! The log has one run with every diagnostic, its places and its edits. Relative paths stay
//! relative to `%SRCROOT%`, the folder in which the command ran, so that a log means the same on
//! every machine.

mod locations;
mod results;
mod rules;

use crate::base::{CodeExplanation, DiagnosticCode, Diagnostics, SourceMap};
use serde_json::{Value, json};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Returns the diagnostics as a SARIF log. `explain` returns the page of a code, if it has one.
#[must_use]
pub fn sarif_log(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    explain: impl Fn(DiagnosticCode) -> Option<CodeExplanation>,
) -> Value {
    let findings = diagnostics.as_slice();
    // Results refer to rules by index. The list is made once and passed on, so that both sides
    // agree.
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
            // Columns of the program are characters; the default of SARIF is UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": {
                locations::SOURCE_ROOT: { "description": { "text": "the folder in which the command ran" } },
            },
            "results": results,
        }],
    })
}
