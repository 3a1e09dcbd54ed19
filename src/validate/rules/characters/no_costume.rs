//! Whoever has costumes by scene has one in every scene. Silent where there is no model either, which is another mistake.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::wardrobe::bare;
use crate::validate::{Facts, Findings, Rule};

/// Most scenes that are listed.
const LISTED: usize = 5;

pub(super) const RULE: Rule = Rule {
    code: "production::characters::no_costume",
    severity: Severity::Warning,
    needs_whole: true,
    summary: "a wardrobe by scenes holds every scene in which its character appears",
    explanation: "A wardrobe with scene ranges says what the character wears in those scenes. In a scene that \
        no range holds, the character appears in its plain `model`, as if the wardrobe were not \
        there, and that shows as a jump in continuity. Widen a range, or add a `default`.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for (at, character) in production.characters.iter().enumerate() {
        let bare = bare(production, at);
        let Some((shot, role)) = bare.first().filter(|_| character.model.is_some()) else {
            continue;
        };
        let scenes: Vec<u32> = bare.iter().map(|(shot, _)| shot.scene.value).collect();
        let message = format!(
            "character `{}` has no costume in {}",
            character.name.value,
            words(&scenes)
        );
        let found = findings
            .at(character.name.origin, message)
            .with_label("in its plain `model` there");
        let found = found.with_related(
            role.character.name.origin,
            format!("shot `{}` shows it", shot.name.value),
        );
        findings.push(found.with_help("widen a range under `wardrobe`, or add `default:` there"));
    }
}

/// Returns `scene 2`, `scenes 2 and 4`, `scenes 2, 4, 5, 6, 7 and 3 more`.
fn words(scenes: &[u32]) -> String {
    let shown: Vec<String> = scenes.iter().take(LISTED).map(u32::to_string).collect();
    match (scenes.len(), shown.as_slice()) {
        (count, _) if count > LISTED => {
            format!("scenes {} and {} more", shown.join(", "), count - LISTED)
        }
        (_, [all @ .., last]) if !all.is_empty() => format!("scenes {} and {last}", all.join(", ")),
        _ => format!("scene {}", shown.concat()),
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, words};
    use crate::model::production::CostumeScenes;
    use crate::validate::sample::{costume, nothing, only, origin, scene};

    #[test]
    fn a_scene_that_no_range_holds_is_told() {
        let found = only(&RULE, |production, _| {
            production.characters[0]
                .costumes
                .push(costume("1-1", CostumeScenes::Range(1, 1), 15));
            production.scenes.push(scene(2, 92));
            production.shots[1].scene.value = 2;
        });
        assert_eq!(found.message, "character `mara` has no costume in scene 2");
        assert_eq!((found.origin, found.related[0].0), (origin(10), origin(43)));
    }

    #[test]
    fn a_default_is_worn_everywhere_else() {
        nothing(|production, _| {
            let ranges = [
                costume("1-1", CostumeScenes::Range(1, 1), 15),
                costume("default", CostumeScenes::Default, 16),
            ];
            production.characters[0].costumes.extend(ranges);
            production.scenes.push(scene(2, 92));
            production.shots[1].scene.value = 2;
        });
    }

    #[test]
    fn many_scenes_are_counted() {
        assert_eq!(words(&[2]), "scene 2");
        assert_eq!(words(&[2, 4, 9]), "scenes 2, 4 and 9");
        assert_eq!(
            words(&[1, 2, 3, 4, 5, 6, 7]),
            "scenes 1, 2, 3, 4, 5 and 2 more"
        );
    }
}
