//! A production plays somewhere. Told once here, and not again for each scene and shot.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::none",
    severity: Severity::Info,
    needs_whole: true,
    summary: "the production has a location",
    explanation: "Without a location, every shot plays in an empty studio. Add one; a preset is enough.",
    wrong: "\
locations: []
shots:
  - {name: wide, template: character_full, character: mara}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.locations.is_empty()
        && production.shots.iter().all(|shot| shot.location.is_none())
        && !production.shots.is_empty()
    {
        let found = findings.at(
            production.origin,
            "the production has no locations, so every shot plays in an empty studio",
        );
        findings.push(found.with_help(
            "add `locations:` with entries such as `{name: pier, preset: harbour_dusk}`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_production_without_places_is_told_once() {
        let found = only(&RULE, |production, _| {
            production.locations.clear();
            production.scenes[0].location = None;
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.location = None);
        });
        assert_eq!(found.origin, origin(0));
    }
}
