//! Damage to a costume is permanent.
//!
//! Costumes are followed by name in the order of the scenes, so a change into another piece is
//! free. The `default` costume has no place in that order and is left out.

use crate::base::{FileSpan, Severity};
use crate::model::production::{Character, CharacterCostume, CostumeScenes};
use crate::model::{CostumeCondition, Production, SceneNumber, SceneOrder};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::costume_restored",
    // A warning: a mended coat is a legitimate story that the document cannot express.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "a costume keeps what happened to it",
    explanation: "Some things that happen to a costume stay. What is damaged, torn or burned stays \
        so, blood leaves a stain, and what is worn never looks new again. Dirt can be washed off, \
        and what is wet dries. In the order of the scenes, the same costume cannot lose such a \
        mark; `condition` takes one word or a list of them. If the character has changed into \
        another piece, give it a name of its own.",
    wrong: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_1: {costume: oilskin, condition: torn}
      default: {costume: sweater}
      scenes_2_2: {costume: oilskin, condition: pristine}
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: pier}
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
    wardrobe:
      scenes_1_1: {costume: oilskin, condition: torn}
      default: {costume: sweater}
      scenes_2_2: {costume: oilskin, condition: [torn, wet]}
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: pier}
",
    check: report_restored_costumes,
};

fn report_restored_costumes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for character in &production.characters {
        let mut marks: HashMap<&str, Vec<CostumeMark<'_>>> = HashMap::new();
        for (scene, costume) in in_story_order(character, &production.scene_order) {
            let marks = marks.entry(&costume.name).or_default();
            // Marks end before they are compared, so that a washed costume is not reported for what
            // washing does.
            marks.retain(|mark| !mark.is_washed_off(costume));
            let lost = marks.iter().position(|mark| !mark.stays_in(costume));
            if let Some(lost) = lost {
                report_lost_mark(character, costume, scene, marks.remove(lost), findings);
                // After a report, all lost marks are forgotten. Otherwise each later scene would
                // repeat the finding.
                marks.retain(|mark| mark.stays_in(costume));
            }
            for mark in marks_of(costume, scene) {
                // The earliest mark of a kind is the one that is reported, so the others are not
                // stored: a costume may be damaged in each of a thousand scenes.
                if !marks.iter().any(|known| known.condition == mark.condition) {
                    marks.push(mark);
                }
            }
        }
    }
}

/// Something that happened to a costume and lasts.
#[derive(Debug, Clone, Copy)]
struct CostumeMark<'a> {
    condition: CostumeCondition,
    scene: &'a SceneNumber,
    origin: FileSpan,
}

impl CostumeMark<'_> {
    /// Returns whether the mark is signs of use and the costume is dirty now, which covers them.
    fn is_washed_off(&self, costume: &CharacterCostume) -> bool {
        self.condition == CostumeCondition::Worn && has_condition(costume, CostumeCondition::Dirty)
    }

    fn stays_in(&self, costume: &CharacterCostume) -> bool {
        match self.condition {
            // Any of the three keeps the mark: a burned coat may be called torn in the next scene.
            CostumeCondition::Damaged | CostumeCondition::Torn | CostumeCondition::Burned => [
                CostumeCondition::Damaged,
                CostumeCondition::Torn,
                CostumeCondition::Burned,
            ]
            .iter()
            .any(|condition| has_condition(costume, *condition)),
            // Blood dries to a stain, which is dirt.
            CostumeCondition::Bloodied => {
                has_condition(costume, CostumeCondition::Bloodied)
                    || has_condition(costume, CostumeCondition::Dirty)
            }
            CostumeCondition::Worn => !has_condition(costume, CostumeCondition::Pristine),
            // Dirt and water go away, and new things wear, so losing these is no mistake.
            CostumeCondition::Pristine | CostumeCondition::Dirty | CostumeCondition::Wet => true,
        }
    }

    /// Returns the adjective for a costume without this mark.
    const fn absence_word(&self) -> &'static str {
        match self.condition {
            CostumeCondition::Bloodied => "clean",
            CostumeCondition::Worn => "new",
            _ => "whole",
        }
    }
}

fn has_condition(costume: &CharacterCostume, condition: CostumeCondition) -> bool {
    costume
        .condition
        .iter()
        .any(|known| known.value == condition)
}

fn marks_of<'a>(
    costume: &'a CharacterCostume,
    scene: &'a SceneNumber,
) -> impl Iterator<Item = CostumeMark<'a>> {
    costume.condition.iter().map(move |known| CostumeMark {
        condition: known.value,
        scene,
        origin: known.origin,
    })
}

