//! A production without shots has nothing to render.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::none",
    severity: Severity::Error,
    summary: "the production has a shot",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.shots.is_empty() {
        let found = findings.at(production.origin, "the production has no shots").label("nothing to render");
        findings.push(found.help("add `shots:` with entries such as `{template: establishing_wide, location: pier}`, or `shots: auto` with a script"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_production_without_shots_has_one_finding() {
        let found = only(&RULE, |production, _| production.shots.clear());
        assert_eq!(found.origin, origin(0));
    }
}
