//! What a check finds in a plan, and what a repair changed.

use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, FileSpan};

/// Something that a plan must not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanFinding {
    pub(super) code: DiagnosticCode,
    pub(super) origin: FileSpan,
    pub(super) message: String,
}

/// One change of a plan: what it was, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreatmentRepair {
    /// The check that it answers.
    pub code: DiagnosticCode,
    /// Where the value is written.
    pub origin: FileSpan,
    /// The value in the manifest, such as `scenes[2].durationSeconds`.
    pub path: String,
    /// The value before.
    pub before: String,
    /// The value after.
    pub after: String,
    /// What was wrong, in one line.
    pub message: String,
}

impl TreatmentRepair {
    /// Returns the code as the planner's clients know it: `DURATION_MISMATCH`.
    #[must_use]
    pub fn short_code(&self) -> String {
        short_code(self.code)
    }
}

/// Returns the last word of a code in capitals.
pub(super) fn short_code(code: DiagnosticCode) -> String {
    code.rsplit("::").next().unwrap_or(code).to_uppercase()
}

/// Adds the repairs as warnings.
pub(super) fn report_repairs(repairs: &[TreatmentRepair], diagnostics: &mut Diagnostics) {
    for repair in repairs {
        let message = format!(
            "{}; repaired: {} instead of {}",
            repair.message, repair.after, repair.before
        );
        let warning = Diagnostic::warning(repair.code, repair.origin, message);
        diagnostics.push(warning.with_label(format!("{} → {}", repair.before, repair.after)));
    }
}
