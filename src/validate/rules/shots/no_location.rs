//! A shot plays somewhere. Silent where `locations::none` or `script::unmatched_scene` says why it does not.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scenes::Scenes;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::no_location",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every shot has a location, from its entry or its scene",
    explanation: "Nothing says where the shot plays: not its entry, not its scene, and there is more than one \
        location. It plays in an empty studio. Add `location:`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: attic}
  - {name: three, template: character_cu, character: mara, scene: 3}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
shots:
  - {name: one, template: character_full, character: mara, scene: 1, location: pier}
  - {name: two, template: character_cu, character: mara, scene: 2, location: attic}
  - {name: three, template: character_cu, character: mara, scene: 3, location: attic}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let scenes = Scenes::of(production);
    for shot in production
        .shots
        .iter()
        .filter(|shot| shot.location.is_none())
    {
        if production.locations.is_empty()
            || scenes
                .scene_of(shot)
                .is_some_and(|scene| scene.location.is_none())
        {
            continue;
        }
        let found = findings.at(
            shot.name.origin,
            format!("shot `{}` has no location", shot.name.value),
        );
        findings.push(
            found
                .with_label("plays in an empty studio")
                .with_help("add `location:` with the name of a location"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_shot_without_a_place_is_noted() {
        let found = only(&RULE, |production, _| production.shots[0].location = None);
        assert_eq!(found.message, "shot `wide` has no location");
    }
}
