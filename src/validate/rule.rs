//! One rule: its public code, how much it matters, what it says, and the function that looks; and what it found.
//!
//! The two are one file because each names the other: a rule has a function that takes its findings, and findings take code
//! and severity from their rule, so that no rule can report under another's name.

use super::external_facts::ExternalFacts;
use crate::base::{CodeExplanation, Diagnostic, DiagnosticCode, Diagnostics, FileSpan, Severity};
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

/// The findings of one rule.
#[derive(Debug)]
pub struct RuleFindings {
    rule: ValidationRule,
    diagnostics: Diagnostics,
}

impl RuleFindings {
    /// Returns an empty list for this rule.
    pub(super) fn for_rule(rule: &ValidationRule) -> Self {
        Self {
            rule: *rule,
            diagnostics: Diagnostics::default(),
        }
    }

    /// Returns a finding of this rule at `origin`, to be given label and help and then pushed.
    #[must_use]
    pub fn finding_at(&self, origin: FileSpan, message: impl Into<String>) -> Diagnostic {
        let make = match self.rule.severity {
            Severity::Error => Diagnostic::error,
            Severity::Warning => Diagnostic::warning,
            Severity::Info => Diagnostic::info,
        };
        make(self.rule.code, origin, message.into())
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Diagnostic) {
        self.diagnostics.push(finding);
    }

    /// Returns the findings in the order in which they were pushed.
    pub(super) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }
}
