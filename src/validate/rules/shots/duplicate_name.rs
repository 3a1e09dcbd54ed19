//! Every shot has its own name: its identity in the store, in logs and on the command line.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_duplicate_names;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::duplicate_name",
    // An error: two shots would write the same jobs.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every shot has a name of its own",
    explanation: "The name of a shot is its identity in the store, in logs and on the command \
        line. Give the second shot a name of its own, or leave it out and shots are numbered.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: wide, template: character_cu, character: mara, location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: close, template: character_cu, character: mara, location: pier}
",
    check: report_duplicate_shot_names,
};

fn report_duplicate_shot_names(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    report_duplicate_names(
        "shot",
        production.shots.iter().map(|shot| &shot.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_second_shot_of_the_same_name_points_at_the_first() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[1].name.value = "wide".to_owned();
        });
        assert_eq!(found.origin, sample_origin(40));
        assert_eq!(found.related[0].0, sample_origin(30));
    }
}
