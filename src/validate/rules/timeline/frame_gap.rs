//! Frames follow each other. Productions with handles leave gaps on purpose, so this is only a note.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shots::{bounds, length_origin, numbered};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::timeline::frame_gap",
    severity: Severity::Info,
    needs_whole: true,
    summary: "no frames between two shots belong to neither",
    explanation: "The frame ranges of two shots leave frames between them that belong to neither. Productions \
        with handles do this on purpose; otherwise a shot may be missing. Without `frame_range`, \
        shots follow each other.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let mut shots: Vec<_> = numbered(production)
        .filter_map(|shot| bounds(shot).map(|bounds| (bounds, shot)))
        .collect();
    shots.sort_by_key(|((first, _), _)| *first);
    let Some((_, mut reach)) = shots.first().map(|(bounds, _)| *bounds) else {
        return;
    };
    for ((first, last), shot) in shots {
        if i64::from(first) > i64::from(reach) + 1 {
            let message = format!(
                "frames {} to {} before shot `{}` belong to no shot",
                reach + 1,
                first - 1,
                shot.name.value
            );
            findings.push(
                findings
                    .at(length_origin(shot), message)
                    .with_label("a gap lies before this"),
            );
        }
        reach = reach.max(last);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::only;

    #[test]
    fn a_gap_names_its_frames() {
        let found = only(&RULE, |production, _| {
            production.shots[1].frames = FrameList::from_bounds(61, 96)
        });
        assert_eq!(
            found.message,
            "frames 49 to 60 before shot `close` belong to no shot"
        );
    }
}
