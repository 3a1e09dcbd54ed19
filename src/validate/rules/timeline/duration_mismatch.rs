//! Duration and frame range of a shot agree if both are written.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::duration_mismatch",
    // An error: one of the two is wrong, and guessing would render the wrong length.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "duration and frame range of a shot agree",
    explanation: "A frame range says how long a shot is, both ends included. A duration beside it \
        must say the same, and is easily forgotten when the range changes. Leave out one of the \
        two. One number alone is the first frame, and the duration says how many there are.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, frame_range: 1-48, duration: 47}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, frame_range: 1-48}
",
    check: report_duration_mismatches,
};

fn report_duration_mismatches(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for shot in &production.shots {
        let (Some(duration), Some(range)) = (&shot.duration, shot.range_origin) else {
            continue;
        };
        let count = shot.frames.len();
        if duration.is_placeholder || shot.frames.is_empty() || duration.value == count {
            continue;
        }
        let message = format!(
            "shot `{}` lasts {} frames, but its range has {count}",
            shot.name.value, duration.value
        );
        let finding = findings
            .finding_at(duration.origin, message)
            .with_label(format!("{} frames", duration.value));
        findings.push(
            finding
                .with_related(range, format!("{count} frames"))
                .with_help("leave out one of the two; both ends of a range count"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_duration_that_contradicts_the_range_points_at_both() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].duration = Some(Spanned::new(47, sample_origin(38)));
        });
        assert_eq!(
            found.message,
            "shot `wide` lasts 47 frames, but its range has 48"
        );
        assert_eq!(found.related[0].0, sample_origin(37));
    }
}
