//! Every character is in a shot or speaks.
//!
//! Silent if another finding explains it: no shots at all, a repeated or blank name, or a similar
//! unknown name.

use crate::base::Severity;
use crate::base::name_form::script_name_form;
use crate::model::Production;
use crate::model::speaker_names::{answers_to_any, bare_speaker_name};
use crate::model::sprites::SpriteSheet;
use crate::validate::name_checks::{unresolved_references, unused_names};
use crate::validate::shot_queries::cast_roles;
use crate::validate::speakers::{SpeakerIndex, distinct_speakers};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::unused",
    // A note: an unused entry costs nothing and changes nothing.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every character is in a shot, in its lines or in the script",
    explanation: "No shot shows the character, none has a line of it, and nobody in the script has its name. It costs \
        nothing, but it may be misspelt somewhere or forgotten.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: gull, model: assets/ilya.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_unused_characters,
};

fn report_unused_characters(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    // Without shots, `shots::none` is the one mistake. With the sound, lines were left out, and
    // who speaks in them is not known here.
    if production.shots.is_empty() || production.silence.is_some() {
        return;
    }
    let references = || cast_roles(production).map(|(_, role)| &role.character);
    let spoken_lines = production.shots.iter().flat_map(|shot| &shot.lines);
    let used: HashSet<usize> = references()
        .filter_map(|reference| reference.index)
        .chain(spoken_lines.filter_map(|line| line.character))
        .chain(production.sprites.iter().filter_map(SpriteSheet::character))
        .collect();
    let speakers = distinct_speakers(production);
    let voices = SpeakerIndex::from_production(production);
    let spoken = speakers
        .iter()
        .map(|speaker| script_name_form(bare_speaker_name(&speaker.value)));
    let spoken: HashSet<String> = spoken.collect();
    // An unknown speaker may be this character misspelt; then `uncast_speaker` reports the mistake.
    let uncast = speakers
        .iter()
        .filter(|speaker| voices.character_index(&speaker.value).is_none());
    let misspelt = unresolved_references(references()).map(|reference| &*reference.name.value);
    let misspelt: Vec<&str> = misspelt
        .chain(uncast.map(|speaker| bare_speaker_name(&speaker.value)))
        .collect();
    let names = production
        .characters
        .iter()
        .map(|character| &character.name);
    let is_used =
        |index| used.contains(&index) || answers_to_any(&production.characters[index], &spoken);
    for name in unused_names(names, is_used, &misspelt) {
        let message = format!("character `{}` is in no shot and says nothing", name.value);
        findings.push(
            findings
                .finding_at(name.origin, message)
                .with_label("unused"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_character, sample_line, sample_name, sample_role,
    };

    #[test]
    fn a_character_in_no_shot_and_no_dialogue_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.characters.push(sample_character("gull", 14));
        });
        assert_eq!(
            found.message,
            "character `gull` is in no shot and says nothing"
        );
    }

    #[test]
    fn a_voice_needs_no_shot() {
        assert_no_findings(|production, _| {
            production.characters.push(sample_character("radio", 14));
            production.scenes[0]
                .speakers
                .push(sample_name("RADIO (V.O.)", 95));
            production.shots[0].cast.push(sample_role(
                crate::model::production::EntryRef {
                    name: sample_name("radio", 38),
                    index: Some(2),
                },
                4.0,
            ));
        });
    }
    #[test]
    fn a_character_that_only_has_lines_is_used() {
        assert_no_findings(|production, _| {
            production.characters.push(sample_character("radio", 14));
            let mut line = sample_line("Two boats out.", 95);
            line.character = Some(2);
            production.shots[0].lines.push(line);
        });
    }
}
