//! What becomes of the findings: the document's own severities, comments that let one pass, and `--strict`.
//!
//! A pure step over findings and directives, after every rule has looked, so that every command sees the same. Errors stay
//! errors: they would make the run fail, or the document unreadable. A directive that names no code, that wants to silence
//! an error, or that silences nothing, is itself a finding. Owns the directives; does not know how they were read.

mod codes;
mod levels;
mod silences;

use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, Spanned};
use crate::document::allow_comments::AllowComment;
use crate::document::draft::{LevelDraft, ProductionDraft};
use levels::Levels;
use silences::Silences;

/// What the document and the command line ask for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
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
pub(super) fn judge(found: Diagnostics, asked: &Asked<'_>) -> Diagnostics {
    let mut notes = Diagnostics::default();
    let rules = asked.draft.and_then(|draft| draft.rules.as_ref());
    let mut levels = Levels::new(rules, asked.known, &mut notes);
    let mut silences = Silences::new(asked.allows, asked.known, &mut notes);
    let mut judged = Diagnostics::default();
    for finding in found {
        let silent = finding.severity != Severity::Error && silences.cover(&finding);
        match levels.apply(finding) {
            Some(finding) if !silent => judged.push(finding),
            _ => {}
        }
    }
    if !asked.partial {
        notes.extend(silences.unused());
    }
    notes
        .into_iter()
        .filter_map(|note| levels.apply(note))
        .for_each(|note| judged.push(note));
    if !asked.partial {
        levels
            .unused()
            .into_iter()
            .filter_map(|note| levels.apply(note))
            .for_each(|note| judged.push(note));
    }
    if asked.strict { strict(judged) } else { judged }
}

fn strict(found: Diagnostics) -> Diagnostics {
    let mut raised = Diagnostics::default();
    for mut finding in found {
        if finding.severity == Severity::Warning {
            finding.severity = Severity::Error;
        }
        raised.push(finding);
    }
    raised
}

/// Words a directive that wants less of an error.
fn cannot_silence(code: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` is an error and stays one", code.value);
    Diagnostic::warning("production::rules::cannot_silence", code.origin, message)
        .with_label("no run can go on with it")
        .with_help("remove this, and mend what the error points at")
}

/// Returns whether a code is about this machine, so that elsewhere it may well be found.
fn depends_on_machine(name: &str) -> bool {
    codes::brief(name).starts_with("tools::")
}

const fn severity(level: LevelDraft) -> Option<Severity> {
    match level {
        LevelDraft::Off => None,
        LevelDraft::Info => Some(Severity::Info),
        LevelDraft::Warning => Some(Severity::Warning),
        LevelDraft::Error => Some(Severity::Error),
    }
}

#[cfg(test)]
mod tests;
