//! Every line ends before the film does.

use super::{CutLine, counted_frames, cut_lines, shown_speaker};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::line_cut_off",
    // An error: a word is never cut off, and after the end of a film there is no shot to go on in.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every line ends before its film does",
    explanation: "A line that is longer than its shot goes on into the next one. This one goes on \
        after the last shot of an output, where its words would be cut off. Give the shot more \
        frames, leave its length out, or let a silent shot follow. A line that was never spoken is \
        refused only if it would be cut off however fast its engine is: an estimate may be wrong.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    duration: 1s
    lines: [\"Nine boats are out there, and there is only one way in.\"]
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"Nine boats are out there, and there is only one way in.\"]
",
    check: report_cut_lines,
};

fn report_cut_lines(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for cut in cut_lines(production)
        .into_iter()
        .filter(CutLine::is_certain)
    {
        let about = if cut.line.measured { "" } else { "about " };
        let message = format!(
            "what {} says goes on for {about}{} after the end of output `{}`",
            shown_speaker(cut.line),
            counted_frames(cut.frames),
            cut.output.name.value
        );
        let finding = findings
            .finding_at(length_origin(cut.shot), message)
            .with_label("the film ends before the words")
            .with_related(cut.line.text.origin, "the words");
        findings.push(finding.with_help(
            "give the shot more frames, leave its length out, or let a silent shot follow",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::validate::sample::{
        add_sample_line, assert_no_findings, only_finding, sample_output_sound,
    };

    /// Gives the film sound, with a measured line that is half a second longer than its shot.
    fn speak_over_the_end(production: &mut Production, shot: usize) {
        production.outputs[0].sound = Some(sample_output_sound());
        add_sample_line(production, shot, |line| {
            line.start = 48_000 * 3 / 2;
            line.excess_frames = 12;
            line.overrun = 24_000;
            line.measured = true;
        });
    }

    #[test]
    fn a_line_after_the_last_frame_is_an_error() {
        let found = only_finding(&RULE, |production, _| speak_over_the_end(production, 1));
        assert_eq!(
            found.message,
            "what `mara` says goes on for 12 frames after the end of output `film`"
        );
    }

    #[test]
    fn an_unspoken_line_is_refused_if_no_pace_would_do() {
        let speak = |production: &mut Production, seconds: u64| {
            production.outputs[0].sound = Some(sample_output_sound());
            add_sample_line(production, 1, |line| {
                line.excess_frames = 12;
                line.length = 48_000 * seconds;
                line.overrun = 48_000 * seconds;
                line.measured = false;
            });
        };
        let found = only_finding(&RULE, |production, _| speak(production, 20));
        assert!(
            found.message.contains("goes on for about"),
            "{}",
            found.message
        );
        let unsure = only_finding(&super::super::line_too_long::RULE, |production, _| {
            speak(production, 4);
        });
        assert!(unsure.message.contains("about"), "{}", unsure.message);
    }

    #[test]
    fn over_a_cut_it_may_go_on() {
        assert_no_findings(|production, _| {
            speak_over_the_end(production, 0);
            // That its shot is too short is another rule's.
            production.shots[0].lines[0].excess_frames = 0;
        });
    }
}
