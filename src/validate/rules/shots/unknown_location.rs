//! Every location that a shot names exists.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_unknown_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_location",
    // An error: the shot would be rendered in an empty studio.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every location that a shot names exists",
    explanation: "The shot names a location that is not under `locations`. Names are compared \
        letter by letter, capitals too.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: peir}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check: report_unknown_locations,
};

fn report_unknown_locations(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let names = production.locations.iter().map(|location| &location.name);
    let references = production
        .shots
        .iter()
        .filter_map(|shot| shot.location.as_ref());
    report_unknown_names("location", "locations", names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, unresolved_reference};

    #[test]
    fn an_unknown_location_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].location = Some(unresolved_reference("peir", 36));
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `pier`?"));
    }
}
