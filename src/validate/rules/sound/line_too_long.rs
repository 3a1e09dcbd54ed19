//! Every line fits into its shot at the pace of its voice.

use super::{CutLine, counted_frames, cut_lines, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Shot;
use crate::model::sound::{
    DEFAULT_SAMPLE_RATE, MOST_HURRY, ShotLine, frames_holding, sample_at_frame,
};
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::line_too_long",
    // A warning: no word is lost. What would be cut off is an error of its own.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every line fits into its shot",
    explanation: "The length of the shot is written, and its words take longer. The pause before \
        the first word gives way, then the voices speak faster, at most 1.25 times. A line that is \
        still too long goes on over the cut into the next shot; no word is cut off. Give the shot \
        more frames or the character fewer words, or leave the length out: the shot then lasts as \
        long as its words. Lengths of lines that were never spoken are estimates.",
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
  - {name: quiet, template: establishing_wide, location: pier, duration: 8s}
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
  - {name: quiet, template: establishing_wide, location: pier, duration: 8s}
",
    check: report_long_lines,
};

fn report_long_lines(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let cut_lines = cut_lines(production);
    for (shot, line) in spoken_lines(production) {
        if line.excess_frames == 0 {
            continue;
        }
        let cut = cut_lines.iter().find(|cut| cut.line.name == line.name);
        // What is certainly cut off is an error, which draws the same place.
        if cut.is_some_and(CutLine::is_certain) {
            continue;
        }
        let about = if line.measured { "" } else { "about " };
        let message = format!(
            "shot `{}` is {about}{} too short for what {} says",
            shot.name.value,
            counted_frames(line.excess_frames),
            shown_speaker(line)
        );
        let finding = findings
            .finding_at(length_origin(shot), message)
            .with_label("ends before the words")
            .with_related(line.text.origin, "the words");
        let wanted = shot.frames.len() + line.excess_frames;
        let remedy = format!("give the shot {wanted} frames, or leave its length out");
        let outcome = match cut {
            Some(cut) => cut_outcome(cut),
            None => outcome_at_cut(production, shot, line),
        };
        findings.push(finding.with_help(format!("{outcome}; {remedy}")));
    }
}

/// Returns what becomes of a line that was never spoken and continues after the end of an output.
fn cut_outcome(cut: &CutLine<'_>) -> String {
    format!(
        "even {MOST_HURRY} times as fast, it goes on for about {} after the end of output `{}`, \
         and a run refuses to cut words off",
        counted_frames(cut.frames),
        cut.output.name.value
    )
}

/// Returns what becomes of a line within the film.
fn outcome_at_cut(production: &Production, shot: &Shot, line: &ShotLine) -> String {
    let rate = production.render.rate;
    let sample_rate = production
        .sound
        .as_ref()
        .map_or(DEFAULT_SAMPLE_RATE, |sound| sound.sample_rate);
    let room = sample_at_frame(shot.frames.len(), rate, sample_rate);
    let over = match line.measured {
        true => (line.start + line.length).saturating_sub(room),
        false => line.overrun,
    };
    let frames = counted_frames(frames_holding(over, rate, sample_rate));
    match (line.measured, over) {
        // Whether it really is too long shows when it is spoken.
        (false, 0) => {
            format!("once it is measured, it is spoken up to {MOST_HURRY} times as fast")
        }
        (false, _) => {
            format!("even {MOST_HURRY} times as fast, it goes on for about {frames} over the cut")
        }
        (true, 0) => format!("it is spoken {:.2} times as fast", line.hurry),
        (true, _) => format!(
            "it is spoken {:.2} times as fast, and goes on for {frames} over the cut",
            line.hurry
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{add_sample_line, only_finding, sample_output_sound};

    #[test]
    fn a_line_that_is_hurried_says_by_how_many_frames() {
        let found = only_finding(&RULE, |production, _| {
            add_sample_line(production, 0, |line| {
                line.excess_frames = 5;
                line.hurry = 1.15;
                line.measured = true;
            });
        });
        assert_eq!(
            found.message,
            "shot `wide` is 5 frames too short for what `mara` says"
        );
        assert_eq!(
            found.help.as_deref(),
            Some(
                "it is spoken 1.15 times as fast; give the shot 53 frames, or leave its length out"
            )
        );
    }

    #[test]
    fn a_line_that_goes_on_over_the_cut_says_for_how_long() {
        let found = only_finding(&RULE, |production, _| {
            add_sample_line(production, 0, |line| {
                line.excess_frames = 40;
                line.measured = true;
                line.hurry = 1.25;
                line.length = 48_000 * 5 / 2;
            });
        });
        let help = found.help.unwrap();
        assert!(
            help.contains("goes on for 12 frames over the cut"),
            "{help}"
        );
        assert!(!found.message.contains("about"), "{}", found.message);
    }

    #[test]
    fn an_estimate_says_that_it_is_one() {
        let found = only_finding(&RULE, |production, _| {
            add_sample_line(production, 0, |line| line.excess_frames = 40);
        });
        let message = found.message;
        assert!(message.contains("is about 40 frames"), "{message}");
        let help = found.help.unwrap();
        assert!(help.starts_with("once it is measured"), "{help}");
    }

    #[test]
    fn an_estimate_that_can_never_fit_says_where_it_goes_on() {
        let found = only_finding(&RULE, |production, _| {
            add_sample_line(production, 0, |line| {
                line.excess_frames = 40;
                line.overrun = 24_000;
            });
        });
        let help = found.help.unwrap();
        assert!(
            help.starts_with(
                "even 1.25 times as fast, it goes on for about 12 frames over the cut"
            ),
            "{help}"
        );
    }

    #[test]
    fn an_estimate_that_goes_on_after_the_film_says_that_a_run_refuses_it() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].sound = Some(sample_output_sound());
            add_sample_line(production, 1, |line| {
                line.excess_frames = 40;
                line.overrun = 24_000;
            });
        });
        let help = found.help.unwrap();
        assert!(
            help.contains("about 12 frames after the end of output `film`, and a run refuses"),
            "{help}"
        );
    }
}
