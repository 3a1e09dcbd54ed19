//! A location is played in. Silent where another message explains it: no shots at all, a repeated name, or an unknown
//! name or heading nearby.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::{unknown, unused};
use crate::validate::scenes::Scenes;
use crate::validate::script::place;
use crate::validate::{Facts, Findings, Rule};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    code: "production::locations::unused",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every location is played in",
    explanation: "No shot and no scene plays in the location. It costs nothing, but it may be misspelt \
        somewhere or forgotten.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: attic, preset: workshop_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.shots.is_empty() || has_lost_scene(production) {
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
    let unmatched: Vec<String> = unmatched.map(|scene| place(&scene.heading.value)).collect();
    let misspelt = unknown(references()).map(|reference| &*reference.name.value);
    let misspelt: Vec<&str> = misspelt
        .chain(unmatched.iter().map(String::as_str))
        .collect();
    let names = production.locations.iter().map(|location| &location.name);
    for name in unused(names, |at| shown.contains(&at), &misspelt) {
        let message = format!("no shot and no scene plays in location `{}`", name.value);
        findings.push(findings.at(name.origin, message).with_label("unused"));
    }
}

/// Returns whether shots wait for the location of their scene, which may be this one.
fn has_lost_scene(production: &Production) -> bool {
    let scenes = Scenes::of(production);
    let mut lost = production
        .scenes
        .iter()
        .filter(|scene| scene.location.is_none());
    lost.any(|scene| scenes.has_waiting(scene))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{location, only, origin};

    #[test]
    fn a_place_where_nothing_plays_is_noted() {
        let found = only(&RULE, |production, _| {
            production.locations.push(location("cellar", 22))
        });
        assert_eq!(found.origin, origin(22));
    }
}
