//! A film has the rate of the production, and keeps it.

use super::footage_shots;
use crate::base::Severity;
use crate::model::Production;
use crate::model::footage::FootageFacts;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::footage::other_rate",
    // A warning: the film is shown at its own speed, and a few frames more or less are often meant.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "a film that a shot shows has the rate of the production",
    explanation: "The film has another number of pictures a second than the production, or \
        its rate changes. It plays at its own speed: each frame shows the picture of its instant, \
        so pictures are left out or shown twice. Set `frame_rate` of `render_settings`, or convert \
        the film.",
    wrong: "\
render_settings: {frame_rate: 24}
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/film_12.mov}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier}
  - {name: plate, frames: assets/plate.%02d.png}
",
    check: report_other_rate,
};

fn report_other_rate(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let rate = production.render.rate;
    for (shot, footage) in footage_shots(production) {
        let FootageFacts::Film(film) = &*footage.facts else {
            continue;
        };
        let path = footage.source.path.display();
        let name = &shot.name.value;
        let (message, label) = if !film.reading.is_steady {
            (
                format!("the rate of film `{path}` of shot `{name}` changes"),
                format!("about {:.2} pictures a second", film.rate.as_f64()),
            )
        } else if film.rate != rate {
            let effect = if film.rate.as_f64() > rate.as_f64() {
                "pictures are left out"
            } else {
                "pictures are shown twice"
            };
            (
                format!(
                    "film `{path}` of shot `{name}` has {} pictures a second, not {rate}",
                    film.rate
                ),
                effect.to_owned(),
            )
        } else {
            continue;
        };
        let finding = findings
            .finding_at(footage.source.origin, message)
            .with_label(label);
        findings.push(finding.with_help(
            "it plays at its own speed; set `frame_rate` under `render_settings`, or convert it",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameRate;
    use crate::validate::rules::footage::sample::set_film;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn a_film_of_another_rate_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            set_film(production, |film| film.rate = FrameRate::from_fps(25));
        });
        assert_eq!(
            found.message,
            "film `plates/sh010.%04d.exr` of shot `wide` has 25 pictures a second, not 24"
        );
        assert_eq!(found.label, "pictures are left out");
    }

    #[test]
    fn a_film_of_the_same_rate_passes() {
        assert_no_findings(|production, _| set_film(production, |_| ()));
    }
}
