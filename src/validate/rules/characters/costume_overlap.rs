//! Ranges of one wardrobe do not overlap. The first range with a scene wins, so a later one is
//! silently not worn there.

use crate::base::Severity;
use crate::model::production::{CharacterCostume, CostumeScenes};
use crate::model::{Production, SceneRange};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::costume_overlap",
    // A warning: the result is well defined, only seldom what was meant.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "ranges of one wardrobe do not overlap",
    explanation: "A character wears one costume at a time. Where two ranges hold the same scene, \
        the first one written is worn and the second is not, which is seldom what was meant. Let \
        the ranges follow each other.",
    wrong: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_5: oilskin
      scenes_1_9: sweater
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_5: oilskin
      default: sweater
",
    check: report_costume_overlaps,
};

/// Most costumes of a character that a later one is compared with.
// No character has as many, and comparing each of a hundred thousand with each takes minutes.
const MAX_COMPARED: usize = 500;

fn report_costume_overlaps(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for character in &production.characters {
        for (index, later) in character.costumes.iter().enumerate() {
            let Some(earlier) = character.costumes[..index]
                .iter()
                .take(MAX_COMPARED)
                // One finding a range is enough: separating it from the first usually separates it
                // from the others.
                .find(|earlier| shared_scenes(earlier, later).is_some())
            else {
                continue;
            };
            let Some(SceneRange { first, last, .. }) = shared_scenes(earlier, later) else {
                continue;
            };
            let scenes = if first == last {
                format!("scene {first}")
            } else {
                format!("scenes {first} to {last}")
            };
            let name = &character.name.value;
            let finding = findings.finding_at(
                later.key.origin,
                format!("character `{name}` has two costumes in {scenes}"),
            );
            let finding = finding
                .with_label("not worn there")
                .with_related(earlier.key.origin, "worn there, because it comes first");
            findings.push(finding.with_help("let the ranges follow each other"));
        }
    }
}

/// Returns the scenes that both ranges hold.
fn shared_scenes(
    first_costume: &CharacterCostume,
    second_costume: &CharacterCostume,
) -> Option<SceneRange> {
    let (CostumeScenes::Range(first), CostumeScenes::Range(second)) =
        (&first_costume.scenes, &second_costume.scenes)
    else {
        // `default` covers what no range does, so it overlaps nothing.
        return None;
    };
    first.shared_with(second)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_costume, sample_origin, sample_range};

    #[test]
    fn overlapping_ranges_name_the_scenes() {
        let found = only_finding(&RULE, |production, _| {
            let ranges = [
                sample_costume("1-1", sample_range(1, 5), 15),
                sample_costume("1-9", sample_range(1, 9), 16),
            ];
            production.characters[0].costumes.extend(ranges);
            production.shots[1].scene.value = 1.into();
        });
        assert_eq!(
            found.message,
            "character `mara` has two costumes in scenes 1 to 5"
        );
        assert_eq!(found.related[0].0, sample_origin(15));
    }
}