/// Returns the costumes with a condition, each with its first scene, in the order of the scenes.
fn in_story_order<'a>(
    character: &'a Character,
    scenes: &SceneOrder,
) -> Vec<(&'a SceneNumber, &'a CharacterCostume)> {
    let mut order: Vec<(&SceneNumber, &CharacterCostume)> = Vec::new();
    for costume in character
        .costumes
        .iter()
        // No condition means that nothing is known, not that the costume is clean.
        .filter(|costume| !costume.condition.is_empty())
    {
        if let CostumeScenes::Range(range) = &costume.scenes {
            order.push((&range.first, costume));
        }
    }
    // Stable, so costumes of one scene keep the order of the document.
    order.sort_by(|(one, _), (two, _)| scenes.compare(one, two));
    order
}

fn report_lost_mark(
    character: &Character,
    costume: &CharacterCostume,
    scene: &SceneNumber,
    mark: CostumeMark<'_>,
    findings: &mut RuleFindings,
) {
    let name = &character.name.value;
    let piece = &costume.name;
    let was = mark.condition.id();
    let absence = mark.absence_word();
    let message =
        format!("`{piece}` of `{name}` is {absence} again in scene {scene}, after it was {was}");
    let origin = costume
        .condition
        .first()
        .map_or(costume.key.origin, |condition| condition.origin);
    let finding = findings
        .finding_at(origin, message)
        .with_label(format!("no longer {was}"));
    let finding = finding.with_related(mark.origin, format!("{was} in scene {}", mark.scene));
    let now = costume
        .condition
        .iter()
        .map(|known| known.value)
        // The suggested list keeps what is written, except the word that contradicts the mark.
        .filter(|now| *now != CostumeCondition::Pristine);
    let words: Vec<&str> = std::iter::once(was)
        .chain(now.map(CostumeCondition::id))
        .collect();
    let words = if words.len() == 1 {
        was.to_owned()
    } else {
        format!("[{}]", words.join(", "))
    };
    findings.push(finding.with_help(format!(
        "write `condition: {words}`, or give another piece a name of its own"
    )));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::CostumeCondition;
    use crate::model::production::CharacterCostume;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_costume, sample_origin, sample_range,
    };

    fn worn(scenes: (u32, u32), at: u32, condition: &[CostumeCondition]) -> CharacterCostume {
        let mut costume = sample_costume("range", sample_range(scenes.0, scenes.1), at);
        costume.condition = condition
            .iter()
            .map(|word| Spanned::new(*word, sample_origin(at)))
            .collect();
        costume
    }

    /// Two states of one coat, with a second shot in scene 2 so that both are worn.
    fn coat(
        before: &[CostumeCondition],
        after: &[CostumeCondition],
    ) -> impl Fn(&mut crate::model::Production, &mut crate::validate::ExternalFacts) {
        let states = [worn((2, 2), 15, after), worn((1, 1), 16, before)];
        move |production, _| {
            production.characters[0].costumes.extend(states.clone());
            production
                .scenes
                .push(crate::validate::sample::sample_scene(2, 92));
            production.shots[1].scene.value = 2.into();
        }
    }

    #[test]
    fn a_torn_coat_is_not_whole_again_in_a_later_scene() {
        let found = only_finding(
            &RULE,
            coat(&[CostumeCondition::Torn], &[CostumeCondition::Wet]),
        );
        assert_eq!(
            found.message,
            "`coat` of `mara` is whole again in scene 2, after it was torn"
        );
        assert_eq!(
            (found.origin, found.related[0].0),
            (sample_origin(15), sample_origin(16))
        );
        let help = "write `condition: [torn, wet]`, or give another piece a name of its own";
        assert_eq!(found.help.as_deref(), Some(help));
    }

    #[test]
    fn stains_stay_and_use_shows() {
        assert!(
            only_finding(
                &RULE,
                coat(&[CostumeCondition::Bloodied], &[CostumeCondition::Worn])
            )
            .message
            .contains("clean again")
        );
        assert!(
            only_finding(
                &RULE,
                coat(&[CostumeCondition::Worn], &[CostumeCondition::Pristine])
            )
            .message
            .contains("new again")
        );
    }

    #[test]
    fn dirt_is_washed_off_and_rain_dries() {
        assert_no_findings(coat(
            &[CostumeCondition::Dirty],
            &[CostumeCondition::Pristine],
        ));
        assert_no_findings(coat(&[CostumeCondition::Wet], &[CostumeCondition::Worn]));
        assert_no_findings(coat(
            &[CostumeCondition::Pristine],
            &[CostumeCondition::Burned],
        ));
        assert_no_findings(coat(
            &[CostumeCondition::Torn],
            &[CostumeCondition::Torn, CostumeCondition::Bloodied],
        ));
    }

    #[test]
    fn another_piece_is_free() {
        assert_no_findings(|production, facts| {
            coat(&[CostumeCondition::Torn], &[CostumeCondition::Pristine])(production, facts);
            production.characters[0].costumes[0].name = "sweater".to_owned();
        });
    }
}
