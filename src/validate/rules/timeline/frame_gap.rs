//! No frames between two shots belong to neither. Productions with handles leave gaps on purpose,
//! so this is only a note.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shot_queries::{frame_bounds, length_origin, numbered_shots};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::timeline::frame_gap",
    // A note: with handles, every shot has a gap before it.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "no frames between two shots belong to neither",
    explanation: "The frame ranges of two shots leave frames between them that belong to neither. \
        Productions with handles do this on purpose; otherwise a shot may be missing. Without \
        `frame_range`, shots follow each other.",
    wrong: "\
shots:
  - {name: one, template: character_full, character: mara, location: pier, frame_range: 1-48}
  - {name: two, template: character_cu, character: mara, location: pier, frame_range: 61-96}
",
    right: "\
shots:
  - {name: one, template: character_full, character: mara, location: pier, frame_range: 1-48}
  - {name: two, template: character_cu, character: mara, location: pier, frame_range: 49-96}
",
    check: report_frame_gaps,
};

fn report_frame_gaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let mut shots: Vec<_> = numbered_shots(production)
        .filter_map(|shot| frame_bounds(shot).map(|bounds| (bounds, shot)))
        .collect();
    shots.sort_by_key(|((first, _), _)| *first);
    let Some((_, mut reach)) = shots.first().map(|(bounds, _)| *bounds) else {
        return;
    };
    for ((first, last), shot) in shots {
        // Frame numbers may be near the limits of i32, where an addition would overflow.
        if i64::from(first) > i64::from(reach) + 1 {
            let message = format!(
                "frames {} to {} before shot `{}` belong to no shot",
                reach + 1,
                first - 1,
                shot.name.value
            );
            findings.push(
                findings
                    .finding_at(length_origin(shot), message)
                    .with_label("there is a gap before this"),
            );
        }
        // The farthest frame so far, since a short shot may be inside the range of a long one.
        reach = reach.max(last);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_gap_names_its_frames() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].frames = FrameList::from_bounds(61, 96);
        });
        assert_eq!(
            found.message,
            "frames 49 to 60 before shot `close` belong to no shot"
        );
    }
}
