//! Every location has a look: a preset, light, a set or a custom setup.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::locations::undescribed",
    // A warning and not a note: somebody who lists a location expects to see it.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every location has a preset, an hdri, a set or a custom setup",
    explanation: "Nothing says what the place looks like, so it is an empty studio with soft \
        light. Name a preset, a set, or the light.",
    wrong: "\
locations:
  - {name: pier, notes: Wet planks and a bollard}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk, notes: Wet planks and a bollard}
",
    check: report_undescribed_locations,
};

fn report_undescribed_locations(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for location in &production.locations {
        if location.described
            || location.set.is_some()
            || location.hdri.is_some()
            || location.custom_setup.is_some()
        {
            continue;
        }
        let message = format!(
            "nothing says what location `{}` looks like",
            location.name.value
        );
        let finding = findings
            .finding_at(location.name.origin, message)
            .with_label("will be an empty studio");
        findings.push(finding.with_help(
            "add `preset:`, `hdri:` or `set:`; `production library locations` lists the presets",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_location_without_preset_light_or_set_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.locations[0].described = false;
        });
        assert_eq!(
            found.message,
            "nothing says what location `pier` looks like"
        );
    }
}
