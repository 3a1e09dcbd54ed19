//! Every character has a name that is not blank.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_blank_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::characters::empty_name",
    // An error: no shot can refer to a blank name, and no report can show it.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every character has a name that is not blank",
    explanation: "A character is called by its name, from shots, from the script and in every \
        report. A name needs at least one letter or digit.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: \"-\", model: assets/ilya.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check: report_empty_character_names,
};

fn report_empty_character_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blank_names(
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
    use crate::validate::sample::only_finding;

    #[test]
    fn a_blank_name_cannot_be_called() {
        let found = only_finding(&RULE, |production, _| {
            production.characters[0].name.value = " ".to_owned();
        });
        assert_eq!(found.message, "a character has an empty name");
    }
}
