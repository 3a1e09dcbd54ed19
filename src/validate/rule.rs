//! The type of a rule: code, severity, texts and check.

use super::external_facts::ExternalFacts;
use super::findings::RuleFindings;
use crate::base::{CodeExplanation, DiagnosticCode, Severity};
use crate::model::Production;

/// One condition that every production must meet.
#[derive(Debug, Clone, Copy)]
// Data with a function pointer, not a trait: every rule has the same fields, and a table of
// constants can be read, counted and documented without running anything.
pub struct ValidationRule {
    /// Stable code, `production::<area>::<rule>`. The rule is in `rules/<area>/<rule>.rs`.
    pub code: DiagnosticCode,
    /// Severity of its findings.
    pub severity: Severity,
    /// Whether the rule is about absent values, or defaults in their place. It is skipped if
    /// earlier errors may have removed what was written.
    pub skip_if_partial: bool,
    /// The condition, in one sentence without a full stop.
    pub summary: &'static str,
    /// Why it matters and what to do, in a few sentences.
    pub explanation: &'static str,
    /// Fields of a production that break the rule.
    pub wrong: &'static str,
    /// The same fields, corrected.
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
