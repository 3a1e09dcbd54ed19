//! Nobody says two things at once.

use super::{film_shots, shown_speaker};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::ShotLine;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::overlapping_lines",
    // A warning: an echo or a memory may be meant.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "nobody says two lines at once",
    explanation: "Two lines of one speaker are heard at the same time: one begins, by its `at` or \
        after a cut, before the other has ended. Let it begin later, or leave `at` out: lines of a \
        shot follow each other.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [{text: Nine boats are out there.}, {text: One way in., at: 0.5s}]
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [Nine boats are out there., One way in.]
",
    check: report_overlaps,
};

fn report_overlaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let Some(sound) = &production.sound else {
        return;
    };
    let mut lines: Vec<(u64, &ShotLine)> = Vec::new();
    for (start, shot) in film_shots(production, sound, production.shots.iter()) {
        lines.extend(shot.lines.iter().map(|line| (start + line.start, line)));
    }
    lines.sort_by_key(|(start, _)| *start);
    let mut ends: HashMap<&str, (u64, &ShotLine)> = HashMap::new();
    for (start, line) in lines {
        let end = start + line.length;
        let before = ends.insert(&line.speaker.value, (end, line));
        let Some((before_end, before)) = before.filter(|(end, _)| *end > start) else {
            continue;
        };
        let seconds = (before_end - start) as f64 / f64::from(sound.sample_rate);
        let message = format!(
            "{} begins this line {seconds:.1} s before the one before it ends",
            shown_speaker(line)
        );
        let finding = findings
            .finding_at(line.start_origin.unwrap_or(line.text.origin), message)
            .with_label("begins too early");
        let finding = finding.with_related(before.text.origin, "still spoken");
        findings.push(finding.with_help("let it begin later, or leave `at` out"));
        // The longer of the two is what a third line has to wait for.
        if before_end > end {
            ends.insert(&line.speaker.value, (before_end, before));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        add_sample_line, assert_no_findings, only_finding, sample_origin,
    };

    #[test]
    fn a_line_that_begins_within_another_of_the_same_speaker_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            for start in [0, 24_000] {
                add_sample_line(production, 0, |line| {
                    line.start = start;
                    line.start_origin = (start > 0).then(|| sample_origin(60));
                });
            }
        });
        assert_eq!(found.origin, sample_origin(60));
        assert_eq!(
            found.message,
            "`mara` begins this line 0.5 s before the one before it ends"
        );
    }

    #[test]
    fn two_people_may_speak_at_once() {
        assert_no_findings(|production, _| {
            add_sample_line(production, 0, |_| {});
            add_sample_line(production, 0, |line| {
                line.speaker.value = "ilya".to_owned();
                line.character = Some(1);
            });
        });
    }
}
