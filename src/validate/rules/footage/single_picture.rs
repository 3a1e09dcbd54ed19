//! A single picture is not one of a run.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::single_picture",
    // A warning: a still out of a run may be meant.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "a single picture that a shot shows is not one of a run",
    explanation: "The path names one picture, which is held for the whole shot, and other \
        numbers of the same name are beside it. If the shot is meant to show all of them, write \
        the pattern.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.01.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_single_picture,
};

fn report_single_picture(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let run = footage.facts.pictures().filter(|run| run.is_still);
        let Some(siblings) = run.and_then(|run| run.siblings.as_ref()) else {
            continue;
        };
        let path = footage.source.path.display();
        let message = format!(
            "shot `{}` holds the one picture `{path}`, of {} beside it",
            shot.name.value, siblings.count
        );
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label("a still");
        findings.push(finding.with_help(format!(
            "write `frames: {}` to show all of them",
            siblings.pattern
        )));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::footage::PictureSiblings;
    use crate::validate::rules::footage::sample::{change_run, set_pictures};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn one_picture_of_many_is_reported_with_their_pattern() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=48);
            change_run(production, |run| {
                run.is_still = true;
                run.siblings = Some(PictureSiblings {
                    pattern: "plates/a.####.exr".to_owned(),
                    count: 48,
                });
            });
        });
        assert_eq!(
            found.help.as_deref(),
            Some("write `frames: plates/a.####.exr` to show all of them")
        );
    }

    #[test]
    fn a_run_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
