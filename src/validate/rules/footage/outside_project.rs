//! Footage is in the folder of the production.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::{FootageFacts, FootageProblem};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::outside_project",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "footage is in the folder of the production",
    explanation: "The path is absolute, or leads above the folder of the document or \
        through a link out of it. A production must be whole, so that a farm or a colleague has \
        all of it. Copy the footage in, or link it to a place inside.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: ../plates/sh010.%04d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_outside_project,
};

fn report_outside_project(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        if !matches!(
            &*footage.facts,
            FootageFacts::Unusable(FootageProblem::Outside)
        ) {
            continue;
        }
        let path = footage.source.path.display();
        let finding = findings.finding_at(
            footage.source.origin,
            format!(
                "footage `{path}` of shot `{}` is outside the production's folder",
                shot.name.value
            ),
        );
        findings.push(
            finding
                .with_label("was not looked at")
                .with_help("copy it into the folder of the document"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::footage::FootageProblem;
    use crate::validate::rules::footage::sample::{set_pictures, set_problem};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn footage_elsewhere_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            set_problem(production, FootageProblem::Outside);
        });
        assert!(
            found
                .message
                .ends_with("is outside the production's folder")
        );
    }

    #[test]
    fn footage_inside_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
