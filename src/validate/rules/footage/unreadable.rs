//! Footage is pictures or a film.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::{FootageFacts, FootageProblem};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::unreadable",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "footage is pictures or a film that can be read",
    explanation: "The file is neither a picture (PNG, EXR, HDR, JPEG, TIFF) nor a film \
        that ffprobe can measure. Raw files of cameras must be developed first.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/nonsense.mov}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_unreadable,
};

fn report_unreadable(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let (why, help) = match &*footage.facts {
            FootageFacts::Unusable(FootageProblem::Unreadable { why }) => (why.as_str(), None),
            // An error, unlike the warnings of `tools`: without its length there is no shot.
            FootageFacts::Unusable(FootageProblem::NoProbe) => (
                "films are measured with `ffprobe`, which was not found",
                Some("it comes with ffmpeg: `apt-get install ffmpeg` or `brew install ffmpeg`"),
            ),
            _ => continue,
        };
        let path = footage.source.path.display();
        let finding = findings.finding_at(
            footage.source.origin,
            format!(
                "footage `{path}` of shot `{}` cannot be read",
                shot.name.value
            ),
        );
        findings.push(
            finding
                .with_label(why)
                .with_optional_help(help.map(str::to_owned)),
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
    fn footage_that_cannot_be_read_says_why() {
        let found = only_finding(&RULE, |production, _| {
            let why = "moov atom not found".to_owned();
            set_problem(production, FootageProblem::Unreadable { why });
        });
        assert_eq!(found.label, "moov atom not found");
    }

    #[test]
    fn pictures_pass() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
