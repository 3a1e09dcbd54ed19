//! Every character in a shot has a model.
//!
//! A character in no shot needs none: it may speak off screen only. `unused` reports one that was
//! forgotten.

use crate::base::Severity;
use crate::model::{Production, SceneNumber};
use crate::validate::shot_queries::roles_by_character;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::model_missing",
    severity: Severity::Error,
    // The model may be written and unreadable, which has been reported.
    skip_if_partial: true,
    summary: "every character in a shot has a model in that scene",
    explanation: "A character in a shot must be drawn, so it needs a model: its own, or that of \
        the costume worn in the scene. A character that speaks off screen only needs none.",
    wrong: "\
characters:
  - name: mara
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
",
    check: report_characters_without_model,
};

fn report_characters_without_model(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let roles = roles_by_character(production);
    for (character, roles) in production.characters.iter().zip(roles) {
        // By scene: a costume may have its own model, so a character without one can still be
        // drawn.
        let is_bare = |scene: &SceneNumber| character.model_in(scene).is_none();
        let mut seen = HashSet::new();
        // A scene is looked at once: each look walks over the wardrobe.
        let mut shown = roles
            .into_iter()
            .filter(|(shot, _)| shot.is_drawn())
            .filter(|(shot, _)| seen.insert(&shot.scene.value));
        // The first shot is enough. The missing line is one, however many shots need it.
        let Some((shot, role)) = shown.find(|(shot, _)| is_bare(&shot.scene.value)) else {
            continue;
        };
        let name = &character.name.value;
        let scene = &shot.scene.value;
        let message = format!("character `{name}` has no model in scene {scene}");
        let finding = findings
            .finding_at(character.name.origin, message)
            .with_label("nothing to draw");
        let finding = finding.with_related(
            role.character.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(finding.with_help(format!("add a line such as `model: assets/{name}.glb`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_asset, sample_costume, sample_origin, sample_range,
    };

    #[test]
    fn a_character_in_a_shot_without_model_is_reported_once() {
        let found = only_finding(&RULE, |production, _| production.characters[0].model = None);
        assert_eq!(found.origin, sample_origin(10));
        assert_eq!(found.related[0].0, sample_origin(33));
    }

    #[test]
    fn a_costume_with_a_model_is_enough() {
        assert_no_findings(|production, _| {
            production.characters[0].model = None;
            let mut worn = sample_costume("1-1", sample_range(1, 1), 15);
            worn.model = Some(sample_asset("assets/mara.glb", 16));
            production.characters[0].costumes.push(worn);
        });
    }
}
