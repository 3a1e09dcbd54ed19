//! Every effect begins within its shot.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::late_effect",
    // A warning: it still plays, over the picture of another shot.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every effect begins within its shot",
    explanation: "The effect begins after the last frame of its shot, so it is heard in the next \
        shot, or not at all after the last. `at` counts frames of the shot from 0, whatever numbers \
        they have, or seconds such as `1.5s`. Move it to the shot in which it is heard.",
    wrong: "\
shots:
  - name: wide
    template: character_full
    character: mara
    location: pier
    duration: 48
    effects: [{name: knock, at: 60}]
",
    right: "\
shots:
  - name: wide
    template: character_full
    character: mara
    location: pier
    duration: 48
    effects: [{name: knock, at: 20}]
",
    check: report_late_effects,
};

fn report_late_effects(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for shot in &production.shots {
        let frames = shot.frames.len();
        let late = shot.effects.iter().filter(|effect| effect.frame >= frames);
        for effect in late.filter(|_| frames > 0) {
            let message = format!(
                "the effect begins at frame {} of shot `{}`, which has {frames} frames",
                effect.frame, shot.name.value
            );
            let finding = findings
                .finding_at(effect.start_origin.unwrap_or(effect.origin), message)
                .with_label("begins after the shot");
            let help = format!(
                "`at` counts from 0: write 0 to {}, or move it to the shot in which it is heard",
                frames - 1
            );
            findings.push(finding.with_help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::{EffectSource, ShotEffect};
    use crate::validate::sample::{only_finding, sample_name, sample_origin, sample_sound};

    #[test]
    fn an_effect_after_the_last_frame_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.sound = Some(sample_sound());
            production.shots[0].effects = vec![ShotEffect {
                source: EffectSource::Named(sample_name("knock", 38)),
                frame: 48,
                start_origin: Some(sample_origin(39)),
                gain: 0.0,
                pan: None,
                origin: sample_origin(38),
            }];
        });
        assert_eq!(found.origin, sample_origin(39));
        assert_eq!(
            found.message,
            "the effect begins at frame 48 of shot `wide`, which has 48 frames"
        );
    }
}
