//! Applies severities to findings: those of the `rules` of the document, comments that allow a
//! finding, and `--strict`.
//!
//! A pure function of findings and directives. It runs after every rule, so every command reports
//! the same. Errors stay errors, because the run would fail or the document cannot be read. A
//! directive that names no code, that is about an error, or that changes nothing is reported
//! itself. This module applies directives; it does not read them.

mod code_lookup;
mod level_table;
mod suppressions;

use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, Spanned};
use crate::document::allow_comments::AllowComment;
use crate::document::draft::{LevelDraft, ProductionDraft};
use level_table::LevelTable;
use std::collections::BTreeSet;
use suppressions::SuppressionTable;

/// The directives of the document and of the command line.
#[derive(Debug, Clone)]
pub(super) struct SeverityOptions<'a> {
    /// The document. `None` if it could not be read.
    pub(super) draft: Option<&'a ProductionDraft>,
    /// The comments of every file that allow findings.
    pub(super) allows: &'a [AllowComment],
    /// Every code with its default severity.
    pub(super) known: &'a [(DiagnosticCode, Severity)],
    /// Whether warnings become errors.
    pub(super) strict: bool,
    /// The rules that errors prevented from running everywhere. Directives about them are never
    /// reported as unused. `None`: no rule ran.
    pub(super) unchecked: Option<BTreeSet<DiagnosticCode>>,
}

/// Returns the findings with their final severities, without those that are allowed.
pub(super) fn apply_severities(
    diagnostics: Diagnostics,
    options: &SeverityOptions<'_>,
) -> Diagnostics {
    let mut notes = Diagnostics::default();
    let rules = options.draft.and_then(|draft| draft.rules.as_ref());
    let mut levels = LevelTable::new(rules, options.known, &mut notes);
    let mut suppressions = SuppressionTable::new(options.allows, options.known, &mut notes);
    let mut adjusted = Diagnostics::default();
    for finding in diagnostics {
        // A comment counts as used even if `rules` turns the finding off as well, so `try_suppress`
        // runs for every finding.
        let suppressed = finding.severity != Severity::Error && suppressions.try_suppress(&finding);
        match levels.apply_level(finding) {
            Some(finding) if !suppressed => adjusted.push(finding),
            _ => {}
        }
    }
    // What seems unused may match once the errors are corrected.
    if let Some(unchecked) = &options.unchecked {
        notes.extend(suppressions.unused_warnings(unchecked));
    }
    notes
        .into_iter()
        // Notes about comments have codes too, so `rules` may lower them as well.
        .filter_map(|note| levels.apply_level(note))
        .for_each(|note| adjusted.push(note));
    if let Some(unchecked) = &options.unchecked {
        levels
            .unused_notes(unchecked)
            .into_iter()
            .filter_map(|note| levels.apply_level(note))
            .for_each(|note| adjusted.push(note));
    }
    if options.strict {
        // Last, so that a warning that the document lowers to info stays info with `--strict`.
        promote_warnings(adjusted)
    } else {
        adjusted
    }
}

fn promote_warnings(diagnostics: Diagnostics) -> Diagnostics {
    let mut raised = Diagnostics::default();
    for mut finding in diagnostics {
        if finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        raised.push(finding);
    }
    raised
}

/// Returns a warning about a directive that lowers an error.
fn cannot_silence_warning(code: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is an error and stays one", code.value);
    Diagnostic::warning("production::rules::cannot_silence", code.origin, message)
        .with_label("no run can start with it")
        .with_help("remove this, and correct what the error points at")
}

/// Returns whether a code depends on the machine. A directive that is unused here may be needed on
/// another machine.
fn depends_on_machine(name: &str) -> bool {
    code_lookup::without_prefix(name).starts_with("tools::")
}

const fn level_severity(level: LevelDraft) -> Option<Severity> {
    match level {
        LevelDraft::Off => None,
        LevelDraft::Info => Some(Severity::Info),
        LevelDraft::Warning => Some(Severity::Warning),
        LevelDraft::Error => Some(Severity::Error),
    }
}

#[cfg(test)]
mod tests;
