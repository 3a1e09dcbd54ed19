//! Every speaker has a voice of its own. Without one, a scratch voice speaks.

use super::{SPOKEN_LINE, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::SpeechEngine;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::scratch_voice",
    // A note: scratch voices are usual until a film is cast.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every speaker has a voice",
    explanation: "A character without a `voice` is spoken by a scratch voice. The name of the \
        character chooses it, so it stays the same; if two of a cast would have one variant, one \
        of them has the next that is free. Write it down as the character's `voice` to keep it \
        under another name or beside other speakers, or choose another voice.",
    wrong: "\
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [It went out.]
",
    right: SPOKEN_LINE,
    check: report_scratch_voices,
};

fn report_scratch_voices(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let mut known = HashSet::new();
    let unwritten = spoken_lines(production).filter(|(_, line)| {
        // A provider that the production names for all is a choice.
        let is_scratch = matches!(
            line.voice.engine,
            SpeechEngine::EspeakNg | SpeechEngine::Murmur
        );
        // Text that names no voice has a finding of its own.
        let is_chosen = line.voice_written
            || line.voice_origin.is_some()
            || line.voice.name.starts_with("murmur");
        is_scratch && !is_chosen
    });
    for (_, line) in unwritten {
        // Who is no character has findings of another rule, and no `voice` to write.
        let character = line.character.filter(|index| known.insert(*index));
        let Some(character) = character.and_then(|index| production.characters.get(index)) else {
            continue;
        };
        let origin = character.name.origin;
        let message = format!(
            "`{}` has no voice, and speaks with the scratch voice `{}`",
            character.name.value, line.voice.name
        );
        let finding = findings
            .finding_at(origin, message)
            .with_label("no `voice`");
        findings.push(finding.with_help(format!(
            "write `voice: {}` to keep it, or choose another",
            line.voice.name
        )));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        add_sample_line, assert_no_findings, only_finding, sample_origin,
    };

    #[test]
    fn a_speaker_without_a_voice_is_noted_once() {
        let found = only_finding(&RULE, |production, _| {
            for shot in 0..2 {
                add_sample_line(production, shot, |line| {
                    line.voice_written = false;
                    line.voice_origin = None;
                });
            }
        });
        assert_eq!(found.origin, sample_origin(10));
        assert!(
            found.message.starts_with("`mara` has no voice"),
            "{}",
            found.message
        );
    }

    #[test]
    fn text_in_place_of_a_voice_is_reported_where_it_is_read() {
        assert_no_findings(|production, _| {
            add_sample_line(production, 0, |line| line.voice_written = false);
        });
    }
}
