//! A prop is seen. Silent where another message explains it.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::{is_blank, is_meant_by, is_repeat};
use crate::validate::shots::unknown;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::unused",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every prop is in a shot",
    explanation: "No shot shows the prop. It costs nothing, but it may be misspelt somewhere or forgotten.",
    wrong: "\
props:
  - {name: lantern, model: assets/lantern.glb}
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
    for (at, prop) in production.props.iter().enumerate() {
        let name = &prop.name.value;
        let references = || production.shots.iter().flat_map(|shot| &shot.props).map(|role| &role.prop);
        let shown = references().any(|reference| reference.index == Some(at));
        let misspelt = || unknown(references()).map(|reference| reference.name.value.as_str());
        let explained = || {
            production.shots.is_empty()
                || is_repeat(at, production.props.iter().map(|other| &other.name), name)
        };
        if shown || is_blank(&prop.name) || prop.name.hole || explained() || is_meant_by(name, misspelt()) {
            continue;
        }
        findings.push(findings.at(prop.name.origin, format!("prop `{name}` is in no shot")).label("unused"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::Prop;
    use crate::validate::sample::{name, only};

    #[test]
    fn a_prop_that_nobody_sees_is_noted() {
        let found = only(&RULE, |production, _| {
            production.props.push(Prop { name: name("anchor", 28), model: None });
        });
        assert_eq!(found.message, "prop `anchor` is in no shot");
    }
}
