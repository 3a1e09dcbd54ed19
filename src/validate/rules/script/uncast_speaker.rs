//! Every speaker of the script is a character. Without any characters, that is one mistake and not
//! one for each speaker.

use crate::base::Severity;
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::model::Production;
use crate::model::speaker_names::{bare_speaker_name, is_narrator};
use crate::validate::speakers::{SpeakerIndex, distinct_speakers};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::uncast_speaker",
    // A warning: the film can be made, only nobody speaks these words.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every speaker of the script is a character",
    explanation: "Someone speaks in the script who is not under `characters`, so the words belong \
        to nobody. Add the character, or give the one that is meant the name in the script as \
        `script_name`. A name in capitals on a line of its own, with text under it, is a speaker; \
        begin the line with `!` if it is not.",
    wrong: "\
# script.fountain
EXT. PIER - DUSK

MARA
Who is there?

STRANGER
Nobody.
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ferryman, script_name: STRANGER}

# script.fountain
EXT. PIER - DUSK

MARA
Who is there?

STRANGER (O.S.)
Nobody.
",
    check: report_uncast_speakers,
};

fn report_uncast_speakers(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let characters = &production.characters;
    let allowance = SearchAllowance::default();
    let voices = SpeakerIndex::from_production(production);
    for speaker in distinct_speakers(production) {
        let name = bare_speaker_name(&speaker.value);
        let is_known = voices.character_index(name).is_some();
        // With sound, a narrator needs no character; nor if the sound is only left out.
        let is_voice = production.asks_for_sound() && is_narrator(name);
        if speaker.is_placeholder || is_known || is_voice {
            continue;
        }
        let finding = findings.finding_at(
            speaker.origin,
            format!("`{name}` speaks in the script, but is not a character"),
        );
        // A spelling that differs is the usual cause, and one line mends it.
        let names = characters
            .iter()
            .map(|character| character.name.value.as_str());
        let near = allowance.search(|| nearest_match(name, names));
        // The suggested name is one that a document accepts without quotes.
        let id = name.to_lowercase().replace(' ', "_");
        let help = match near {
            Some(near) => {
                format!("did you mean `{near}`? if so, give that character `script_name: {name}`")
            }
            None => {
                format!(
                    "add `{id}` under `characters`, or `script_name: {name}` to the character that is meant"
                )
            }
        };
        findings.push(finding.with_label("not cast").with_help(help));
        if characters.is_empty() {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_name, sample_origin};

    #[test]
    fn an_uncast_speaker_is_reported_at_the_first_cue() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes[0]
                .speakers
                .push(sample_name("OLD SAILOR", 94));
        });
        assert_eq!(found.origin, sample_origin(94));
        assert_eq!(
            found.help.as_deref(),
            Some(
                "add `old_sailor` under `characters`, or `script_name: OLD SAILOR` to the character that is meant"
            )
        );
    }

    #[test]
    fn a_misspelt_speaker_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.scenes[0].speakers[0].value = "MARRA".to_owned();
        });
        assert_eq!(
            found.help.as_deref(),
            Some("did you mean `mara`? if so, give that character `script_name: MARRA`")
        );
    }
}
