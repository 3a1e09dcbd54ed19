//! Every character has its own name, so that a shot's reference is unambiguous.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_duplicate_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::duplicate_name",
    // An error: the second character could never be shown.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every character has a name of its own",
    explanation: "Shots name characters, and a name must mean one of them. Give the second \
        character a name of its own; two characters may share a model.",
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
    check: report_duplicate_character_names,
};

fn report_duplicate_character_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_duplicate_names(
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
    use crate::validate::sample::{only_finding, sample_character, sample_origin};

    #[test]
    fn a_second_character_of_the_same_name_points_at_the_first() {
        let found = only_finding(&RULE, |production, _| {
            production.characters.push(sample_character("mara", 14));
            production.characters[2].script_name = "OTHER".to_owned();
        });
        assert_eq!(found.origin, sample_origin(14));
        assert_eq!(found.related[0].0, sample_origin(10));
    }
}
