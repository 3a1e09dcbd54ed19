//! Whoever a shot shows has a model to show. A character that no shot shows needs none: it may only be heard, and
//! `unused` tells of one that was forgotten.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shots::roles;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::model_missing",
    severity: Severity::Error,
    needs_whole: true,
    summary: "every character in a shot has a model in that scene",
    explanation: "A character in a shot must be drawn, so it needs a model: its own, or that of the costume \
        worn in the scene. A character that is only heard needs none.",
    wrong: "\
characters:
  - name: mara
",
    right: "\
characters:
  - name: mara
    model: assets/mara.glb
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for (at, character) in production.characters.iter().enumerate() {
        let is_bare = |scene| character.model_in(scene).is_none();
        let mut shown = roles(production).filter(|(_, role)| role.character.index == Some(at));
        let Some((shot, role)) = shown.find(|(shot, _)| is_bare(shot.scene.value)) else {
            continue;
        };
        let (name, scene) = (&character.name.value, shot.scene.value);
        let message = format!("character `{name}` has no model in scene {scene}");
        let found = findings
            .at(character.name.origin, message)
            .with_label("nothing to draw");
        let found = found.with_related(
            role.character.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(found.with_help(format!("add a line such as `model: assets/{name}.glb`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::CostumeScenes;
    use crate::validate::sample::{asset, costume, nothing, only, origin};

    #[test]
    fn a_character_in_a_shot_without_model_is_told_once() {
        let found = only(&RULE, |production, _| production.characters[0].model = None);
        assert_eq!(found.origin, origin(10));
        assert_eq!(found.related[0].0, origin(33));
    }

    #[test]
    fn a_costume_with_a_model_is_enough() {
        nothing(|production, _| {
            production.characters[0].model = None;
            let mut worn = costume("1-1", CostumeScenes::Range(1, 1), 15);
            worn.model = Some(asset("assets/mara.glb", 16));
            production.characters[0].costumes.push(worn);
        });
    }
}
