//! The production has a description.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::meta::no_description",
    // A note: nothing that is made depends on it.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "the production has a description",
    explanation: "One sentence about the film is shown under its title in the report and in the \
        list of productions. Nothing else depends on it.",
    wrong: "\
description: \"\"
",
    right: "\
description: A lamp must burn again before the tide
",
    check: report_no_description,
};

fn report_no_description(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    if production.meta.description.trim().is_empty() {
        let finding = findings.finding_at(production.origin, "the production has no description");
        findings.push(finding.with_help(
            "add a line such as `description: A lantern must burn again before the tide`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_production_without_description_is_noted() {
        let found = only_finding(&RULE, |production, _| production.meta.description.clear());
        assert_eq!(found.origin, sample_origin(0));
    }
}
