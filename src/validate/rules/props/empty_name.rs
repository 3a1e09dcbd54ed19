//! Every prop has a name that is not blank.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_blank_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::empty_name",
    // An error: no shot can refer to a blank name, and no report can show it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every prop has a name that is not blank",
    explanation: "A prop is called by its name, from shots and in every report. A name needs at \
        least one letter or digit.",
    wrong: "\
props:
  - {name: \" \", model: assets/lantern.glb}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: wide, template: character_full, character: mara, props: [lantern], location: pier}
",
    check: report_empty_prop_names,
};

fn report_empty_prop_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blank_names(
        "prop",
        production.props.iter().map(|prop| &prop.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_blank_prop_cannot_be_called() {
        let found = only_finding(&RULE, |production, _| {
            production.props[0].name.value.clear();
        });
        assert_eq!(found.message, "a prop has an empty name");
    }
}
