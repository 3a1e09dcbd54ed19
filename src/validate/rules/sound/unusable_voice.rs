//! Every voice file of Piper can speak.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unusable_voice",
    // An error: piper would refuse to speak.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every voice file of Piper can speak",
    explanation: "A voice of Piper is two files: a model, such as `voices/joe.onnx`, and its \
        description beside it, `voices/joe.onnx.json`, with the sample rate and the sounds of the \
        language. One of them is missing, is something else or is cut short; the words beside the \
        caret say which. Copy both files again from where they came.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: assets/not_a_voice.onnx}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"It went out.\"]
",
    right: SPOKEN_LINE,
    check: report_unusable_voices,
};

fn report_unusable_voices(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let mut known = HashSet::new();
    for (_, line) in spoken_lines(production) {
        let file = line.piper_file();
        let Some(why) = file
            .as_ref()
            .and_then(|file| facts.unusable_voices.get(file))
        else {
            continue;
        };
        let origin = line.voice_origin.unwrap_or(line.text.origin);
        if !known.insert(origin) {
            continue;
        }
        let message = format!(
            "voice `{}`, in which {} speaks, cannot be used",
            line.voice.name,
            shown_speaker(line)
        );
        let finding = findings.finding_at(origin, message).with_label(why);
        findings.push(finding.with_help(
            "name a model of Piper (`.onnx`) with its description (`.onnx.json`) beside it, or an \
             installed voice such as `en_US-joe-medium`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::SpeechEngine;
    use crate::validate::sample::{add_sample_line, only_finding, sample_origin};
    use std::path::PathBuf;

    #[test]
    fn a_file_that_is_no_voice_is_reported_once_at_the_voice() {
        let found = only_finding(&RULE, |production, facts| {
            for shot in 0..2 {
                add_sample_line(production, shot, |line| {
                    line.voice.engine = SpeechEngine::Piper;
                    line.voice.name = "voices\\joe.onnx".to_owned();
                });
            }
            facts.unusable_voices.insert(
                PathBuf::from("voices/joe.onnx"),
                "it is no ONNX model".to_owned(),
            );
        });
        assert_eq!(found.origin, sample_origin(14));
        assert_eq!(found.label, "it is no ONNX model");
        assert_eq!(
            found.message,
            "voice `voices\\joe.onnx`, in which `mara` speaks, cannot be used"
        );
    }
}
