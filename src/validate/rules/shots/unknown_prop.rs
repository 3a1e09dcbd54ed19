//! Every prop that a shot names exists.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_unknown_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_prop",
    // An error: the shot would be rendered without what it is about.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every prop that a shot names exists",
    explanation: "The shot names a prop that is not under `props`. Names are compared letter by \
        letter, capitals too.",
    wrong: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantren], location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check: report_unknown_props,
};

fn report_unknown_props(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let names = production.props.iter().map(|prop| &prop.name);
    let references = production
        .shots
        .iter()
        .flat_map(|shot| &shot.props)
        .map(|role| &role.prop);
    report_unknown_names("prop", "props", names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, unresolved_reference};

    #[test]
    fn an_unknown_prop_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].props[0].prop = unresolved_reference("lantren", 35);
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `lantern`?"));
    }
}
