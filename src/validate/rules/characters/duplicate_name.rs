//! A shot that names a character means one character.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_repeats;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::duplicate_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every character has a name of its own",
    explanation: "Shots name characters, and a name must mean one of them. Give the second character a name of \
        its own; two characters may share a model.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: mara, model: assets/ilya.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - {name: both, template: two_shot, characters: [mara, ilya], location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_repeats(
        "character",
        production
            .characters
            .iter()
            .map(|character| &character.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{character, only, origin};

    #[test]
    fn a_second_character_of_the_same_name_points_at_the_first() {
        let found = only(&RULE, |production, _| {
            production.characters.push(character("mara", 14));
            production.characters[2].script_name = "OTHER".to_owned();
        });
        assert_eq!(found.origin, origin(14));
        assert_eq!(found.related[0].0, origin(10));
    }
}
