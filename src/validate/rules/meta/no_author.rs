//! A production says who makes it.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::meta::no_author",
    severity: Severity::Info,
    needs_whole: true,
    summary: "the production names its author",
    explanation: "The author is written into the report and the manifest, so that whoever finds the film later \
        knows whom to ask. Nothing else depends on it.",
    wrong: "\
author: \"\"
",
    right: "\
author: A. Keeper
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production
        .meta
        .author
        .as_deref()
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        let found = findings.at(production.origin, "the production names no author");
        findings.push(found.with_help("add a line such as `author: A. Keeper`"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_production_without_author_is_noted() {
        let found = only(&RULE, |production, _| production.meta.author = None);
        assert_eq!(found.message, "the production names no author");
    }
}
