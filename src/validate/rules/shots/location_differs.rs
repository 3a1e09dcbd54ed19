//! A shot plays where its scene does. Cutaways are the exception, so this is only a note.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::scene_index::SceneIndex;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::location_differs",
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "a shot plays where its scene plays",
    explanation: "The script says where the scene plays, and this shot plays elsewhere. Cutaways \
        do; otherwise `location` can be left out, and the shot plays where its scene does.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
shots:
  - {name: wide, template: character_full, character: mara, location: attic}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara}

# script.fountain
EXT. PIER - DUSK

Mara waits.
",
    check: report_differing_locations,
};

fn report_differing_locations(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let scenes = SceneIndex::from_production(production);
    for shot in &production.shots {
        let Some(location) = &shot.location else {
            continue;
        };
        // A scene that the script lacks is reported by `unknown_scene`.
        let Some(scene) = scenes.scene_of(shot) else {
            continue;
        };
        let (Some(shot_location), Some(scene_location)) = (location.index, scene.location) else {
            continue;
        };
        let Some(scene_location) = production
            .locations
            .get(scene_location)
            // Unknown locations on either side have findings of their own.
            .filter(|_| shot_location != scene_location)
        else {
            continue;
        };
        let name = &shot.name.value;
        let scene_location = &scene_location.name.value;
        let message = format!(
            "shot `{name}` plays in `{}`, but its scene in `{scene_location}`",
            location.name.value
        );
        let finding = findings
            .finding_at(location.name.origin, message)
            .with_label("not where the scene plays");
        findings.push(finding.with_related(scene.heading.origin, "the scene's heading"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_location};

    #[test]
    fn a_cutaway_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.locations.push(sample_location("attic", 22));
            let place = production.shots[1].location.as_mut().unwrap();
            place.index = Some(1);
            place.name.value = "attic".to_owned();
        });
        assert_eq!(
            found.message,
            "shot `close` plays in `attic`, but its scene in `pier`"
        );
    }
}
