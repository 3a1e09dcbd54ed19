//! A line of the script belongs to one character.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::duplicate_script_name",
    severity: Severity::Warning,
    needs_whole: false,
    summary: "no two characters answer to one name in the script",
    explanation: "Dialogue is given to the character that the script names, by its `script_name`, or else by \
        its name in capitals. When two answer to one name, the first gets every line and the second \
        is silent. Give one of them another `script_name`.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: old_mara, script_name: MARA, model: assets/ilya.glb}
shots:
  - {name: both, template: two_shot, characters: [mara, old_mara], location: pier}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: old_mara, script_name: OLD MARA, model: assets/ilya.glb}
shots:
  - {name: both, template: two_shot, characters: [mara, old_mara], location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let characters = &production.characters;
    for (at, second) in characters.iter().enumerate() {
        let same = |first: &&crate::model::production::Character| {
            first.script_name.eq_ignore_ascii_case(&second.script_name)
                && first.name.value != second.name.value
        };
        let Some(first) = characters[..at].iter().find(same) else {
            continue;
        };
        let (one, other) = (&first.name.value, &second.name.value);
        let message = format!(
            "characters `{one}` and `{other}` are both `{}` in the script",
            second.script_name
        );
        let found = findings
            .at(second.name.origin, message)
            .with_label("never speaks")
            .with_related(first.name.origin, "gets every line");
        findings.push(found.with_help(format!("give `{other}` another `script_name`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{character, only, origin};

    #[test]
    fn the_second_of_two_namesakes_never_speaks() {
        let found = only(&RULE, |production, _| {
            production.characters.push(character("mara2", 14));
            production.characters[2].script_name = "MARA".to_owned();
            production.shots[0].cast[0].character.index = Some(2);
        });
        assert_eq!(found.origin, origin(14));
    }
}
