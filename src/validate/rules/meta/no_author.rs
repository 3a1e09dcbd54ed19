//! The production names its author.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::meta::no_author",
    // A note: nothing that is made depends on it.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "the production names its author",
    explanation: "The author is written into the report and the manifest, so that anyone who finds \
        the film later knows whom to ask. Nothing else depends on it.",
    wrong: "\
author: \"\"
",
    right: "\
author: A. Keeper
",
    check: report_no_author,
};

fn report_no_author(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    if production
        .meta
        .author
        .as_deref()
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        let finding = findings.finding_at(production.origin, "the production names no author");
        findings.push(finding.with_help("add a line such as `author: A. Keeper`"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_production_without_author_is_noted() {
        let found = only_finding(&RULE, |production, _| production.meta.author = None);
        assert_eq!(found.message, "the production names no author");
    }
}
