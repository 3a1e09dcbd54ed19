//! No picture and no film of footage is damaged or cut short.

use super::{RunWords, footage_shots};
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::FootageFacts;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::damaged",
    // An error: an import would fail in the middle of the run, or show black.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "no picture and no film of footage is cut short or damaged",
    explanation: "A file begins well and ends too soon, as after an interrupted copy or a \
        render that was stopped. Copy or render it again.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/cut.%02d.png}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_damaged,
};

fn report_damaged(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for (shot, footage) in footage_shots(production) {
        let path = footage.source.path.display();
        let name = &shot.name.value;
        let (message, label) = match &*footage.facts {
            FootageFacts::Film(film) => {
                let Some(why) = &film.cut_short else { continue };
                (
                    format!("film `{path}` of shot `{name}` is cut short"),
                    why.clone(),
                )
            }
            FootageFacts::Pictures(run) => {
                let Some((first, why)) = run.damaged.first() else {
                    continue;
                };
                let numbers = run.damaged.iter().map(|(number, _)| i64::from(*number));
                let message = if run.is_still {
                    format!("picture `{path}` of shot `{name}` is damaged")
                } else {
                    let words = RunWords::from_numbers(numbers);
                    format!("{words} of footage `{path}` of shot `{name}` cannot be read")
                };
                let file = run.files.get(first).map(|file| file.display().to_string());
                (message, format!("`{}` {why}", file.unwrap_or_default()))
            }
            FootageFacts::Unusable(_) => continue,
        };
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label(label);
        findings.push(finding.with_help("copy or render it again"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::rules::footage::sample::{change_run, set_pictures};
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn damaged_pictures_are_listed_by_number() {
        let found = only_finding(&RULE, |production, _| {
            set_pictures(production, 1..=48);
            change_run(production, |run| {
                for number in [3, 4, 5, 9] {
                    run.damaged.push((number, "ends in line 2 of 9".to_owned()));
                }
            });
        });
        assert_eq!(
            found.message,
            "pictures 3-5, 9 of footage `plates/sh010.%04d.exr` of shot `wide` cannot be read"
        );
        assert_eq!(found.label, "`plates/sh010.0003.exr` ends in line 2 of 9");
    }

    #[test]
    fn whole_pictures_pass() {
        assert_no_findings(|production, _| set_pictures(production, 1..=48));
    }
}
