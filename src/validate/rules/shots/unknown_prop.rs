//! Whatever a shot shows is one of the props.

use crate::base::Severity;
use crate::base::nearest::did_you_mean;
use crate::model::Production;
use crate::validate::shots::unknown;
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
    if production.props.iter().any(|prop| prop.name.hole) {
        return; // Its name could not be read, and may be the one that is meant.
    }
    let known = || production.props.iter().map(|prop| prop.name.value.as_str());
    for reference in unknown(production.shots.iter().flat_map(|shot| &shot.props).map(|role| &role.prop)) {
        let name = &reference.name.value;
        let found =
            findings.at(reference.name.origin, format!("unknown prop `{name}`")).label("not under `props`");
        findings.push(found.maybe_help(did_you_mean(name, known())));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, unknown};

    #[test]
    fn an_unknown_prop_offers_the_nearest() {
        let found = only(&RULE, |production, _| production.shots[0].props[0].prop = unknown("lantren", 35));
        assert_eq!(found.help.as_deref(), Some("did you mean `lantern`?"));
    }
}
