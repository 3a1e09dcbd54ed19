//! Nobody says two things at once.

use super::{film_shots, shown_speaker};
use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Shot;
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
        shot follow each other. A line that goes on over a cut needs a longer shot, or a later line \
        behind the cut.",
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
    let mut lines: Vec<PlacedLine> = Vec::new();
    for (start, shot) in film_shots(production, sound, production.shots.iter()) {
        lines.extend(shot.lines.iter().map(|line| PlacedLine {
            start: start + line.start,
            shot,
            line,
        }));
    }
    lines.sort_by_key(|line| line.start);
    let mut longest: HashMap<&str, PlacedLine> = HashMap::new();
    for next in lines {
        let before = longest.insert(&next.line.speaker.value, next);
        let Some(before) = before.filter(|before| before.end() > next.start) else {
            continue;
        };
        let seconds = (before.end() - next.start) as f64 / f64::from(sound.sample_rate);
        let line = next.line;
        let message = format!(
            "{} begins this line {seconds:.1} s before the one before it ends",
            shown_speaker(line)
        );
        let finding = findings
            .finding_at(line.start_origin.unwrap_or(line.text.origin), message)
            .with_label("begins too early");
        let finding = finding.with_related(before.line.text.origin, "still spoken");
        findings.push(finding.with_help(overlap_help(&before, &next)));
        // The longer of the two is what a third line has to wait for.
        if before.end() > next.end() {
            longest.insert(&line.speaker.value, before);
        }
    }
}

/// A line at its place in the film.
#[derive(Clone, Copy)]
struct PlacedLine<'a> {
    /// Its first sample, counted from the start of the film.
    start: u64,
    shot: &'a Shot,
    line: &'a ShotLine,
}

impl PlacedLine<'_> {
    fn end(&self) -> u64 {
        self.start + self.line.length
    }
}

fn overlap_help(before: &PlacedLine<'_>, next: &PlacedLine<'_>) -> String {
    if std::ptr::eq(before.shot, next.shot) {
        return "let it begin later, or leave `at` out".to_owned();
    }
    // Within its shot it may be the first line already, so leaving `at` out would change nothing.
    format!(
        "give shot `{}` more frames, or let this line begin later in its shot with `at`",
        before.shot.name.value
    )
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
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

    #[test]
    fn a_line_that_goes_on_over_a_cut_needs_a_longer_shot() {
        let found = only_finding(&RULE, |production: &mut Production, _| {
            add_sample_line(production, 0, |line| line.length = 48_000 * 3);
            add_sample_line(production, 1, |_| {});
        });
        let help = found.help.unwrap_or_default();
        let shot = "wide";
        assert!(
            help.starts_with(&format!("give shot `{shot}` more frames")),
            "{help}"
        );
    }
}
