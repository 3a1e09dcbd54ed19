//! Every prop in a shot has a model.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::{PropRole, Shot};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::model_missing",
    severity: Severity::Error,
    // The model may be written and unreadable, which has been reported.
    skip_if_partial: true,
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
    check: report_props_without_model,
};

fn report_props_without_model(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let uses = production
        .shots
        .iter()
        .filter(|shot| shot.is_drawn())
        .flat_map(|shot| shot.props.iter().map(move |role| (shot, role)));
    let mut first_uses: HashMap<usize, (&Shot, &PropRole)> = HashMap::new();
    for (shot, role) in uses {
        if let Some(index) = role.prop.index {
            first_uses.entry(index).or_insert((shot, role));
        }
    }
    for (index, prop) in production
        .props
        .iter()
        .enumerate()
        .filter(|(_, prop)| prop.model.is_none())
    {
        let name = &prop.name.value;
        // The first shot is enough; a prop in no shot needs no model.
        let Some((shot, role)) = first_uses.get(&index) else {
            continue;
        };
        let finding = findings
            .finding_at(prop.name.origin, format!("prop `{name}` has no model"))
            .with_label("nothing to draw");
        let finding = finding.with_related(
            role.prop.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(finding.with_help(format!("add a line such as `model: assets/{name}.glb`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_prop_in_a_shot_without_model_is_reported_once() {
        let found = only_finding(&RULE, |production, _| production.props[0].model = None);
        assert_eq!(found.related[0].0, sample_origin(35));
    }
}
