//! A production says what it is about.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::meta::no_description",
    severity: Severity::Info,
    needs_whole: true,
    summary: "the production has a description",
    explanation: "One sentence about the film stands under its title in the report and in the list of \
        productions. Nothing else depends on it.",
    wrong: "\
description: \"\"
",
    right: "\
description: A lamp must burn again before the tide
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.meta.description.trim().is_empty() {
        let found = findings.at(production.origin, "the production has no description");
        findings.push(found.with_help(
            "add a line such as `description: A lantern must burn again before the tide`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_production_without_description_is_noted() {
        let found = only(&RULE, |production, _| production.meta.description.clear());
        assert_eq!(found.origin, origin(0));
    }
}
