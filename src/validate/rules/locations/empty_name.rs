//! A location can be called by its name.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_blanks;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::locations::empty_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every location has a name that is not blank",
    explanation: "A location is called by its name, from shots and in every report. A name needs at least one \
        letter or digit.",
    wrong: "\
locations:
  - {name: pier, preset: harbour_dusk}
  - {name: \"?\", preset: harbour_night}
",
    right: "\
locations:
  - {name: pier, preset: harbour_dusk}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_blanks(
        "location",
        production.locations.iter().map(|location| &location.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_blank_location_cannot_be_called() {
        let found = only(&RULE, |production, _| {
            production.locations[0].name.value.clear()
        });
        assert_eq!(found.message, "a location has an empty name");
    }
}
