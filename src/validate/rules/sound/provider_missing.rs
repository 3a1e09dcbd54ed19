//! The programs that speak are installed. A warning only: the document may be run elsewhere.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::SpeechEngine;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::provider_missing",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every program that speaks is installed",
    explanation: "A voice names a provider whose program was not found on the search path. The \
        document is right, and its lines cannot be spoken here. Install the program. Piper is the \
        Python program of that name: `pip install piper-tts`.",
    wrong: "\
sound:
  providers:
    parrot: {command: [parrot-of-nobody, \"{text}\", \"{out}\"]}
characters:
  - {name: mara, model: assets/mara.glb, voice: {provider: parrot}}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [\"It went out.\"]
",
    right: SPOKEN_LINE,
    check: report_missing_providers,
};

fn report_missing_providers(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let mut known = HashSet::new();
    for (_, line) in spoken_lines(production) {
        let missing = match &line.voice.engine {
            SpeechEngine::Piper => (!facts.tools.piper).then_some("piper"),
            SpeechEngine::Command(command) => {
                let program = command.command.first().map(String::as_str);
                program.filter(|program| facts.missing_programs.contains(*program))
            }
            SpeechEngine::EspeakNg | SpeechEngine::Murmur => None,
        };
        let Some(program) = missing.filter(|program| known.insert(*program)) else {
            continue;
        };
        let message = format!(
            "`{program}` was not found, and {} needs it",
            shown_speaker(line)
        );
        let origin = line.voice_origin.unwrap_or(line.text.origin);
        let finding = findings
            .finding_at(origin, message)
            .with_label("speaks through a program that is not installed");
        let help = match program {
            "piper" => "install it with `pip install piper-tts`, and a voice for it".to_owned(),
            _ => format!("install `{program}`, or correct the `command` of the provider"),
        };
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::SpeechEngine;
    use crate::validate::sample::{only_finding, sample_line, sample_origin, sample_sound};

    #[test]
    fn a_voice_of_piper_without_piper_is_reported_at_the_voice() {
        let found = only_finding(&RULE, |production, facts| {
            facts.tools.piper = false;
            production.sound = Some(sample_sound());
            let mut line = sample_line("It went out.", 50);
            line.voice.engine = SpeechEngine::Piper;
            production.shots[0].lines = vec![line.clone(), line];
            production.shots[0].lines[1].start = 48_000;
        });
        assert_eq!(found.message, "`piper` was not found, and `mara` needs it");
        assert_eq!(found.origin, sample_origin(14));
    }
}
