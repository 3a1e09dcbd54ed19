//! Shots are written in the order of their scenes, since they are delivered in the order written.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::scene_order",
    // A note: the order may be the point, as in a flashback.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "shots are written in the order of their scenes",
    explanation: "Shots play in the order in which they are written, not in that of their scenes. \
        A shot of an earlier scene after one of a later scene may be a flashback, or in the wrong \
        place.",
    wrong: "\
shots:
  - {name: one, template: character_full, character: mara, scene: 2, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 1, location: pier}
",
    right: "\
shots:
  - {name: two, template: character_cu, character: mara, scene: 1, location: pier}
  - {name: one, template: character_full, character: mara, scene: 2, location: pier}
",
    check: report_unordered_scenes,
};

fn report_unordered_scenes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // Only neighbours are compared: one misplaced shot then gives one finding and not one for each
    // later shot.
    for pair in production.shots.windows(2) {
        let before = &pair[0];
        let shot = &pair[1];
        let order = &production.scene_order;
        // In the order of the script, which may have moved a scene without another number.
        if order
            .compare(&shot.scene.value, &before.scene.value)
            .is_lt()
            && !shot.scene.is_placeholder
            && !before.scene.is_placeholder
        {
            let earlier = &shot.scene.value;
            let later = &before.scene.value;
            let message = format!(
                "shot `{}` of scene {earlier} comes after one of scene {later}",
                shot.name.value
            );
            let finding = findings
                .finding_at(shot.scene.origin, message)
                .with_label(format!("scene {earlier}"));
            findings.push(
                finding
                    .with_related(before.scene.origin, format!("scene {later}"))
                    // The help states the fact and suggests no edit, since either order may be
                    // right.
                    .with_help("shots play in the order written"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin, sample_scene};

    #[test]
    fn a_shot_of_an_earlier_scene_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes.push(sample_scene(2, 95));
            production.shots[0].scene.value = 2.into();
        });
        assert_eq!(found.related[0].0, sample_origin(31));
    }
}
