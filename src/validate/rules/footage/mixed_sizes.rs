//! The pictures of one run have one size.

use super::{RunWords, footage_shots};
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::FootageFacts;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::mixed_sizes",
    // An error: the shot would jump from one framing to another.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the pictures of one shot have one size",
    explanation: "Some pictures of the run have another size than the first, as after a \
        render with other settings. Render them again, or name the run that belongs together.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/mixed.%02d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_mixed_sizes,
};

fn report_mixed_sizes(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let FootageFacts::Pictures(run) = &*footage.facts else {
            continue;
        };
        let Some((_, other)) = run.other_sizes.first() else {
            continue;
        };
        let path = footage.source.path.display();
        let numbers = run.other_sizes.iter().map(|(number, _)| i64::from(*number));
        let message = format!(
            "footage `{path}` of shot `{}` is {}, but {} {} {other}",
            shot.name.value,
            run.size,
            RunWords::from_numbers(numbers),
            if run.other_sizes.len() == 1 {
                "is"
            } else {
                "are"
            },
        );
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label("pictures of more than one size");
        findings.push(finding.with_help("render them again at one size"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::rules::footage::sample::{change_run, set_pictures};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_picture_of_another_size_is_named() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=48);
            change_run(production, |run| {
                run.other_sizes.push((9, PixelSize::new(640, 360)));
            });
        });
        assert_eq!(
            found.message,
            "footage `plates/sh010.%04d.exr` of shot `wide` is 1920x1080, but picture 9 is 640x360"
        );
    }

    #[test]
    fn one_size_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
