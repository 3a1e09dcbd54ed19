//! Every line is spoken by a character or by the narrator.

use super::{shown_speaker, spoken_lines};
use crate::base::Severity;
use crate::base::name_form::script_name_form;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::model::Production;
use crate::model::speaker_names::{bare_speaker_name, is_narrator};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unknown_speaker",
    // A warning: the words are spoken, only not in the voice that was meant.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every line is spoken by a character or the narrator",
    explanation: "A line names a speaker who is not under `characters` and does not speak in the \
        script. A scratch voice speaks it. Correct the name, add the character, or write \
        `NARRATOR` for a voice that belongs to nobody.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [{who: marra, text: It went out.}]
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: talks
    template: character_mcu
    character: mara
    location: pier
    lines: [{who: mara, text: It went out.}]
",
    check: report_unknown_speakers,
};

fn report_unknown_speakers(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let speakers = production.scenes.iter().flat_map(|scene| &scene.speakers);
    // Those of the script have a rule of their own.
    let scripted: HashSet<String> = speakers
        .map(|name| script_name_form(bare_speaker_name(&name.value)))
        .collect();
    let allowance = SearchAllowance::default();
    for (_, line) in spoken_lines(production) {
        let name = &line.speaker.value;
        let is_known = line.character.is_some()
            || is_narrator(name)
            || scripted.contains(&script_name_form(name));
        if is_known {
            continue;
        }
        let names = production.characters.iter();
        let names = names.map(|character| character.name.value.as_str());
        let near = allowance.search(|| did_you_mean(name, names));
        let help = near.unwrap_or_else(|| {
            "add the character, or write `NARRATOR` for a voice that belongs to nobody".to_owned()
        });
        let message = format!(
            "{} speaks here, but is not a character",
            shown_speaker(line)
        );
        let finding = findings.finding_at(line.speaker.origin, message);
        findings.push(finding.with_label("a scratch voice speaks").with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::validate::sample::{add_sample_line, assert_no_findings, only_finding};

    /// Lets somebody speak who is no character.
    fn let_stranger_speak(production: &mut Production, name: &str) {
        add_sample_line(production, 0, |line| {
            line.speaker.value = name.to_owned();
            line.character = None;
        });
    }

    #[test]
    fn a_misspelt_speaker_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            let_stranger_speak(production, "marra");
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `mara`?"));
    }

    #[test]
    fn a_narrator_is_nobody() {
        assert_no_findings(|production, _| let_stranger_speak(production, "narrator"));
    }
}
