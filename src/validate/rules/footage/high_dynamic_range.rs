//! A film is for an ordinary screen.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::high_dynamic_range",
    // A warning: the film is shown, only pale.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "a film that a shot shows is for an ordinary screen",
    explanation: "The film is tagged for a screen of high dynamic range (PQ or HLG). Its \
        values are taken as those of an ordinary screen, so it looks pale. Convert it to BT.709 \
        first.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/hlg.mov}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_high_dynamic_range,
};

fn report_high_dynamic_range(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for (shot, footage) in footage_shots(production) {
        if !footage.facts.film().is_some_and(|film| film.is_hdr) {
            continue;
        }
        let path = footage.source.path.display();
        let message = format!(
            "film `{path}` of shot `{}` is for a screen of high dynamic range",
            shot.name.value
        );
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label("looks pale here");
        findings.push(finding.with_help("convert it to BT.709 first"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::rules::footage::sample::set_film;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_film_of_high_dynamic_range_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            set_film(production, |film| film.is_hdr = true);
        });
        assert!(
            found
                .message
                .ends_with("is for a screen of high dynamic range")
        );
    }

    #[test]
    fn an_ordinary_film_passes() {
        assert_no_findings(|production, _| set_film(production, |_| ()));
    }
}
