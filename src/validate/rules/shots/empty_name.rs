//! Every shot has a name that is not blank.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_blank_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::empty_name",
    // An error: the name becomes part of job names and file names.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every shot has a name that is not blank",
    explanation: "A shot is called by its name, in logs, in reports and on the command line. A \
        name needs at least one letter or digit; a shot without the line is numbered.",
    wrong: "\
shots:
  - {name: \"--\", template: character_full, character: mara, location: pier}
",
    right: "\
shots:
  - {template: character_full, character: mara, location: pier}
",
    check: report_empty_shot_names,
};

fn report_empty_shot_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_blank_names(
        "shot",
        production.shots.iter().map(|shot| &shot.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_blank_shot_cannot_be_called() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].name.value = "--".to_owned();
        });
        assert_eq!(found.message, "a shot has an empty name");
    }
}
