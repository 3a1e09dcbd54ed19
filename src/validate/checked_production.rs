//! Runs all rules, and defines the production that passed them.

use super::external_facts::ExternalFacts;
use super::rule::RuleFindings;
use super::rules::all_rules;
use crate::base::Diagnostics;
use crate::model::Production;
use std::ops::Deref;

/// A production that broke no rule of severity error. Only [`validate_production`] creates one.
#[derive(Debug, Clone)]
// The field is private and there is no constructor: planning takes this type, so it cannot be given
// a production that was not checked.
pub struct CheckedProduction {
    production: Production,
}

impl Deref for CheckedProduction {
    type Target = Production;

    fn deref(&self) -> &Production {
        &self.production
    }
}

/// Runs every rule. Returns the findings sorted by place, and the production if none is an error.
///
/// Errors of earlier stages are not known here. A caller that has some must stop by itself.
#[must_use]
pub fn validate_production(
    production: Production,
    facts: &ExternalFacts,
) -> (Option<CheckedProduction>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    // After errors in reading, what seems to be missing may only be misspelt. Rules about absent
    // things would then report the same mistake a second time.
    for rule in all_rules().filter(|rule| !(rule.skip_if_partial && facts.partial)) {
        let mut findings = RuleFindings::for_rule(rule);
        (rule.check)(&production, facts, &mut findings);
        diagnostics.extend(findings.into_diagnostics());
    }
    // Rules run by area, but an author mends the file from top to bottom.
    let diagnostics = diagnostics.into_sorted();
    let checked = (!diagnostics.has_errors()).then_some(CheckedProduction { production });
    (checked, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample;

    #[test]
    fn a_clean_production_breaks_no_rule() {
        let (checked, diagnostics) =
            validate_production(sample::sample_production(), &sample::sample_facts());
        assert_eq!(diagnostics.as_slice(), []);
        assert!(checked.is_some());
    }

    #[test]
    fn a_production_with_warnings_is_checked() {
        let mut production = sample::sample_production();
        production.outputs.clear();
        let (checked, diagnostics) = validate_production(production, &sample::sample_facts());
        assert_eq!(diagnostics.as_slice().len(), 1);
        assert!(checked.is_some());
    }

    #[test]
    fn after_earlier_errors_nothing_is_reported_as_missing() {
        let mut production = sample::sample_production();
        production.shots.clear();
        let facts = ExternalFacts {
            partial: true,
            ..sample::sample_facts()
        };
        assert!(validate_production(production, &facts).1.is_empty());
    }

    #[test]
    fn an_error_does_not_let_the_production_through() {
        let mut production = sample::sample_production();
        production.shots.clear();
        let (checked, diagnostics) = validate_production(production, &sample::sample_facts());
        assert!(diagnostics.has_errors());
        assert!(checked.is_none());
    }
}
