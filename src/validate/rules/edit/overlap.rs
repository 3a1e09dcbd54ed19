//! The transitions at the two ends of a shot leave each other their frames.

use crate::base::{FileSpan, Severity};
use crate::model::Production;
use crate::model::production::Shot;
use crate::timeline::{CutSides, CutTransitions, cut_transitions};
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::edit::overlap",
    // An error: one frame would be a part of two transitions, and no film can show that.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a shot has enough frames for the transitions at its ends",
    explanation: "A fade takes its frames from its shot. A dissolve, a wipe or a dip takes half of \
        them from each side of the cut. Together they may take all frames of a shot, and no more. \
        Shorten the transitions, or lengthen the shot.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 20, transition_in: fade_from_black 24}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 20, transition_in: fade_from_black 12}
",
    check: report_overlaps,
};

fn report_overlaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let count = production.shots.len();
    let mut into = CutSides {
        from: None,
        into: Some(0).filter(|first| *first < count),
    };
    for (index, shot) in production.shots.iter().enumerate() {
        let out = CutSides {
            from: Some(index),
            into: Some(index + 1).filter(|next| *next < count),
        };
        let begins = cut_transitions(production, into);
        let ends = cut_transitions(production, out);
        into = out;
        // A shot without frames has a finding of its own.
        if begins.frames_after() + ends.frames_before() > shot.frames.len()
            && !shot.frames.is_empty()
        {
            report_overlap(shot, &begins, &ends, findings);
        }
    }
}

fn report_overlap(
    shot: &Shot,
    begins: &CutTransitions,
    ends: &CutTransitions,
    findings: &mut RuleFindings,
) {
    let at_start = begins.frames_after();
    let at_end = ends.frames_before();
    let name = &shot.name.value;
    let count = shot.frames.len();
    let message = match (at_start, at_end) {
        (taken, 0) | (0, taken) => {
            format!("shot `{name}` has {count} frames, and its transition takes {taken} of them")
        }
        _ => format!(
            "shot `{name}` has {count} frames, and its transitions take {at_start} at the start and \
             {at_end} at the end"
        ),
    };
    let places: Vec<FileSpan> = [begins.fade_in, begins.blend, ends.fade_out, ends.blend]
        .into_iter()
        .flatten()
        .map(|transition| transition.origin)
        .collect();
    // A default is about many shots, so the shot is what is pointed at.
    let mut finding = findings
        .finding_at(length_origin(shot), message)
        .with_label(too_few(at_start + at_end - count));
    let mut shown = Vec::new();
    for place in places {
        if !shown.contains(&place) {
            finding = finding.with_related(place, "this takes frames");
            shown.push(place);
        }
    }
    findings.push(finding.with_help("shorten the transitions, or lengthen the shot"));
}

fn too_few(count: usize) -> String {
    match count {
        1 => "one frame too few".to_owned(),
        _ => format!("{count} frames too few"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::{ScreenColour, ShotTransition, TransitionKind};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    fn written(kind: TransitionKind, frames: usize, position: u32) -> Option<ShotTransition> {
        Some(ShotTransition {
            kind,
            frames,
            origin: sample_origin(position),
        })
    }

    const FADE_IN: TransitionKind = TransitionKind::FadeIn {
        colour: ScreenColour::BLACK,
    };

    #[test]
    fn two_transitions_may_take_all_frames_and_no_more() {
        assert_no_findings(|production, _| {
            production.shots[0].transition_in = written(FADE_IN, 42, 38);
            production.shots[0].transition_out = written(TransitionKind::Dissolve, 12, 39);
        });
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].transition_in = written(FADE_IN, 43, 38);
            production.shots[0].transition_out = written(TransitionKind::Dissolve, 12, 39);
        });
        assert_eq!(
            found.message,
            "shot `wide` has 48 frames, and its transitions take 43 at the start and 6 at the end"
        );
        assert_eq!(found.label, "one frame too few");
        assert_eq!(found.related.len(), 2);
    }

    #[test]
    fn a_shot_that_is_shorter_than_its_half_of_a_dissolve_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.edit.transition = written(TransitionKind::Dissolve, 98, 8);
        });
        // 49 frames of each: both shots are too short, and the default is what takes them.
        assert_eq!(
            found.message,
            "shot `wide` has 48 frames, and its transition takes 49 of them"
        );
        assert_eq!(found.related[0].0, sample_origin(8));
    }
}
