//! Every location has its own name, so that a shot's reference is unambiguous.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_duplicate_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::duplicate_name",
    // An error: the second location could never be used.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every location has a name of its own",
    explanation: "Shots and scenes name locations, and a name must mean one of them. Give the \
        second location a name of its own, such as `pier_night`.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: pier, preset: harbour_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check: report_duplicate_location_names,
};

fn report_duplicate_location_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_duplicate_names(
        "location",
        production.locations.iter().map(|location| &location.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_location, sample_origin};

    #[test]
    fn a_second_location_of_the_same_name_points_at_the_first() {
        let found = only_finding(&RULE, |production, _| {
            production.locations.push(sample_location("pier", 22));
        });
        assert_eq!(found.origin, sample_origin(22));
        assert_eq!(found.related[0].0, sample_origin(20));
    }
}
