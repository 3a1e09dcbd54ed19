//! Whoever a shot names is one of the characters.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_unknown;
use crate::validate::shots::roles;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::unknown_character",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every character that a shot names exists",
    explanation: "The shot names a character that is not under `characters`. Names are compared letter by \
        letter, capitals too.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: Mara, location: pier}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let names = production
        .characters
        .iter()
        .map(|character| &character.name);
    let references = roles(production).map(|(_, role)| &role.character);
    report_unknown(("character", "characters"), names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{nothing, only, origin, unknown};

    #[test]
    fn an_unknown_character_offers_the_nearest() {
        let found = only(&RULE, |production, _| {
            production.shots[0].cast[0].character = unknown("marra", 33)
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `mara`?"));
        assert_eq!(found.origin, origin(33));
    }

    #[test]
    fn a_name_already_reported_is_skipped() {
        nothing(|production, _| {
            let mut hole = unknown("marra", 33);
            hole.name.is_placeholder = true;
            production.shots[0].cast[0].character = hole;
        });
    }
}
