//! The pass over all rules, and the production that came through it.

use super::facts::Facts;
use super::findings::Findings;
use super::rules::rules;
use crate::base::Diagnostics;
use crate::model::Production;
use std::ops::Deref;

/// A production that broke no rule of severity error. Only [`validate`] makes one.
#[derive(Debug, Clone)]
pub struct Checked {
    production: Production,
}

impl Deref for Checked {
    type Target = Production;

    fn deref(&self) -> &Production {
        &self.production
    }
}

/// Returns every finding in order of place, and the production if none of them is an error.
///
/// Findings of earlier stages are not known here: a caller that has errors from reading must not go on.
#[must_use]
pub fn validate(production: Production, facts: &Facts) -> (Option<Checked>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    for rule in rules().filter(|rule| !(rule.needs_whole && facts.partial)) {
        let mut findings = Findings::of(rule);
        (rule.check)(&production, facts, &mut findings);
        diagnostics.extend(findings.into_diagnostics());
    }
    let diagnostics = diagnostics.into_sorted();
    let checked = (!diagnostics.has_errors()).then_some(Checked { production });
    (checked, diagnostics)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample;

    #[test]
    fn a_clean_production_breaks_no_rule() {
        let (checked, diagnostics) = validate(sample::production(), &sample::facts());
        assert_eq!(diagnostics.as_slice(), []);
        assert!(checked.is_some());
    }

    #[test]
    fn a_warning_lets_the_production_through() {
        let mut production = sample::production();
        production.outputs.clear();
        let (checked, diagnostics) = validate(production, &sample::facts());
        assert_eq!(diagnostics.as_slice().len(), 1);
        assert!(checked.is_some());
    }

    #[test]
    fn after_earlier_mistakes_nothing_is_said_to_be_missing() {
        let mut production = sample::production();
        production.shots.clear();
        let facts = Facts {
            partial: true,
            ..sample::facts()
        };
        assert!(validate(production, &facts).1.is_empty());
    }

    #[test]
    fn an_error_does_not_let_the_production_through() {
        let mut production = sample::production();
        production.shots.clear();
        let (checked, diagnostics) = validate(production, &sample::facts());
        assert!(diagnostics.has_errors());
        assert!(checked.is_none());
    }
}
