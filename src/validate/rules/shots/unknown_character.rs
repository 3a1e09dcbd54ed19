//! Every character that a shot names exists.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::name_checks::report_unknown_names;
use crate::validate::shot_queries::cast_roles;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::shots::unknown_character",
    // An error: the shot would be rendered without the performer.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every character that a shot names exists",
    explanation: "The shot names a character that is not under `characters`. Names are compared \
        letter by letter, capitals too.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: Mara, location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check: report_unknown_characters,
};

fn report_unknown_characters(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let names = production
        .characters
        .iter()
        .map(|character| &character.name);
    let references = cast_roles(production).map(|(_, role)| &role.character);
    report_unknown_names("character", "characters", names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_origin, unresolved_reference,
    };

    #[test]
    fn an_unknown_character_offers_the_nearest() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].cast[0].character = unresolved_reference("marra", 33);
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `mara`?"));
        assert_eq!(found.origin, sample_origin(33));
    }

    #[test]
    fn a_name_already_reported_is_skipped() {
        assert_no_findings(|production, _| {
            let mut hole = unresolved_reference("marra", 33);
            hole.name.is_placeholder = true;
            production.shots[0].cast[0].character = hole;
        });
    }
}
