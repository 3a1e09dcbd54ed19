//! A shot plays somewhere. Silent where `locations::none` or `script::unmatched_scene` says why it does not.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shots::scene_of;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::no_location",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every shot has a location, from its entry or its scene",
    explanation: "",
    wrong: "",
    right: "",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for shot in production.shots.iter().filter(|shot| shot.location.is_none()) {
        if production.locations.is_empty()
            || scene_of(production, shot).is_some_and(|scene| scene.location.is_none())
        {
            continue;
        }
        let found = findings.at(shot.name.origin, format!("shot `{}` has no location", shot.name.value));
        findings.push(
            found.label("plays in an empty studio").help("add `location:` with the name of a location"),
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
