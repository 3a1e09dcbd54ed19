//! A character is seen or heard. Silent where another message explains it: no shots at all, a repeated or blank name,
//! or an unknown name nearby.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Character;
use crate::validate::names::{unknown, unused};
use crate::validate::script::{Voices, answers_to, bare, speakers};
use crate::validate::shots::roles;
use crate::validate::{Facts, Findings, Rule};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    code: "production::characters::unused",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every character is in a shot or in the script",
    explanation: "No shot shows the character and nobody speaks by its name. It costs nothing, but it may be \
        misspelt somewhere or forgotten.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: gull, model: assets/ilya.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    if production.shots.is_empty() {
        return;
    }
    let references = || roles(production).map(|(_, role)| &role.character);
    let seen: HashSet<usize> = references()
        .filter_map(|reference| reference.index)
        .collect();
    let (speakers, voices) = (speakers(production), Voices::of(production));
    let is_heard = |character: &Character| {
        speakers
            .iter()
            .any(|speaker| answers_to(character, &speaker.value))
    };
    let uncast = speakers
        .iter()
        .filter(|speaker| voices.of_speaker(&speaker.value).is_none());
    let misspelt = unknown(references()).map(|reference| &*reference.name.value);
    let misspelt: Vec<&str> = misspelt
        .chain(uncast.map(|speaker| bare(&speaker.value)))
        .collect();
    let names = production
        .characters
        .iter()
        .map(|character| &character.name);
    let is_used = |at| seen.contains(&at) || is_heard(&production.characters[at]);
    for name in unused(names, is_used, &misspelt) {
        let message = format!("character `{}` is in no shot and says nothing", name.value);
        findings.push(findings.at(name.origin, message).with_label("unused"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{character, name, nothing, only, role};

    #[test]
    fn a_character_neither_seen_nor_heard_is_noted() {
        let found = only(&RULE, |production, _| {
            production.characters.push(character("gull", 14))
        });
        assert_eq!(
            found.message,
            "character `gull` is in no shot and says nothing"
        );
    }

    #[test]
    fn a_voice_needs_no_shot() {
        nothing(|production, _| {
            production.characters.push(character("radio", 14));
            production.scenes[0].speakers.push(name("RADIO (V.O.)", 95));
            production.shots[0].cast.push(role(
                crate::model::production::EntryRef {
                    name: name("radio", 38),
                    index: Some(2),
                },
                4.0,
            ));
        });
    }
}
