//! A prop that a shot shows has a model to show.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::model_missing",
    severity: Severity::Error,
    needs_whole: true,
    summary: "every prop in a shot has a model",
    explanation: "A prop in a shot must be drawn, so it needs a model.",
    wrong: "\
props:
  - name: lantern
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    right: "\
props:
  - name: lantern
    model: assets/lantern.glb
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for (at, prop) in production
        .props
        .iter()
        .enumerate()
        .filter(|(_, prop)| prop.model.is_none())
    {
        let name = &prop.name.value;
        let mut uses = production
            .shots
            .iter()
            .flat_map(|shot| shot.props.iter().map(move |role| (shot, role)));
        let Some((shot, role)) = uses.find(|(_, role)| role.prop.index == Some(at)) else {
            continue;
        };
        let found = findings
            .at(prop.name.origin, format!("prop `{name}` has no model"))
            .with_label("nothing to draw");
        let found = found.with_related(
            role.prop.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(found.with_help(format!("add a line such as `model: assets/{name}.glb`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_prop_in_a_shot_without_model_is_told_once() {
        let found = only(&RULE, |production, _| production.props[0].model = None);
        assert_eq!(found.related[0].0, origin(35));
    }
}
