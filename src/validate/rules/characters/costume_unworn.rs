//! A costume is worn in some shot. Usually the range is mistyped, or the shots are not written yet. Silent when the
//! character goes without a costume elsewhere, which `no_costume` tells and a corrected range mends.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::CostumeScenes;
use crate::validate::shots::roles;
use crate::validate::wardrobe::bare;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::costume_unworn",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every costume's range holds a scene in which its character appears",
    explanation: "No shot shows the character in the scenes of this costume. Usually the range is mistyped, or \
        the shots of those scenes are not written yet. Correct the range, or ignore this until they \
        are.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for (at, character) in production.characters.iter().enumerate() {
        let scenes = || {
            roles(production)
                .filter(move |(_, role)| role.character.index == Some(at))
                .map(|(shot, _)| shot.scene.value)
        };
        if scenes().next().is_none() || !bare(production, at).is_empty() {
            continue;
        }
        for costume in &character.costumes {
            let CostumeScenes::Range(first, last) = costume.scenes else {
                continue;
            };
            if first <= last && !scenes().any(|scene| (first..=last).contains(&scene)) {
                let message = format!(
                    "character `{}` is in no shot of scenes {first} to {last}",
                    character.name.value
                );
                findings.push(
                    findings
                        .at(costume.key.origin, message)
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
    use crate::validate::sample::{costume, only};

    #[test]
    fn a_costume_for_scenes_without_shots_is_noted() {
        let found = only(&RULE, |production, _| {
            let always = costume("default", CostumeScenes::Default, 16);
            let late = costume("4-9", CostumeScenes::Range(4, 9), 15);
            production.characters[0].costumes.extend([always, late]);
        });
        assert_eq!(
            found.message,
            "character `mara` is in no shot of scenes 4 to 9"
        );
    }
}
