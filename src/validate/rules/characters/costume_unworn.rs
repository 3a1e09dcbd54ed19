//! Every costume is worn in some shot.
//!
//! Silent if the character has no costume in another scene: `no_costume` reports that, and
//! correcting the range fixes both.

use crate::base::Severity;
use crate::model::production::CostumeScenes;
use crate::model::{Production, SceneNumber};
use crate::validate::shot_queries::roles_by_character;
use crate::validate::wardrobe_gaps::roles_without_costume;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::costume_unworn",
    // A note: shots of later scenes are usually still to be written.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every costume's range holds a scene in which its character appears",
    explanation: "No shot shows the character in the scenes of this costume. Usually the range is \
        mistyped, or the shots of those scenes are not written yet. Correct the range, or ignore \
        this until they are.",
    wrong: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      default: oilskin
      scenes_4_9: sweater
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      default: oilskin
",
    check: report_unworn_costumes,
};

fn report_unworn_costumes(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let roles = roles_by_character(production);
    for (character, roles) in production.characters.iter().zip(roles) {
        let scenes: HashSet<&SceneNumber> =
            roles.iter().map(|(shot, _)| &shot.scene.value).collect();
        // A character without any shot is reported by `unused`.
        if scenes.is_empty()
            || !roles_without_costume(character, &roles, &production.scene_order).is_empty()
        {
            continue;
        }
        for costume in &character.costumes {
            let CostumeScenes::Range(range) = &costume.scenes else {
                continue;
            };
            if !scenes.iter().any(|scene| range.contains(scene)) {
                let message = format!(
                    "character `{}` is in no shot of scenes {} to {}",
                    character.name.value, range.first, range.last
                );
                findings.push(
                    findings
                        .finding_at(costume.key.origin, message)
                        .with_label("never worn"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::CostumeScenes;
    use crate::validate::sample::{only_finding, sample_costume, sample_range};

    #[test]
    fn a_costume_for_scenes_without_shots_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            let always = sample_costume("default", CostumeScenes::Default, 16);
            let late = sample_costume("4-9", sample_range(4, 9), 15);
            production.characters[0].costumes.extend([always, late]);
        });
        assert_eq!(
            found.message,
            "character `mara` is in no shot of scenes 4 to 9"
        );
    }
}
