//! No graphic hides another.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::TimelineGraphic;
use crate::model::titles::TextPlace;
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::overlap",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no graphic hides another",
    explanation: "Two graphics are seen on the same frames in the same part of the picture, so \
        one covers the other. `centre` is the whole picture, `left` and `right`, `top` and \
        `bottom` are its halves, and the corners its quarters. Give each a part of its own, or \
        let one go before the other comes.",
    wrong: "\
graphics:
  - {kind: quote, text: We keep the light.}
  - {kind: list, points: [Oil, Wicks], place: right}
",
    right: "\
graphics:
  - {kind: quote, text: We keep the light., place: left}
  - {kind: list, points: [Oil, Wicks], place: right}
",
    check: report_overlaps,
};

fn report_overlaps(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    if production.graphics.len() < 2 {
        return;
    }
    let graphic_at = |place: &TimelineGraphic| production.graphics.get(place.graphic);
    let mut places = TimelineMaker::new(production).full_timeline().graphics;
    // Sorted, so that only neighbours in time are compared.
    places.sort_by_key(|place| place.start);
    for (index, place) in places.iter().enumerate() {
        let Some(graphic) = graphic_at(place) else {
            continue;
        };
        let later = places[index + 1..].iter();
        let meanwhile = later.take_while(|other| other.start < place.start + place.length);
        let mut hidden = meanwhile
            .filter_map(graphic_at)
            .filter(|other| share_part(graphic.block.place, other.block.place));
        let Some(other) = hidden.next() else {
            continue;
        };
        let message = format!(
            "the {} covers the {} on the same frames",
            other.kind.noun(),
            graphic.kind.noun()
        );
        let finding = findings
            .finding_at(other.origin, message)
            .with_label("in the same part of the picture");
        let help =
            "give each a `place` of its own, such as `left` and `right`, or a time of its own";
        findings.push(finding.with_help(help));
    }
}

/// Returns whether two parts of the picture have anything in common.
fn share_part(one: TextPlace, other: TextPlace) -> bool {
    // A half that is meant is 0 or 1; a half between is the whole.
    let meets = |one: f32, other: f32| one == 0.5 || other == 0.5 || one == other;
    meets(one.across(), other.across()) && meets(one.down(), other.down())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn halves_meet_quarters_of_their_side() {
        assert!(share_part(TextPlace::Centre, TextPlace::TopLeft));
        assert!(share_part(TextPlace::Left, TextPlace::TopLeft));
        assert!(!share_part(TextPlace::Left, TextPlace::Right));
        assert!(!share_part(TextPlace::TopLeft, TextPlace::BottomLeft));
    }

    #[test]
    fn a_graphic_over_another_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let mut other = sample_graphic(production).clone();
            other.start = 12;
            production.graphics.push(other);
        });
        assert_eq!(
            found.message,
            "the bar chart covers the bar chart on the same frames"
        );
    }

    #[test]
    fn a_graphic_that_goes_on_over_the_next_shot_may_be_covered_there() {
        let add = |production: &mut Production, until: usize| {
            let mut other = sample_graphic(production).clone();
            other.shot = 1;
            other.last_shot = 1;
            production.graphics[0].length = 60;
            production.graphics[0].last_shot = until;
            production.graphics.push(other);
        };
        only_finding(&RULE, |production, _| add(production, 1));
        assert_no_findings(|production, _| {
            add(production, 0);
            production.graphics[0].length = 48;
        });
    }
}
