//! A shot that dissolves has frames beyond its cut.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Shot;
use crate::timeline::{ShotHandles, shot_handles};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::edit::short_handles",
    // An error: the missing pictures would stop the run when it comes to them.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a shot that dissolves or wipes has frames beyond its cut",
    explanation: "While a dissolve or a wipe lasts, both shots are seen. Half of its frames are beyond \
        the end of the first shot, and half before the beginning of the second. What is drawn goes \
        on there. Footage must have the pictures: trim the shot, shorten the transition, or let a \
        fade take its place.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png, transition_in: dissolve 2}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png, transition_in: fade_from_black 2}
",
    check: report_short_handles,
};

fn report_short_handles(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (index, shot) in production.shots.iter().enumerate() {
        let needed = shot_handles(production, index);
        if needed == ShotHandles::default() || shot.frames.is_empty() {
            continue;
        }
        for side in [HandleSide::Head, HandleSide::Tail] {
            report_side(production, index, side, needed, findings);
        }
    }
}

/// One end of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HandleSide {
    Head,
    Tail,
}

fn report_side(
    production: &Production,
    index: usize,
    side: HandleSide,
    handles: ShotHandles,
    findings: &mut RuleFindings,
) {
    let shot = &production.shots[index];
    let needed = match side {
        HandleSide::Head => handles.head,
        HandleSide::Tail => handles.tail,
    };
    let there = available_frames(shot, side, needed);
    if there >= needed {
        return;
    }
    let (place, neighbour) = match side {
        HandleSide::Head => ("before its first", index.checked_sub(1)),
        HandleSide::Tail => ("behind its last", Some(index + 1)),
    };
    let name = &shot.name.value;
    let wanted = count_words(needed);
    let lacking = match &shot.footage {
        Some(_) => format!("its footage has {} there", count_words(there)),
        None => "frame numbers end there".to_owned(),
    };
    let message = format!("shot `{name}` needs {wanted} {place} for a transition, and {lacking}");
    // The transition may be written at the shot, at its neighbour, or as the default.
    let own = match side {
        HandleSide::Head => shot.transition_in,
        HandleSide::Tail => shot.transition_out,
    };
    let other = neighbour.and_then(|index| production.shots.get(index));
    let other = other.and_then(|other| match side {
        HandleSide::Head => other.transition_out,
        HandleSide::Tail => other.transition_in,
    });
    let written = own.or(other).or(production.edit.transition);
    let origin = written.map_or(shot.name.origin, |written| written.origin);
    let finding = findings
        .finding_at(origin, message)
        .with_label(format!("needs {wanted} beyond the cut"));
    let finding = match &shot.footage {
        Some(footage) => finding.with_related(footage.source.origin, "the footage"),
        None => finding,
    };
    findings.push(finding.with_help(
        "shorten the transition, trim the shot with `frame_range`, or write a fade or a dip",
    ));
}

fn count_words(count: usize) -> String {
    match count {
        0 => "none".to_owned(),
        1 => "one frame".to_owned(),
        _ => format!("{count} frames"),
    }
}

/// Returns how many of the `needed` frames beyond one end of a shot there are, counted from its cut.
fn available_frames(shot: &Shot, side: HandleSide, needed: usize) -> usize {
    let beyond = match side {
        HandleSide::Head => shot.frames.frames_beyond(needed, 0),
        HandleSide::Tail => shot.frames.frames_beyond(0, needed),
    };
    let Some(beyond) = beyond else {
        // Frame numbers end. How many there are does not matter to anyone.
        return 0;
    };
    let Some(footage) = &shot.footage else {
        return needed;
    };
    // What cannot be used at all has a finding of its own.
    if footage.facts.size().is_none() {
        return needed;
    }
    let wanted = match side {
        HandleSide::Head => beyond.head,
        HandleSide::Tail => beyond.tail,
    };
    let mut picks: Vec<i64> = wanted
        .iter()
        .map(|frame| footage.pace.pick(frame))
        .collect();
    if side == HandleSide::Head {
        picks.reverse();
    }
    let missing = footage.missing_of(picks.iter().copied());
    picks
        .iter()
        .position(|pick| missing.binary_search(pick).is_ok())
        .unwrap_or(needed)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::model::cut::{ShotTransition, TransitionKind};
    use crate::validate::rules::footage::sample::set_pictures;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_origin};

    const DISSOLVE: ShotTransition = ShotTransition {
        kind: TransitionKind::Dissolve,
        frames: 12,
        origin: sample_origin(39),
    };

    #[test]
    fn what_is_drawn_goes_on_beyond_the_cut() {
        assert_no_findings(|production, _| production.shots[0].transition_out = Some(DISSOLVE));
    }

    #[test]
    fn footage_needs_pictures_beyond_the_cut() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=50);
            production.shots[0].transition_out = Some(DISSOLVE);
        });
        assert_eq!(
            found.message,
            "shot `wide` needs 6 frames behind its last for a transition, and its footage has 2 \
             frames there"
        );
        assert_eq!(found.origin, sample_origin(39));
        assert_no_findings(|production, _| {
            set_pictures(production, 1..=54);
            production.shots[0].transition_out = Some(DISSOLVE);
        });
    }

    #[test]
    fn frame_numbers_end_somewhere() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].frames = FrameList::from_bounds(i32::MAX - 47, i32::MAX);
            production.shots[0].range_origin = None;
            production.shots[1].range_origin = None;
            production.shots[0].transition_out = Some(DISSOLVE);
        });
        assert!(
            found.message.contains("frame numbers end there"),
            "{}",
            found.message
        );
    }
}
