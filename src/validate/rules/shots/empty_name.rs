//! A shot can be called by its name.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_blanks;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::empty_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every shot has a name that is not blank",
    explanation: "A shot is called by its name, in logs, in reports and on the command line. A name needs at \
        least one letter or digit; a shot without the line is numbered.",
    wrong: "\
shots:
  - {name: \"--\", template: character_full, character: mara, location: pier}
",
    right: "\
shots:
  - {template: character_full, character: mara, location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blanks(
        "shot",
        production.shots.iter().map(|shot| &shot.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_blank_shot_cannot_be_called() {
        let found = only(&RULE, |production, _| {
            production.shots[0].name.value = "--".to_owned()
        });
        assert_eq!(found.message, "a shot has an empty name");
    }
}
