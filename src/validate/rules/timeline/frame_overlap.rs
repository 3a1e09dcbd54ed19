//! No frame number belongs to two shots. Stepped ranges may interleave, so frames are compared and
//! not only the ends of ranges.

use crate::base::Severity;
use crate::base::work_counter::count_work;
use crate::model::Production;
use crate::model::production::Shot;
use crate::validate::shot_queries::{frame_bounds, length_origin, numbered_shots};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::frame_overlap",
    // A warning: each shot has its own files, so only people and lists that go by number are
    // misled.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no frame belongs to two shots",
    explanation: "The same frame number belongs to two shots, so lists that go by number, and \
        people who do, take one for the other. Ranges count both ends. Without `frame_range`, \
        shots follow each other. Where nearly all shots begin at one number, such as 1001, each \
        counts for itself and the rule is silent.",
    wrong: "\
shots:
  - {name: one, template: character_full, character: mara, location: pier, frame_range: 1-48}
  - {name: two, template: character_cu, character: mara, location: pier, frame_range: 48-96}
",
    right: "\
shots:
  - {name: one, template: character_full, character: mara, location: pier, frame_range: 1-48}
  - {name: two, template: character_cu, character: mara, location: pier, frame_range: 49-96}
",
    check: report_frame_overlaps,
};

/// Most steps of comparing frames. A film whose shots touch each other takes one a shot; lists of
/// thousands of single frames could take hours.
const MAX_STEPS: usize = 1 << 20;

fn report_frame_overlaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let numbered = numbered_shots(production)
        .filter_map(|shot| frame_bounds(shot).map(|bounds| (bounds, shot)));
    let mut shots: Vec<((i32, i32), &Shot)> = numbered.collect();
    shots.sort_by_key(|((first, _), _)| *first);
    if count_for_themselves(&shots) {
        return;
    }
    let mut steps_left = MAX_STEPS;
    // Shots that reach the first frame of the next one, by their last frame. Those that end earlier
    // are dropped at once, so a long film is not compared pair by pair.
    let mut open: BTreeMap<(i32, usize), &Shot> = BTreeMap::new();
    for (index, ((first, last), later)) in shots.into_iter().enumerate() {
        while let Some(ended) = open.first_entry().filter(|entry| entry.key().0 < first) {
            ended.remove();
        }
        let shared = open.values().find_map(|earlier| {
            let steps = earlier.frames.comparison_steps(&later.frames);
            steps_left = steps_left.checked_sub(steps)?;
            count_work(steps);
            Some((*earlier, earlier.frames.shared_bounds(&later.frames)?))
        });
        if let Some((earlier, frames)) = shared {
            report_shared_frames(earlier, later, frames, findings);
        }
        // The index makes keys unique: two shots may end at the same frame.
        open.insert((last, index), later);
    }
}

/// Returns whether the frames of each shot count from one number, such as 1001. That is the custom
/// in visual effects, and no overlap. The shots are sorted by their first frames.
fn count_for_themselves(shots: &[((i32, i32), &Shot)]) -> bool {
    let Some(((lowest, _), _)) = shots.first() else {
        return false;
    };
    let alike = shots.partition_point(|((first, _), _)| first == lowest);
    // Not all, because single shots begin later or have been cut at their head.
    alike >= 2 && 4 * alike >= 3 * shots.len()
}

fn report_shared_frames(
    earlier: &Shot,
    later: &Shot,
    shared: (i32, i32),
    findings: &mut RuleFindings,
) {
    let (first, last) = shared;
    let frames = if first == last {
        format!("frame {first}")
    } else {
        format!("frames {first} to {last}")
    };
    let message = format!(
        "shots `{}` and `{}` share {frames}",
        earlier.name.value, later.name.value
    );
    let finding = findings
        .finding_at(length_origin(later), message)
        .with_label("these frames are taken");
    let finding = finding.with_related(
        length_origin(earlier),
        format!("by shot `{}`", earlier.name.value),
    );
    findings.push(finding.with_help("leave `frame_range` out, and shots follow each other"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FrameList;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_origin, sample_production,
    };

    #[test]
    fn overlapping_shots_point_at_each_other() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].frames = FrameList::from_bounds(40, 96);
        });
        assert_eq!(
            found.message,
            "shots `wide` and `close` share frames 40 to 48"
        );
        assert_eq!(found.origin, sample_origin(47));
        assert_eq!(found.related[0].0, sample_origin(37));
    }

    #[test]
    fn shots_that_all_count_from_one_number_do_not_overlap() {
        assert_no_findings(|production, _| {
            production.shots[0].frames = FrameList::from_bounds(1001, 1048);
            production.shots[1].frames = FrameList::from_bounds(1001, 1048);
        });
    }

    #[test]
    fn one_shot_of_four_may_begin_elsewhere() {
        let count_findings = |firsts: &[i32]| {
            let mut production = sample_production();
            let template = production.shots[0].clone();
            production.shots = firsts
                .iter()
                .map(|first| Shot {
                    frames: FrameList::from_bounds(*first, first + 47),
                    ..template.clone()
                })
                .collect();
            let mut findings = RuleFindings::for_rule(&RULE);
            report_frame_overlaps(&production, &ExternalFacts::default(), &mut findings);
            findings.into_diagnostics().as_slice().len()
        };
        assert_eq!(count_findings(&[1001, 1001, 1001, 1009]), 0);
        assert_eq!(count_findings(&[1001, 1001, 1049]), 1);
        assert_eq!(count_findings(&[1001, 1049, 1049]), 1);
    }

    #[test]
    fn interleaved_steps_share_nothing() {
        assert_no_findings(|production, _| {
            let odd_and_even = ["1-95x2", "2-96x2"].map(|range| FrameList::parse(range).unwrap());
            let [odd, even] = odd_and_even;
            production.shots[0].frames = odd;
            production.shots[1].frames = even;
        });
    }
}
