//! The production has a location. Reported once here, and not again for each scene and shot.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Shot;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::none",
    // A note: an empty studio is a fine place for a turntable.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "the production has a location",
    explanation: "Without a location, every shot plays in an empty studio. Add one; a preset is \
        enough.",
    wrong: "\
locations: []
shots:
  - {name: wide, template: character_full, character: mara}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check: report_no_locations,
};

fn report_no_locations(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    if production.locations.is_empty()
        // A shot that names a location has a finding about the unknown name.
        && production.shots.iter().all(|shot| shot.location.is_none())
        && production.shots.iter().any(Shot::is_drawn)
        && !production.shots.is_empty()
    {
        let finding = findings.finding_at(
            production.origin,
            "the production has no locations, so every shot plays in an empty studio",
        );
        findings.push(finding.with_help(
            "add `locations:` with entries such as `{name: pier, preset: harbour_dusk}`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_production_without_locations_is_reported_once() {
        let found = only_finding(&RULE, |production, _| {
            production.locations.clear();
            production.scenes[0].location = None;
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.location = None);
        });
        assert_eq!(found.origin, sample_origin(0));
    }
}
