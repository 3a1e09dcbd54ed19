//! What becomes of the findings: the document's own severities, comments that let one pass, and `--strict`.
//!
//! A pure step over findings and directives, after every rule has looked, so that every command sees the same. Errors stay
//! errors: they would make the run fail, or the document unreadable. A directive that names no code, that wants to silence
//! an error, or that silences nothing, is itself a finding. Owns the directives; does not know how they were read.

mod code_lookup;
mod level_table;
mod suppressions;

use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, Spanned};
use crate::document::allow_comments::AllowComment;
use crate::document::draft::{LevelDraft, ProductionDraft};
use level_table::LevelTable;
use suppressions::SuppressionTable;

/// What the document and the command line ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeverityOptions<'a> {
    /// The document, when it could be read.
    pub(super) draft: Option<&'a ProductionDraft>,
    /// The comments of every file.
    pub(super) allows: &'a [AllowComment],
    /// Every code there is, with its severity.
    pub(super) known: &'a [(DiagnosticCode, Severity)],
    /// Whether warnings are errors.
    pub(super) strict: bool,
    /// Whether mistakes kept some rules from looking, so that nothing can be said to be unused.
    pub(super) partial: bool,
}

/// Returns the findings as they count.
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
        let suppressed = finding.severity != Severity::Error && suppressions.try_suppress(&finding);
        match levels.apply_level(finding) {
            Some(finding) if !suppressed => adjusted.push(finding),
            _ => {}
        }
    }
    if !options.partial {
        notes.extend(suppressions.unused_warnings());
    }
    notes
        .into_iter()
        .filter_map(|note| levels.apply_level(note))
        .for_each(|note| adjusted.push(note));
    if !options.partial {
        levels
            .unused_notes()
            .into_iter()
            .filter_map(|note| levels.apply_level(note))
            .for_each(|note| adjusted.push(note));
    }
    if options.strict {
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

/// Words a directive that wants less of an error.
fn cannot_silence_warning(code: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is an error and stays one", code.value);
    Diagnostic::warning("production::rules::cannot_silence", code.origin, message)
        .with_label("no run can go on with it")
        .with_help("remove this, and mend what the error points at")
}

/// Returns whether a code is about this machine, so that elsewhere it may well be found.
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
