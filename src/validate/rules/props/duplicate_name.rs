//! A shot that names a prop means one prop.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::names::report_repeats;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::props::duplicate_name",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every prop has a name of its own",
    explanation: "Shots name props, and a name must mean one of them. Give the second prop a name of its own.",
    wrong: "\
props:
  - {name: lantern, model: assets/lantern.glb}
  - {name: lantern, model: assets/mara.glb}
shots:
  - {name: detail, template: insert, props: [lantern], location: pier}
  - {name: wide, template: character_full, character: mara, location: pier}
",
    right: "\
props:
  - {name: lantern, model: assets/lantern.glb}
shots:
  - {name: detail, template: insert, props: [lantern], location: pier}
  - {name: wide, template: character_full, character: mara, location: pier}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    report_repeats(
        "prop",
        production.props.iter().map(|prop| &prop.name),
        findings,
    );
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::production::Prop;
    use crate::validate::sample::{name, only, origin};

    #[test]
    fn a_second_prop_of_the_same_name_points_at_the_first() {
        let found = only(&RULE, |production, _| {
            production.props.push(Prop {
                name: name("lantern", 28),
                model: None,
            });
        });
        assert_eq!(found.origin, origin(28));
    }
}
