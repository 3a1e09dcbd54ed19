//! Every location has a name that is not blank.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_blank_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::empty_name",
    // An error: no shot can refer to a blank name, and no report can show it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every location has a name that is not blank",
    explanation: "A location is called by its name, from shots and in every report. A name needs \
        at least one letter or digit.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: \"?\", preset: harbour_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check: report_empty_location_names,
};

fn report_empty_location_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blank_names(
        "location",
        production.locations.iter().map(|location| &location.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_blank_location_cannot_be_called() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].name.value.clear();
        });
        assert_eq!(found.message, "a location has an empty name");
    }
}
