//! Wherever a shot plays is one of the locations.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_unknown;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::shots::unknown_location",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every location that a shot names exists",
    explanation: "The shot names a location that is not under `locations`. Names are compared letter by \
        letter, capitals too.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: peir}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let names = production.locations.iter().map(|location| &location.name);
    let references = production
        .shots
        .iter()
        .filter_map(|shot| shot.location.as_ref());
    report_unknown(("location", "locations"), names, references, findings);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only, unknown};

    #[test]
    fn an_unknown_location_offers_the_nearest() {
        let found = only(&RULE, |production, _| {
            production.shots[0].location = Some(unknown("peir", 36))
        });
        assert_eq!(found.help.as_deref(), Some("did you mean `pier`?"));
    }
}
