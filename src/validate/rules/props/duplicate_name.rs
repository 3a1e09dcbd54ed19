//! Every prop has its own name, so that a shot's reference is unambiguous.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_duplicate_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::props::duplicate_name",
    // An error: the second prop could never be shown.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every prop has a name of its own",
    explanation: "Shots name props, and a name must mean one of them. Give the second prop a name \
        of its own.",
    wrong: "\
props:
  - {name: lantern, model: assets/lantern.glb}
  - {name: lantern, model: assets/mara.glb}
shots:
  - {name: detail, template: insert, props: [lantern], location: pier}
  - {name: wide, template: character_full, character: mara, location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: detail, template: insert, props: [lantern], location: pier}
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check: report_duplicate_prop_names,
};

fn report_duplicate_prop_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_duplicate_names(
        "prop",
        production.props.iter().map(|prop| &prop.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::Prop;
    use crate::validate::sample::{only_finding, sample_name, sample_origin};

    #[test]
    fn a_second_prop_of_the_same_name_points_at_the_first() {
        let found = only_finding(&RULE, |production, _| {
            production.props.push(Prop {
                name: sample_name("lantern", 28),
                display_name: None,
                model: None,
            });
        });
        assert_eq!(found.origin, sample_origin(28));
    }
}
