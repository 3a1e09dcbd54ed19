//! A transition between two shots has a shot on each side.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::{ShotTransition, TransitionKind};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::edit::nothing_beside",
    // An error: the film would silently begin or end with a cut.
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "a transition between two shots has a shot on each side",
    explanation: "A dissolve, a wipe or a dip leads from one shot to the next. Before the first shot \
        and behind the last there is none: a film begins with a fade in and ends with a fade out. Nor is \
        there one where a title with `over` stands between two shots.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_in: dissolve}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_in: fade_from_black}
",
    check: report_transitions_into_nothing,
};

fn report_transitions_into_nothing(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_ends(production, findings);
    report_titles_between(production, findings);
}

fn report_ends(production: &Production, findings: &mut RuleFindings) {
    let first = production.shots.first();
    let last = production.shots.last();
    let first_in = first.and_then(|shot| Some((shot, shot.transition_in?)));
    let last_out = last.and_then(|shot| Some((shot, shot.transition_out?)));
    let ends = [
        (first_in, "before", "fade_from_black"),
        (last_out, "behind", "fade_to_black"),
    ];
    for (found, side, instead) in ends {
        let Some((shot, transition)) = found.filter(|(_, written)| is_between_shots(written))
        else {
            continue;
        };
        let message = format!(
            "there is no shot {side} `{}` for the transition `{}`",
            shot.name.value,
            transition.kind.name()
        );
        let finding = findings
            .finding_at(transition.origin, message)
            .with_label("between this shot and nothing");
        findings.push(finding.with_help(format!("write `{instead}`, or leave it out")));
    }
}

/// Reports transitions between a shot and a title that is a clip of its own.
fn report_titles_between(production: &Production, findings: &mut RuleFindings) {
    let titles = production.titles.titles.iter();
    let behind: BTreeSet<usize> = titles
        .filter(|title| title.backdrop.is_some())
        .map(|title| title.shot)
        .collect();
    for next in behind {
        let Some(into) = production.shots.get(next) else {
            continue;
        };
        // Before the first shot there is none anyway.
        let Some(from) = next
            .checked_sub(1)
            .and_then(|last| production.shots.get(last))
        else {
            continue;
        };
        let sides = [
            (from.transition_out, "fade_to_black"),
            (into.transition_in, "fade_from_black"),
        ];
        for (transition, instead) in sides {
            let Some(transition) = transition.filter(is_between_shots) else {
                continue;
            };
            let message = format!(
                "a title stands between `{}` and `{}`, where the transition `{}` would be",
                from.name.value,
                into.name.value,
                transition.kind.name()
            );
            let finding = findings
                .finding_at(transition.origin, message)
                .with_label("between a shot and a title");
            findings.push(finding.with_help(format!("write `{instead}`, or leave it out")));
        }
    }
}

fn is_between_shots(written: &ShotTransition) -> bool {
    written.kind != TransitionKind::Cut && !written.kind.is_fade()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::{ScreenColour, ShotTransition, TransitionKind};
    use crate::validate::sample::{
        SAMPLE_DISSOLVE, assert_no_findings, only_finding, sample_origin,
    };
    use crate::validate::title_sample::sample_title;

    #[test]
    fn the_first_and_the_last_shot_have_one_side_alone() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].transition_in = Some(SAMPLE_DISSOLVE);
        });
        assert_eq!(
            found.message,
            "there is no shot before `wide` for the transition `dissolve`"
        );
        assert_eq!(found.origin, sample_origin(39));
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].transition_out = Some(SAMPLE_DISSOLVE);
        });
        assert_eq!(
            found.help.as_deref(),
            Some("write `fade_to_black`, or leave it out")
        );
    }

    #[test]
    fn a_title_between_two_shots_leaves_no_room_for_a_transition() {
        let found = only_finding(&RULE, |production, _| {
            let title = sample_title(production, "Later", "Later");
            title.shot = 1;
            title.backdrop = Some(ScreenColour::BLACK);
            production.shots[1].transition_in = Some(SAMPLE_DISSOLVE);
        });
        assert!(
            found
                .message
                .starts_with("a title stands between `wide` and")
        );
        assert_eq!(
            found.help.as_deref(),
            Some("write `fade_from_black`, or leave it out")
        );
    }

    #[test]
    fn fades_and_inner_transitions_have_what_they_need() {
        assert_no_findings(|production, _| {
            production.shots[0].transition_in = Some(ShotTransition {
                kind: TransitionKind::FadeIn {
                    colour: ScreenColour::BLACK,
                },
                ..SAMPLE_DISSOLVE
            });
            production.shots[0].transition_out = Some(SAMPLE_DISSOLVE);
        });
    }
}
