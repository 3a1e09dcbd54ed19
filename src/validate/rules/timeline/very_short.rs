//! Every shot has at least six frames, a quarter of a second at 24 frames a second.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::very_short",
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every shot has at least six frames",
    explanation: "A shot of less than six frames is over before it is seen. Usually seconds were \
        meant: durations are in frames, or in seconds with an `s`.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
",
    check: report_very_short_shots,
};

fn report_very_short_shots(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for shot in production
        .shots
        .iter()
        // A count of frames, not of seconds: six pictures are over before they are seen at any
        // rate. An empty shot has its own finding.
        .filter(|shot| (1..6).contains(&shot.frames.len()))
        // Footage is as long as it is, unless the document says otherwise.
        .filter(|shot| {
            let is_written = shot.duration.is_some() || shot.range_origin.is_some();
            shot.is_drawn() || is_written
        })
    {
        let count = shot.frames.len();
        let s = if shot.frames.len() == 1 { "" } else { "s" };
        let finding = findings.finding_at(
            length_origin(shot),
            format!("shot `{}` has only {count} frame{s}", shot.name.value),
        );
        findings.push(finding.with_label("over in a blink").with_help(format!(
            "durations are in frames; for seconds write `{count}s`"
        )));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_duration_meant_in_seconds_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].frames = FrameList::from_bounds(49, 52);
        });
        assert_eq!(
            found.help.as_deref(),
            Some("durations are in frames; for seconds write `4s`")
        );
    }
}
