//! A character is seen or heard. Silent where another message explains it: no shots at all, a repeated or blank name,
//! or an unknown name nearby.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::{is_blank, is_meant_by, is_repeat};
use crate::validate::script::{answers_to, bare, speakers};
use crate::validate::shots::{roles, unknown};
use crate::validate::{Facts, Findings, Rule};

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
    let speakers = speakers(production);
    for (at, character) in production.characters.iter().enumerate() {
        let name = &character.name.value;
        let seen = roles(production).any(|(_, role)| role.character.index == Some(at));
        let heard = speakers.iter().any(|speaker| answers_to(character, &speaker.value));
        let uncast = || {
            speakers.iter().filter(|speaker| {
                !production.characters.iter().any(|other| answers_to(other, &speaker.value))
            })
        };
        let uncast = || uncast().map(|speaker| bare(&speaker.value));
        let misspelt = || {
            unknown(roles(production).map(|(_, role)| &role.character))
                .map(|reference| reference.name.value.as_str())
        };
        let explained = || {
            production.shots.is_empty()
                || is_repeat(at, production.characters.iter().map(|other| &other.name), name)
        };
        if seen
            || heard
            || is_blank(&character.name)
            || character.name.hole
            || explained()
            || is_meant_by(name, misspelt().chain(uncast()))
        {
            continue;
        }
        let found =
            findings.at(character.name.origin, format!("character `{name}` is in no shot and says nothing"));
        findings.push(found.label("unused"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{character, name, nothing, only, role};

    #[test]
    fn a_character_neither_seen_nor_heard_is_noted() {
        let found = only(&RULE, |production, _| production.characters.push(character("gull", 14)));
        assert_eq!(found.message, "character `gull` is in no shot and says nothing");
    }

    #[test]
    fn a_voice_needs_no_shot() {
        nothing(|production, _| {
            production.characters.push(character("radio", 14));
            production.scenes[0].speakers.push(name("RADIO (V.O.)", 95));
            production.shots[0].cast.push(role(
                crate::model::production::Reference { name: name("radio", 38), index: Some(2) },
                4.0,
            ));
        });
    }
}
