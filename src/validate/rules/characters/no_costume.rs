//! A wardrobe by scenes covers every scene in which its character appears.
//!
//! Silent if there is no model either: `model_missing` reports that.

use crate::base::Severity;
use crate::model::{Production, SceneNumber};
use crate::validate::shot_queries::roles_by_character;
use crate::validate::wardrobe_gaps::roles_without_costume;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// Scenes that a message lists.
// A longer list would wrap over several lines, and the first few show the pattern.
const MAX_LISTED_SCENES: usize = 5;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::no_costume",
    // A warning: the character is drawn in its plain model, which may be meant.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "a wardrobe by scenes holds every scene in which its character appears",
    explanation: "A wardrobe with scene ranges says what the character wears in those scenes. In a \
        scene that no range holds, the character appears in its plain `model`, as if the wardrobe \
        were not there, and that shows as a jump in continuity. Widen a range, or add a `default`.",
    wrong: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_1: oilskin
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: pier}
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_2: oilskin
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: pier}
",
    check: report_scenes_without_costume,
};

fn report_scenes_without_costume(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let roles = roles_by_character(production);
    for (character, roles) in production.characters.iter().zip(roles) {
        let uncovered = roles_without_costume(character, &roles, &production.scene_order);
        // The first scene carries the related place; the message lists the others.
        let Some((shot, role)) = uncovered.first().filter(|_| character.model.is_some()) else {
            continue;
        };
        let scenes: Vec<&SceneNumber> = uncovered
            .iter()
            .map(|(shot, _)| &shot.scene.value)
            .collect();
        let message = format!(
            "character `{}` has no costume in {}",
            character.name.value,
            scene_list(&scenes)
        );
        let finding = findings
            .finding_at(character.name.origin, message)
            .with_label("in its plain `model` there");
        let finding = finding.with_related(
            role.character.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(finding.with_help("widen a range under `wardrobe`, or add `default:` there"));
    }
}

/// Returns `scene 2`, `scenes 2 and 4`, or `scenes 2, 4, 5, 6, 7 and 3 more`.
fn scene_list(scenes: &[&SceneNumber]) -> String {
    let shown: Vec<String> = scenes
        .iter()
        .take(MAX_LISTED_SCENES)
        .map(|scene| scene.to_string())
        .collect();
    match (scenes.len(), shown.as_slice()) {
        (count, _) if count > MAX_LISTED_SCENES => {
            format!(
                "scenes {} and {} more",
                shown.join(", "),
                count - MAX_LISTED_SCENES
            )
        }
        (_, [all @ .., last]) if !all.is_empty() => format!("scenes {} and {last}", all.join(", ")),
        _ => format!("scene {}", shown.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, scene_list};
    use crate::model::SceneNumber;
    use crate::model::production::CostumeScenes;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_costume, sample_origin, sample_range, sample_scene,
    };

    #[test]
    fn a_scene_in_no_costume_range_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.characters[0]
                .costumes
                .push(sample_costume("1-1", sample_range(1, 1), 15));
            production.scenes.push(sample_scene(2, 92));
            production.shots[1].scene.value = 2.into();
        });
        assert_eq!(found.message, "character `mara` has no costume in scene 2");
        assert_eq!(
            (found.origin, found.related[0].0),
            (sample_origin(10), sample_origin(43))
        );
    }

    #[test]
    fn a_default_is_worn_everywhere_else() {
        assert_no_findings(|production, _| {
            let ranges = [
                sample_costume("1-1", sample_range(1, 1), 15),
                sample_costume("default", CostumeScenes::Default, 16),
            ];
            production.characters[0].costumes.extend(ranges);
            production.scenes.push(sample_scene(2, 92));
            production.shots[1].scene.value = 2.into();
        });
    }

    #[test]
    fn many_scenes_are_counted() {
        let list = |counts: &[u32]| {
            let scenes: Vec<SceneNumber> = counts.iter().copied().map(SceneNumber::from).collect();
            scene_list(&scenes.iter().collect::<Vec<_>>())
        };
        assert_eq!(list(&[2]), "scene 2");
        assert_eq!(list(&[2, 4, 9]), "scenes 2, 4 and 9");
        assert_eq!(
            list(&[1, 2, 3, 4, 5, 6, 7]),
            "scenes 1, 2, 3, 4, 5 and 2 more"
        );
    }
}
