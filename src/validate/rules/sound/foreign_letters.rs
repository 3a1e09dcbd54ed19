//! Every line is in letters that its voice can read.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::{
    ShotLine, SpeechEngine, WritingSystem, espeak_language, may_be_piper_voice,
};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::foreign_letters",
    // A warning: a line of a film may be gibberish on purpose.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every line is in letters that its voice can read",
    explanation: "Most letters of the line are of a writing system in which the language of its voice \
        is not written. The engine reads such letters by their names, one by one, or leaves them \
        out, so nobody understands the line, and its shot is far too long or too short. Write the \
        `language` of the production under `sound`, or give the character a voice of the language.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"ランプが消えた。\"]
",
    right: SPOKEN_LINE,
    check: report_foreign_letters,
};

fn report_foreign_letters(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let mut known = HashSet::new();
    for (_, line) in spoken_lines(production) {
        let Some(language) = spoken_language(line) else {
            continue;
        };
        let system = WritingSystem::from_text(&line.text.value);
        let Some(system) = system.filter(|system| !system.writes(&language)) else {
            continue;
        };
        // One finding for a voice: the other lines have the same cause.
        if !known.insert((&line.voice.name, &line.speaker.value, system.name)) {
            continue;
        }
        let message = format!(
            "the voice of {} speaks `{language}` and cannot read {} letters",
            shown_speaker(line),
            system.name
        );
        let finding = findings
            .finding_at(line.text.origin, message)
            .with_label("is read letter by letter, or not at all");
        findings.push(finding.with_help(language_help(line, system)));
    }
}

fn language_help(line: &ShotLine, system: WritingSystem) -> String {
    let language = system.usual_language();
    match espeak_language(language) {
        // A written voice has its own language, also in a production of another.
        Some(voice) if line.voice_written => {
            format!("give the character a voice of the language, such as `{voice}`")
        }
        Some(_) => format!(
            "write `language: {language}` under `sound`, or give the character a `voice` of the \
             language"
        ),
        None => "give the character a `voice` of a provider that speaks the language".to_owned(),
    }
}

/// Returns the language that the voice of a line speaks. `None`: its name does not say.
fn spoken_language(line: &ShotLine) -> Option<String> {
    let name = line.voice.name.as_str();
    let own = match line.voice.engine {
        SpeechEngine::EspeakNg => name.split('+').next().unwrap_or_default(),
        // One that stands in for `espeak-ng` keeps the name of the voice that the document means.
        SpeechEngine::Murmur if !name.starts_with("murmur") => {
            name.split('+').next().unwrap_or_default()
        }
        SpeechEngine::Piper if may_be_piper_voice(name) => name.split('-').next()?,
        // A murmur of its own has no words, and what a file or a program speaks is not known.
        SpeechEngine::Piper | SpeechEngine::Murmur | SpeechEngine::Command(_) => return None,
    };
    Some(own.to_owned())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::{ShotLine, SpeechEngine};
    use crate::validate::sample::{add_sample_line, assert_no_findings, only_finding};

    fn set_words(line: &mut ShotLine, voice: &str, text: &str) {
        line.voice.name = voice.to_owned();
        line.text.value = text.to_owned();
    }

    #[test]
    fn letters_that_the_voice_cannot_read_are_reported_once() {
        let found = only_finding(&RULE, |production, _| {
            for shot in 0..2 {
                add_sample_line(production, shot, |line| {
                    set_words(line, "en-gb+f3", "ランプが消えた。");
                });
            }
        });
        assert_eq!(
            found.message,
            "the voice of `mara` speaks `en-gb` and cannot read Japanese letters"
        );
        let help = found.help.unwrap();
        assert!(help.ends_with("such as `ja`"), "{help}");
        let piper = only_finding(&RULE, |production, _| {
            add_sample_line(production, 0, |line| {
                line.voice.engine = SpeechEngine::Piper;
                set_words(line, "en_US-joe-medium", "Лампа погасла.");
                line.voice_written = false;
            });
        });
        let help = piper.help.unwrap();
        assert!(help.starts_with("write `language: ru`"), "{help}");
    }

    #[test]
    fn a_voice_of_the_language_and_one_that_is_not_known_are_no_mistake() {
        for (engine, voice, text) in [
            (SpeechEngine::EspeakNg, "ja", "ランプが消えた。"),
            (SpeechEngine::EspeakNg, "ru+f2", "It went out."),
            (
                SpeechEngine::EspeakNg,
                "en-gb",
                "Привет, said the man, and left.",
            ),
            (SpeechEngine::Murmur, "murmur+f1", "ランプが消えた。"),
            (SpeechEngine::Piper, "voices/ja.onnx", "ランプが消えた。"),
        ] {
            assert_no_findings(|production, _| {
                add_sample_line(production, 0, |line| {
                    line.voice.engine = engine;
                    set_words(line, voice, text);
                });
            });
        }
    }
}
