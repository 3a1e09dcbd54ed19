//! No shot lasts more than ten minutes, which is usually a wrong unit and renders for hours.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::very_long",
    // A warning: one-take films exist.
    severity: Severity::Warning,
    // It judges only what is written, so earlier errors change nothing.
    skip_if_partial: false,
    summary: "no shot lasts more than ten minutes",
    explanation: "A shot of more than ten minutes is usually a duration in the wrong unit, and \
        renders for hours. Durations are in frames, or in seconds with an `s`.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 1500s}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 1500}
",
    check: report_very_long_shots,
};

fn report_very_long_shots(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shot in &production.shots {
        let seconds = production.render.rate.duration_seconds(shot.frames.len());
        // In seconds, so that the limit is the same at every frame rate.
        if seconds > 600.0 {
            let name = &shot.name.value;
            let count = shot.frames.len();
            let message = format!(
                "shot `{name}` has {count} frames, which is {:.0} minutes",
                seconds / 60.0
            );
            findings.push(
                findings
                    .finding_at(length_origin(shot), message)
                    .with_label("very long")
                    .with_help("a number is frames, with an `s` seconds: `96` or `4s`"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_shot_of_an_hour_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].frames = FrameList::count_from(49, 86_400);
        });
        assert_eq!(
            found.message,
            "shot `close` has 86400 frames, which is 60 minutes"
        );
    }
}
