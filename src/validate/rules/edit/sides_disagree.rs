//! The two shots of a cut ask for the same transition.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::{ShotTransition, TransitionKind};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::edit::sides_disagree",
    // An error: one of the two is wrong, and guessing would show the wrong one.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the end of a shot and the beginning of the next ask for one transition",
    explanation: "`transition_out` of a shot and `transition_in` of the next are about the same cut. \
        Write it once, or twice the same. A fade out and a fade in go together, and so do a fade \
        and a cut.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_out: dissolve 12}
  - {name: close, template: character_cu, character: mara, location: pier, transition_in: wipe_left 12}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_out: dissolve 12}
  - {name: close, template: character_cu, character: mara, location: pier}
",
    check: report_disagreements,
};

fn report_disagreements(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for pair in production.shots.windows(2) {
        let [before, after] = pair else {
            continue;
        };
        let (Some(out), Some(into)) = (before.transition_out, after.transition_in) else {
            continue;
        };
        if agree(&out, &into) {
            continue;
        }
        let message = format!(
            "shot `{}` ends with `{}` and shot `{}` begins with `{}`",
            before.name.value,
            described(&out),
            after.name.value,
            described(&into)
        );
        let finding = findings
            .finding_at(into.origin, message)
            .with_label("another transition at the same cut")
            .with_related(out.origin, "this is the other side");
        findings.push(finding.with_help("leave one of the two out"));
    }
}

/// Returns whether both can be at one cut.
fn agree(out: &ShotTransition, into: &ShotTransition) -> bool {
    let is_plain = |side: &ShotTransition| side.kind.is_fade() || side.kind == TransitionKind::Cut;
    // A fade is within its shot, and leaves a cut between the two.
    let has_fade = out.kind.is_fade() || into.kind.is_fade();
    if has_fade {
        return is_plain(out) && is_plain(into);
    }
    out.kind == into.kind && out.frames == into.frames
}

fn described(transition: &ShotTransition) -> String {
    match transition.kind {
        TransitionKind::Cut => "cut".to_owned(),
        kind => format!("{} {}", kind.name(), transition.frames),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::{ScreenColour, ShotTransition, TransitionKind};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    const FADE_OUT: TransitionKind = TransitionKind::FadeOut {
        colour: ScreenColour::BLACK,
    };
    const FADE_IN: TransitionKind = TransitionKind::FadeIn {
        colour: ScreenColour::WHITE,
    };

    fn written(kind: TransitionKind, frames: usize, position: u32) -> Option<ShotTransition> {
        Some(ShotTransition {
            kind,
            frames,
            origin: sample_origin(position),
        })
    }

    #[test]
    fn two_lengths_and_two_kinds_disagree() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].transition_out = written(TransitionKind::Dissolve, 12, 38);
            production.shots[1].transition_in = written(TransitionKind::Dissolve, 6, 48);
        });
        assert_eq!(
            found.message,
            "shot `wide` ends with `dissolve 12` and shot `close` begins with `dissolve 6`"
        );
        assert_eq!(found.related[0].0, sample_origin(38));
        for (out, into) in [
            (TransitionKind::Cut, TransitionKind::Dissolve),
            (TransitionKind::Dissolve, FADE_IN),
            (FADE_OUT, TransitionKind::Dissolve),
        ] {
            only_finding(&RULE, |production, _| {
                production.shots[0].transition_out = written(out, 6, 38);
                production.shots[1].transition_in = written(into, 6, 48);
            });
        }
    }

    #[test]
    fn the_same_twice_and_fades_of_both_agree() {
        for (out, into) in [
            (TransitionKind::Dissolve, TransitionKind::Dissolve),
            (FADE_OUT, FADE_IN),
            (TransitionKind::Cut, FADE_IN),
            (FADE_OUT, TransitionKind::Cut),
        ] {
            assert_no_findings(|production, _| {
                production.shots[0].transition_out = written(out, 6, 38);
                production.shots[1].transition_in = written(into, 6, 48);
            });
        }
    }
}
