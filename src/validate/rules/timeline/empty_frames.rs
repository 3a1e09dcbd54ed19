//! Every shot has a frame.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::empty_frames",
    // An error: a shot without frames has no jobs, and the cut would silently lose it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every shot has a frame",
    explanation: "A shot without frames cannot be in the film. Give it a duration of one frame or \
        more.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 0}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
",
    check: report_empty_shots,
};

fn report_empty_shots(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shot in production
        .shots
        .iter()
        .filter(|shot| shot.frames.is_empty())
    {
        if shot
            .duration
            .as_ref()
            // A duration that could not be read has a finding; the empty list only follows from it.
            .is_some_and(|duration| duration.is_placeholder)
        {
            continue;
        }
        let finding = findings.finding_at(
            length_origin(shot),
            format!("shot `{}` has no frames", shot.name.value),
        );
        findings.push(
            finding
                .with_label("nothing to render")
                .with_help("give it a `duration:` of 1 or more, such as `96` or `4s`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_shot_of_no_frames_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].frames = FrameList::default();
        });
        assert_eq!(found.origin, sample_origin(47));
    }
}
