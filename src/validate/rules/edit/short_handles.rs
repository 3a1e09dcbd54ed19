//! A shot that dissolves has frames beyond its cut.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::ShotTransition;
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
        for end in shot_ends(production, index, needed) {
            report_end(shot, &end, findings);
        }
    }
}

/// One end of a shot.
struct ShotEnd {
    side: HandleSide,
    /// Frames that transitions need beyond it.
    needed: usize,
    /// Where those are.
    place: &'static str,
    /// The transition, as the shot, its neighbour or the default has it.
    written: Option<ShotTransition>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HandleSide {
    Head,
    Tail,
}

fn shot_ends(production: &Production, index: usize, needed: ShotHandles) -> [ShotEnd; 2] {
    let shots = &production.shots;
    let shot = &shots[index];
    let before = index.checked_sub(1).and_then(|before| shots.get(before));
    let usual = production.edit.transition;
    let head = shot
        .transition_in
        .or_else(|| before?.transition_out)
        .or(usual);
    let tail = shot
        .transition_out
        .or_else(|| shots.get(index + 1)?.transition_in)
        .or(usual);
    [
        ShotEnd {
            side: HandleSide::Head,
            needed: needed.head,
            place: "before its first",
            written: head,
        },
        ShotEnd {
            side: HandleSide::Tail,
            needed: needed.tail,
            place: "behind its last",
            written: tail,
        },
    ]
}

fn report_end(shot: &Shot, end: &ShotEnd, findings: &mut RuleFindings) {
    let there = available_frames(shot, end.side, end.needed);
    if there >= end.needed {
        return;
    }
    let name = &shot.name.value;
    let wanted = count_words(end.needed);
    let lacking = match &shot.footage {
        Some(_) => format!("its footage has {} there", count_words(there)),
        None => "frame numbers end there".to_owned(),
    };
    let message = format!(
        "shot `{name}` needs {wanted} {} for a transition, and {lacking}",
        end.place
    );
    let origin = end
        .written
        .map_or(shot.name.origin, |written| written.origin);
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
    let frames = &shot.frames;
    let wanted = match side {
        HandleSide::Head => frames.frames_beyond(needed, 0).map(|beyond| beyond.head),
        HandleSide::Tail => frames.frames_beyond(0, needed).map(|beyond| beyond.tail),
    };
    let Some(wanted) = wanted else {
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
    let mut picks: Vec<i64> = wanted
        .iter()
        .map(|frame| footage.pace.pick(frame))
        .collect();
    if side == HandleSide::Head {
        // Counted from the cut: before a shot, the last picture is the nearest.
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
    use crate::validate::rules::footage::sample::set_pictures;
    use crate::validate::sample::{
        SAMPLE_DISSOLVE, assert_no_findings, only_finding, sample_origin,
    };

    #[test]
    fn what_is_drawn_goes_on_beyond_the_cut() {
        assert_no_findings(|production, _| {
            production.shots[0].transition_out = Some(SAMPLE_DISSOLVE);
        });
    }

    #[test]
    fn footage_needs_pictures_beyond_the_cut() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=50);
            production.shots[0].transition_out = Some(SAMPLE_DISSOLVE);
        });
        assert_eq!(
            found.message,
            "shot `wide` needs 6 frames behind its last for a transition, and its footage has 2 \
             frames there"
        );
        assert_eq!(found.origin, sample_origin(39));
        assert_no_findings(|production, _| {
            set_pictures(production, 1..=54);
            production.shots[0].transition_out = Some(SAMPLE_DISSOLVE);
        });
    }

    #[test]
    fn frame_numbers_end_somewhere() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].frames = FrameList::from_bounds(i32::MAX - 47, i32::MAX);
            production.shots[0].range_origin = None;
            production.shots[1].range_origin = None;
            production.shots[0].transition_out = Some(SAMPLE_DISSOLVE);
        });
        assert!(
            found.message.contains("frame numbers end there"),
            "{}",
            found.message
        );
    }
}
