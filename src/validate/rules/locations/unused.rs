//! A location is played in. Silent where another message explains it: no shots at all, a repeated name, or an unknown
//! name or heading nearby.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::{is_blank, is_meant_by, is_repeat};
use crate::validate::script::place;
use crate::validate::shots::{of_scene, unknown};
use crate::validate::{Facts, Findings, Rule};

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
    for (at, location) in production.locations.iter().enumerate() {
        let name = &location.name.value;
        let references = || production.shots.iter().filter_map(|shot| shot.location.as_ref());
        let shown = references().any(|reference| reference.index == Some(at));
        let written = production.scenes.iter().any(|scene| scene.location == Some(at));
        let unmatched = production.scenes.iter().filter(|scene| scene.location.is_none());
        let unmatched: Vec<String> = unmatched.map(|scene| place(&scene.heading.value)).collect();
        let misspelt = || {
            unknown(references())
                .map(|reference| reference.name.value.as_str())
                .chain(unmatched.iter().map(String::as_str))
        };
        let explained = || {
            production.shots.is_empty()
                || has_lost_scene(production)
                || is_repeat(at, production.locations.iter().map(|other| &other.name), name)
        };
        if shown
            || written
            || is_blank(&location.name)
            || location.name.hole
            || explained()
            || is_meant_by(name, misspelt())
        {
            continue;
        }
        findings.push(
            findings
                .at(location.name.origin, format!("no shot and no scene plays in location `{name}`"))
                .label("unused"),
        );
    }
}

/// Returns whether shots wait for the location of their scene, which may be this one.
fn has_lost_scene(production: &Production) -> bool {
    let mut lost = production.scenes.iter().filter(|scene| scene.location.is_none());
    lost.any(|scene| of_scene(production, scene).any(|shot| shot.location.is_none()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{location, only, origin};

    #[test]
    fn a_place_where_nothing_plays_is_noted() {
        let found = only(&RULE, |production, _| production.locations.push(location("cellar", 22)));
        assert_eq!(found.origin, origin(22));
    }
}
