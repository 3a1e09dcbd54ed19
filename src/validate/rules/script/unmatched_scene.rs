//! Every scene plays in one of the locations.
//!
//! Silent if its shots name a location, if it has no shots, and if the production has no locations:
//! each has its own finding or is no mistake.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::model::Production;
use crate::validate::scene_index::SceneIndex;
use crate::validate::speakers::heading_location;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::unmatched_scene",
    // A warning: the scene is rendered, but in an empty studio, which nobody wants in a film.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every scene heading matches a location",
    explanation: "A scene plays in the location whose name its heading has, so `EXT. HARBOUR PIER \
        - DUSK` finds `harbour_pier`. Other headings are listed under the location's `headings`. \
        Without a location, the shots of the scene play in an empty studio.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
shots:
  - {name: one, template: character_full, character: mara, scene: 1}
  - {name: two, template: character_cu, character: mara, scene: 2, location: attic}

# script.fountain
EXT. THE END OF THE LINE - DUSK

Mara waits.

INT. ATTIC - NIGHT

She lights a match.
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, headings: ['EXT. THE END OF THE LINE - DUSK']}
  - {name: attic, preset: workshop_night}
shots:
  - {name: one, template: character_full, character: mara, scene: 1}
  - {name: two, template: character_cu, character: mara, scene: 2}

# script.fountain
EXT. THE END OF THE LINE - DUSK

Mara waits.

INT. ATTIC - NIGHT

She lights a match.
",
    check: report_unmatched_scenes,
};

fn report_unmatched_scenes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    if production.locations.is_empty() {
        return;
    }
    let scenes = SceneIndex::from_production(production);
    let allowance = SearchAllowance::default();
    let mut reported: HashSet<&str> = HashSet::new();
    for scene in production
        .scenes
        .iter()
        .filter(|scene| scene.location.is_none())
    {
        let heading = scene.heading.value.trim();
        // Scripts return to a place. One `headings` entry mends all scenes with one heading, so it
        // is reported once.
        if !scenes.has_shot_without_location(scene) || !reported.insert(heading) {
            continue;
        }
        // Compared by the place alone; the time of day would make every heading different.
        let place = heading_location(heading);
        let names = production
            .locations
            .iter()
            .map(|location| location.name.value.as_str());
        let near = allowance.search(|| nearest_match(&place, names));
        let name = near.map_or_else(
            || "the location that is meant".to_owned(),
            |near| format!("location `{near}`"),
        );
        let finding = findings.finding_at(
            scene.heading.origin,
            format!("scene {} plays in no known location", scene.number),
        );
        findings.push(
            finding
                .with_label("matches no location")
                .with_help(format!("add `headings: ['{heading}']` to {name}")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_heading_without_a_place_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes[0].location = None;
            production.scenes[0].heading.value = "EXT. PIERS - DUSK".to_owned();
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.location = None);
        });
        assert_eq!(
            found.help.as_deref(),
            Some("add `headings: ['EXT. PIERS - DUSK']` to location `pier`")
        );
    }

    #[test]
    fn a_scene_whose_shots_name_locations_is_not_reported() {
        assert_no_findings(|production, _| production.scenes[0].location = None);
    }
}
