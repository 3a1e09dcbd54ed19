//! The type of a rule: code, severity, texts and check.

use super::external_facts::ExternalFacts;
use crate::base::{CodeExplanation, Diagnostic, DiagnosticCode, Diagnostics, FileSpan, Severity};
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

/// The findings of one rule.
#[derive(Debug)]
pub struct RuleFindings {
    rule: ValidationRule,
    diagnostics: Diagnostics,
}

impl RuleFindings {
    /// Returns an empty list for `rule`.
    pub(super) fn for_rule(rule: &ValidationRule) -> Self {
        Self {
            rule: *rule,
            diagnostics: Diagnostics::default(),
        }
    }

    /// Returns a finding of this rule at `origin`. Add label and help, then push it.
    #[must_use]
    pub fn finding_at(&self, origin: FileSpan, message: impl Into<String>) -> Diagnostic {
        // A rule cannot choose the severity of a single finding: suppressing and counting go by
        // code.
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

    /// Returns the findings in the order of their pushes.
    pub(super) fn into_diagnostics(self) -> Diagnostics {
        self.diagnostics
    }
}
