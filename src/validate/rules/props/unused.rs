//! A prop is seen. Silent where another message explains it.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::{unknown, unused};
use crate::validate::{Facts, Findings, Rule};
use std::collections::HashSet;

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
    if production.shots.is_empty() {
        return;
    }
    let references = || {
        production
            .shots
            .iter()
            .flat_map(|shot| &shot.props)
            .map(|role| &role.prop)
    };
    let shown: HashSet<usize> = references()
        .filter_map(|reference| reference.index)
        .collect();
    let misspelt: Vec<&str> = unknown(references())
        .map(|reference| &*reference.name.value)
        .collect();
    let names = production.props.iter().map(|prop| &prop.name);
    for name in unused(names, |at| shown.contains(&at), &misspelt) {
        findings.push(
            findings
                .at(name.origin, format!("prop `{}` is in no shot", name.value))
                .with_label("unused"),
        );
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
            production.props.push(Prop {
                name: name("anchor", 28),
                model: None,
            });
        });
        assert_eq!(found.message, "prop `anchor` is in no shot");
    }
}
