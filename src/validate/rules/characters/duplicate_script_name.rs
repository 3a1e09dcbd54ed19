//! No two characters share a name in the script, so that every line of dialogue has one speaker.

use crate::base::Severity;
use crate::base::name_form::script_name_form;
use crate::model::Production;
use crate::model::production::Character;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::HashMap;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::duplicate_script_name",
    // A warning: the film can be made; the second character only never speaks.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no two characters answer to one name in the script",
    explanation: "Dialogue is given to the character that the script names, by its `script_name`, \
        or else by its name in capitals. When two answer to one name, the first gets every line \
        and the second is silent. Give one of them another `script_name`.",
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
    check: report_duplicate_script_names,
};

fn report_duplicate_script_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let characters = &production.characters;
    let mut earlier: HashMap<String, [Option<&Character>; 2]> = HashMap::new();
    for second in characters {
        let [first, other] = earlier
            .entry(script_name_form(&second.script_name))
            .or_default();
        let differs = |known: &Character| known.name.value != second.name.value;
        // Two characters with one name have a finding of their own. The first with another name
        // than the first is enough to find the earliest of another name than this one.
        let taken = first.filter(|first| differs(first)).or(*other);
        match *first {
            None => *first = Some(second),
            Some(known) if differs(known) && other.is_none() => *other = Some(second),
            Some(_) => {}
        }
        let Some(first) = taken else {
            continue;
        };
        let first_name = &first.name.value;
        let second_name = &second.name.value;
        let message = format!(
            "characters `{first_name}` and `{second_name}` are both `{}` in the script",
            second.script_name
        );
        let finding = findings
            .finding_at(second.name.origin, message)
            .with_label("never speaks")
            .with_related(first.name.origin, "gets every line");
        findings.push(finding.with_help(format!("give `{second_name}` another `script_name`")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_character, sample_origin};

    #[test]
    fn the_second_character_of_one_script_name_gets_no_dialogue() {
        let found = only_finding(&RULE, |production, _| {
            production.characters.push(sample_character("mara2", 14));
            production.characters[2].script_name = "MARA".to_owned();
            production.shots[0].cast[0].character.index = Some(2);
        });
        assert_eq!(found.origin, sample_origin(14));
    }
}
