//! Every title begins within its shot.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::late_title",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every title begins within its shot",
    explanation: "The title begins after the last frame of its shot, so it is not seen, or over \
        another shot if `until` names one. `at` counts frames of the shot from 0, whatever \
        numbers they have, or seconds such as `1.5s`. Name the shot in which it begins.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, shot: wide, at: 60}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 48}
titles:
  - {text: The Lamp, shot: wide, at: 12}
",
    check: report_late_titles,
};

fn report_late_titles(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for title in &production.titles.titles {
        let Some(shot) = production.shots.get(title.shot) else {
            continue;
        };
        let frames = shot.frames.len();
        if title.start < frames || frames == 0 {
            continue;
        }
        let message = format!(
            "the title begins at frame {} of shot `{}`, which has {frames} frames",
            title.start, shot.name.value
        );
        let help = format!(
            "`at` counts from 0: write 0 to {}, or name the shot in which it begins",
            frames - 1
        );
        let finding = findings
            .finding_at(title.origin, message)
            .with_label("begins after the shot");
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_title_after_the_last_frame_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_title(production, "a", "a").start = 48;
        });
        assert_eq!(
            found.message,
            "the title begins at frame 48 of shot `wide`, which has 48 frames"
        );
    }
}
