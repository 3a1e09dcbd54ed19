//! There are pictures or a film at the path of footage.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::{FootageFacts, FootageProblem};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::missing",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the pictures or the film that a shot shows are there",
    explanation: "A shot names footage with `frames`, and nothing is at the path, no file \
        fits the pattern, or the folder has no numbered pictures. Patterns have the number as \
        `%04d` or `####`; paths start from the folder of the document.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/nothing.%04d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_missing,
};

fn report_missing(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let FootageFacts::Unusable(problem) = &*footage.facts else {
            continue;
        };
        let path = footage.source.path.display();
        let (what, help) = match problem {
            FootageProblem::Missing { near } => (
                "is not there",
                near.as_ref().map(|near| format!("did you mean `{near}`?")),
            ),
            FootageProblem::EmptyFolder => (
                "has no numbered pictures",
                Some("a folder needs pictures such as `sh010.0001.exr`".to_owned()),
            ),
            _ => continue,
        };
        let finding = findings.finding_at(
            footage.source.origin,
            format!("footage `{path}` of shot `{}` {what}", shot.name.value),
        );
        findings.push(finding.with_label("no pictures").with_optional_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::footage::FootageProblem;
    use crate::validate::rules::footage::sample::{set_pictures, set_problem};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn footage_that_is_not_there_names_what_is() {
        let found = only_finding(&RULE, |production, _| {
            let near = Some("plates/sh010_####.exr".to_owned());
            set_problem(production, FootageProblem::Missing { near });
        });
        assert_eq!(
            found.message,
            "footage `plates/sh010.%04d.exr` of shot `wide` is not there"
        );
        assert_eq!(
            found.help.as_deref(),
            Some("did you mean `plates/sh010_####.exr`?")
        );
    }

    #[test]
    fn footage_that_is_there_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
