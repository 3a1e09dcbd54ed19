//! Whatever a shot shows is one of the props.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_unknown;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::unknown_prop",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every prop that a shot names exists",
    explanation: "The shot names a prop that is not under `props`. Names are compared letter by letter, \
        capitals too.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let names = production.props.iter().map(|prop| &prop.name);
    let references = production
        .shots
        .iter()
        .flat_map(|shot| &shot.props)
        .map(|role| &role.prop);
    report_unknown(("prop", "props"), names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, unknown};

    #[test]
    fn an_unknown_prop_offers_the_nearest() {
        let found = only(&RULE, |production, _| {
            production.shots[0].props[0].prop = unknown("lantren", 35)
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `lantern`?"));
    }
}
