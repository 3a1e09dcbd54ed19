//! Every location is used by a shot or a scene.
//!
//! Silent if another finding explains it: no shots at all, a repeated name, or a similar unknown
//! name or heading.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::{unresolved_references, unused_names};
use crate::validate::scene_index::SceneIndex;
use crate::validate::speakers::heading_location;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::unused",
    // A note: an unused entry costs nothing and changes nothing.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every location is played in",
    explanation: "No shot and no scene plays in the location. It costs nothing, but it may be \
        misspelt somewhere or forgotten.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check: report_unused_locations,
};

fn report_unused_locations(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // A scene without a location may mean this one; `unmatched_scene` reports the scene.
    if production.shots.is_empty() || has_scene_without_location(production) {
        return;
    }
    let references = || {
        production
            .shots
            .iter()
            .filter_map(|shot| shot.location.as_ref())
    };
    let shown = references().filter_map(|reference| reference.index);
    let shown: HashSet<usize> = shown
        .chain(production.scenes.iter().filter_map(|scene| scene.location))
        .collect();
    let unmatched = production
        .scenes
        .iter()
        .filter(|scene| scene.location.is_none());
    let unmatched: Vec<String> = unmatched
        // A heading such as `EXT. HARBOR PIER` is probably `harbour_pier` in another spelling.
        .map(|scene| heading_location(&scene.heading.value))
        .collect();
    let misspelt = unresolved_references(references()).map(|reference| &*reference.name.value);
    let misspelt: Vec<&str> = misspelt
        .chain(unmatched.iter().map(String::as_str))
        .collect();
    let names = production.locations.iter().map(|location| &location.name);
    for name in unused_names(names, |index| shown.contains(&index), &misspelt) {
        let message = format!("no shot and no scene plays in location `{}`", name.value);
        findings.push(
            findings
                .finding_at(name.origin, message)
                .with_label("unused"),
        );
    }
}

/// Returns whether a shot waits for the location of its scene, which may be this one.
fn has_scene_without_location(production: &Production) -> bool {
    let scenes = SceneIndex::from_production(production);
    let mut lost = production
        .scenes
        .iter()
        .filter(|scene| scene.location.is_none());
    lost.any(|scene| scenes.has_shot_without_location(scene))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_location, sample_origin};

    #[test]
    fn a_place_where_nothing_plays_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.locations.push(sample_location("cellar", 22));
        });
        assert_eq!(found.origin, sample_origin(22));
    }
}
