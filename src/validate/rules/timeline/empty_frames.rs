//! A shot has a frame.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::shots::length_origin;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::timeline::empty_frames",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every shot has a frame",
    explanation: "A shot without frames cannot be in the film. Give it a duration of one frame or more.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 0}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for shot in production
        .shots
        .iter()
        .filter(|shot| shot.frames.is_empty())
    {
        if shot
            .duration
            .as_ref()
            .is_some_and(|duration| duration.is_placeholder)
        {
            continue;
        }
        let found = findings.at(
            length_origin(shot),
            format!("shot `{}` has no frames", shot.name.value),
        );
        findings.push(
            found
                .with_label("nothing to render")
                .with_help("give it a `duration:` of 1 or more, such as `96` or `4s`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::validate::sample::{only, origin};

    #[test]
    fn a_shot_of_no_frames_is_refused() {
        let found = only(&RULE, |production, _| {
            production.shots[1].frames = FrameList::default()
        });
        assert_eq!(found.origin, origin(47));
    }
}
