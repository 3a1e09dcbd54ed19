//! Every shot has something to frame.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::ShotSubject;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::no_subject",
    // An error: the camera would have nothing to point at, and there is no good default.
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "a shot that frames a character or a prop has one",
    explanation: "The template points the camera at a character or a prop, and the shot has none. \
        Add one, or write `subject: place` to frame the location.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: close, template: character_cu, subject: character, location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: close, template: character_cu, character: mara, location: pier}
",
    check: report_shots_without_subject,
};

fn report_shots_without_subject(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for shot in production.shots.iter().filter(|shot| shot.is_drawn()) {
        let (what, field, missing) = match shot.subject {
            ShotSubject::Character => ("a character", "character", shot.cast.is_empty()),
            ShotSubject::Everyone => ("its characters", "characters", shot.cast.is_empty()),
            ShotSubject::Prop => ("a prop", "props", shot.props.is_empty()),
            ShotSubject::Place => continue,
        };
        if missing {
            let origin = shot
                .template
                .as_ref()
                // The template usually sets the subject, so the finding points at it.
                .map_or(shot.name.origin, |template| template.origin);
            let finding = findings.finding_at(
                origin,
                format!("shot `{}` frames {what}, but has none", shot.name.value),
            );
            let finding = finding.with_label("nothing to point the camera at");
            findings.push(finding.with_help(format!(
                "add `{field}:`, or write `subject: place` to frame the location"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::ShotSubject;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    #[test]
    fn a_shot_of_nobody_points_at_its_template() {
        let found = only_finding(&RULE, |production, _| production.shots[0].cast.clear());
        assert_eq!(found.origin, sample_origin(32));
        assert_eq!(
            found.message,
            "shot `wide` frames its characters, but has none"
        );
    }

    #[test]
    fn a_shot_of_a_prop_needs_one() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].subject = ShotSubject::Prop;
            production.shots[0].props.clear();
        });
        assert_eq!(found.message, "shot `wide` frames a prop, but has none");
    }

    #[test]
    fn a_shot_of_the_place_needs_nobody() {
        assert_no_findings(|production, _| {
            production.shots[0].subject = ShotSubject::Place;
            production.shots[0].cast.clear();
        });
    }
}
