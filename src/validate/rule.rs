//! One rule: its public code, how much it matters, what it says, and the function that looks.

use super::external_facts::ExternalFacts;
use super::findings::RuleFindings;
use crate::base::{CodeExplanation, DiagnosticCode, Severity};
use crate::model::Production;

/// One thing that must hold in every production.
#[derive(Debug, Clone, Copy)]
pub struct ValidationRule {
    /// Stable code, `production::<area>::<rule>`; the rule lies in `rules/<area>/<rule>.rs`.
    pub code: DiagnosticCode,
    /// How much it matters when the rule is broken.
    pub severity: Severity,
    /// Whether it speaks of what is not written, or of defaults in its place. Such a rule is silent while other mistakes
    /// may have swallowed what was written.
    pub skip_if_partial: bool,
    /// What must hold, in one sentence without a full stop.
    pub summary: &'static str,
    /// Why it matters and what to do, in a few sentences.
    pub explanation: &'static str,
    /// Fields of a production that break the rule.
    pub wrong: &'static str,
    /// The same fields, mended.
    pub right: &'static str,
    /// Adds a finding for every place that breaks the rule.
    pub check: fn(&Production, &ExternalFacts, &mut RuleFindings),
}

impl ValidationRule {
    /// Returns the page that explains the rule.
    #[must_use]
    pub const fn code_explanation(&self) -> CodeExplanation {
        let Self {
            code,
            severity,
            summary,
            explanation,
            wrong,
            right,
            ..
        } = *self;
        CodeExplanation {
            code,
            severity,
            summary,
            explanation,
            wrong,
            right,
        }
    }
}
