//! A character can be called by its name.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_blanks;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::characters::empty_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every character has a name that is not blank",
    explanation: "A character is called by its name, from shots, from the script and in every report. A name \
        needs at least one letter or digit.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: \"-\", model: assets/ilya.glb}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blanks(
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
    use crate::validate::sample::only;

    #[test]
    fn a_blank_name_cannot_be_called() {
        let found = only(&RULE, |production, _| {
            production.characters[0].name.value = " ".to_owned()
        });
        assert_eq!(found.message, "a character has an empty name");
    }
}
