//! Every shot has a location. Silent if `locations::none` or `script::unmatched_scene` explains it.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scene_index::SceneIndex;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::no_location",
    // A note: an empty studio is a usual place for tests of a character.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every shot has a location, from its entry or its scene",
    explanation: "Nothing says where the shot plays: not its entry, not its scene, and there is \
        more than one location. It plays in an empty studio. Add `location:`.",
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
    check: report_shots_without_location,
};

fn report_shots_without_location(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let scenes = SceneIndex::from_production(production);
    for shot in production
        .shots
        .iter()
        .filter(|shot| shot.location.is_none() && shot.is_drawn())
    {
        // Both conditions have findings of their own, at the place where one line mends all shots.
        if production.locations.is_empty()
            || scenes
                .scene_of(shot)
                .is_some_and(|scene| scene.location.is_none())
        {
            continue;
        }
        let finding = findings.finding_at(
            // Nothing is written where the location is missing, so the finding is at the name.
            shot.name.origin,
            format!("shot `{}` has no location", shot.name.value),
        );
        findings.push(
            finding
                .with_label("plays in an empty studio")
                .with_help("add `location:` with the name of a location"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_shot_without_a_place_is_noted() {
        let found = only_finding(&RULE, |production, _| production.shots[0].location = None);
        assert_eq!(found.message, "shot `wide` has no location");
    }
}
