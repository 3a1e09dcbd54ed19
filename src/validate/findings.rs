//! Findings of one rule. Code and severity come from the rule, so no rule can report under
//! another's code.

use super::rule::ValidationRule;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Severity};

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
