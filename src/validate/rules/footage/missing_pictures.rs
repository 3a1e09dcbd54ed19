//! Footage has a picture for every frame of its shot.

use super::{RunWords, footage_shots};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::missing_pictures",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "footage has a picture for every frame of its shot",
    explanation: "Numbers are missing in the run of pictures, or the shot is longer than \
        its footage. Render or copy what is missing, or shorten the shot with `frame_range` or \
        `duration`.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/gap.%02d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_missing_pictures,
};

fn report_missing_pictures(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for (shot, footage) in footage_shots(production) {
        let missing = footage.missing_pictures();
        let (Some(last), Some(first)) = (missing.last(), missing.first()) else {
            continue;
        };
        let path = footage.source.path.display();
        let name = &shot.name.value;
        let is_film = footage.facts.film().is_some();
        let (lowest, count) = footage.facts.own_length().unwrap_or_default();
        let highest = lowest + i64::try_from(count).unwrap_or(i64::MAX) - 1;
        let shown = if is_film { 1 } else { 0 };
        let words = RunWords::from_numbers(missing.iter().map(|number| number + shown));
        let message = if *first > highest || *last < lowest {
            format!("shot `{name}` is longer than its footage `{path}`: it shows {words}")
        } else {
            let verb = if missing.len() == 1 { "is" } else { "are" };
            format!("{words} of footage `{path}` of shot `{name}` {verb} not there")
        };
        let there = if is_film {
            format!("the film has {count} pictures")
        } else {
            format!("there are pictures from {lowest} to {highest}")
        };
        let origin = shot.range_origin.unwrap_or(footage.source.origin);
        let finding = findings.finding_at(origin, message).with_label(there);
        findings.push(finding.with_help(if *first > highest || *last < lowest {
            "shorten the shot, or write the first picture as `frames: {path: ..., start: ...}`"
        } else {
            "render or copy them, or leave them out with `frame_range`"
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::rules::footage::sample::{change_run, set_pictures};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn gaps_are_listed() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=48);
            change_run(production, |run| {
                for number in [7, 20, 21] {
                    run.files.remove(&number);
                }
            });
        });
        assert_eq!(
            found.message,
            "pictures 7, 20-21 of footage `plates/sh010.%04d.exr` of shot `wide` are not there"
        );
    }

    #[test]
    fn a_shot_that_is_longer_than_its_footage_is_another_mistake() {
        let found = only_finding(&RULE, |production, _| set_pictures(production, 1..=40));
        assert!(
            found.message.contains("is longer than its footage"),
            "{}",
            found.message
        );
        assert_eq!(found.label, "there are pictures from 1 to 40");
    }

    #[test]
    fn a_whole_run_passes() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
