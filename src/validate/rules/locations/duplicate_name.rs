//! A shot that names a location means one location.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_repeats;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::duplicate_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every location has a name of its own",
    explanation: "Shots and scenes name locations, and a name must mean one of them. Give the second location \
        a name of its own, such as `pier_night`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: pier, preset: harbour_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_repeats(
        "location",
        production.locations.iter().map(|location| &location.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{location, only, origin};

    #[test]
    fn a_second_location_of_the_same_name_points_at_the_first() {
        let found = only(&RULE, |production, _| {
            production.locations.push(location("pier", 22))
        });
        assert_eq!(found.origin, origin(22));
        assert_eq!(found.related[0].0, origin(20));
    }
}
