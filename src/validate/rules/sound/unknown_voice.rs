//! Every chosen voice is one that its provider has.

use super::{SPOKEN_LINE, shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::model::sound::SpeechEngine;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unknown_voice",
    // An error: the provider would refuse to speak.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every voice is one that its provider has",
    explanation: "`espeak-ng` was asked for its voices, and this is none of them. A voice of it is \
        a language of `espeak-ng --voices`, with a variant of `espeak-ng --voices=variant` behind \
        `+` or without one. Voices of other providers are not checked: they say what they have \
        only when they speak.",
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
    let Some(voices) = &facts.espeak_voices else {
        return;
    };
    let mut known = HashSet::new();
    let allowance = SearchAllowance::default();
    for (_, line) in spoken_lines(production) {
        let voice = &line.voice;
        let origin = line
            .voice_origin
            .filter(|_| voice.engine == SpeechEngine::EspeakNg);
        let Some(origin) = origin.filter(|origin| known.insert(*origin)) else {
            continue;
        };
        let parts = voice.name.split('+').map(str::to_lowercase);
        // `en` is a family, which `espeak-ng` speaks in its usual way.
        let is_missing = |part: &String| !voices.contains(part) && part != "en";
        let Some(missing) = parts.into_iter().find(is_missing) else {
            continue;
        };
        let message = format!(
            "`espeak-ng` has no voice `{}`, in which {} speaks",
            voice.name,
            shown_speaker(line)
        );
        let near = allowance.search(|| did_you_mean(&missing, voices.iter().map(String::as_str)));
        let help = near.unwrap_or_else(|| {
            "`espeak-ng --voices` and `espeak-ng --voices=variant` list what it has".to_owned()
        });
        let finding = findings.finding_at(origin, message);
        findings.push(
            finding
                .with_label(format!("no `{missing}`"))
                .with_help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_line, sample_origin, sample_sound,
    };
    use std::collections::BTreeSet;

    fn voices() -> Option<BTreeSet<String>> {
        Some(["en-us", "f3", "mr serious"].map(str::to_owned).into())
    }

    #[test]
    fn a_variant_that_is_missing_is_reported_at_the_voice() {
        let found = only_finding(&RULE, |production, facts| {
            production.sound = Some(sample_sound());
            let mut line = sample_line("It went out.", 50);
            line.voice.name = "en-us+f33".to_owned();
            production.shots[0].lines = vec![line];
            facts.espeak_voices = voices();
        });
        assert_eq!(found.origin, sample_origin(14));
        assert_eq!(found.label, "no `f33`");
        assert_eq!(found.help.as_deref(), Some("did you mean `f3`?"));
    }

    #[test]
    fn nothing_is_known_of_a_provider_that_was_not_asked() {
        assert_no_findings(|production, facts| {
            production.sound = Some(sample_sound());
            let mut line = sample_line("It went out.", 50);
            line.voice.name = "xx+nobody".to_owned();
            production.shots[0].lines = vec![line];
            facts.espeak_voices = None;
        });
        assert_no_findings(|production, facts| {
            production.sound = Some(sample_sound());
            let mut line = sample_line("It went out.", 50);
            line.voice.name = "en+Mr serious".to_owned();
            production.shots[0].lines = vec![line];
            facts.espeak_voices = voices();
        });
    }
}
