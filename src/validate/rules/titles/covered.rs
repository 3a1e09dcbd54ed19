//! No burn-in is drawn over a title or over captions.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::Output;
use crate::model::titles::TextPlace;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::covered",
    // A warning: a copy for review may be hard to read at some frames.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "burn-ins and titles have places of their own",
    explanation: "A burn-in is on every frame, over the titles and the captions of its output. At the \
        place of one of them, neither can be read. Names are at the lower left and captions at \
        the bottom if nothing says otherwise. Write `place` for the burn-in.",
    wrong: "\
titles:
  - {text: Mara Lind, style: lower_third}
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [shot]}
",
    right: "\
titles:
  - {text: Mara Lind, style: lower_third}
outputs:
  - {name: film, codec: h264, resolution: 1920x1080, frame_rate: 24, path: out/film.mp4, burn_in: [{field: shot, place: top_left}]}
",
    check: report_covered_texts,
};

/// Places that are offered for a burn-in, those at which titles seldom are first.
const FREE_PLACES: [(TextPlace, &str); 8] = [
    (TextPlace::TopLeft, "top_left"),
    (TextPlace::TopRight, "top_right"),
    (TextPlace::Top, "top"),
    (TextPlace::BottomRight, "bottom_right"),
    (TextPlace::Bottom, "bottom"),
    (TextPlace::BottomLeft, "bottom_left"),
    (TextPlace::Left, "left"),
    (TextPlace::Right, "right"),
];

/// A text that comes and goes, at its place.
struct TimedText {
    noun: String,
    place: TextPlace,
}

fn report_covered_texts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for output in production.distinct_outputs() {
        let texts = shown_texts(production, output);
        let marks = &output.marks.burn_in;
        for mark in marks {
            let Some(covered) = texts.iter().find(|text| text.place == mark.place) else {
                continue;
            };
            let is_free = |place: TextPlace| {
                marks.iter().all(|other| other.place != place)
                    && texts.iter().all(|text| text.place != place)
            };
            let free = FREE_PLACES.iter().find(|(place, _)| is_free(*place));
            let field = mark.field.value.name();
            let message = format!(
                "`{field}` is burned in at the place of {} in output `{}`",
                covered.noun, output.name.value
            );
            let finding = findings
                .finding_at(mark.field.origin, message)
                .with_label("drawn over it");
            let help = free.map(|(_, name)| format!("write `{{field: {field}, place: {name}}}`"));
            findings.push(finding.with_optional_help(help));
        }
    }
}

/// Returns the titles and captions of an output.
fn shown_texts(production: &Production, output: &Output) -> Vec<TimedText> {
    let mut texts = Vec::new();
    if output.captions.burned.is_some() {
        texts.push(TimedText {
            noun: "the captions".to_owned(),
            place: TextPlace::Bottom,
        });
    }
    if !output.has_titles() {
        return texts;
    }
    let shots: BTreeSet<usize> = output.shown_shots(production.shots.len()).collect();
    let titles = production.titles.titles.iter();
    let titles = titles.filter(|title| shots.contains(&title.shot));
    texts.extend(titles.map(|title| {
        let text = title.texts.first().map_or("", |text| text.value.trim());
        TimedText {
            noun: format!("the title `{text}`"),
            place: title.block.place,
        }
    }));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Spanned;
    use crate::model::titles::{BurnInField, BurnInMark};
    use crate::validate::sample::{sample_origin, sample_production};
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_burn_in_over_a_name_is_told_with_a_free_place() {
        let mut production = sample_production();
        sample_title(&mut production, "ab", "ab");
        production.titles.titles[0].block.place = TextPlace::BottomLeft;
        let mark = |field: BurnInField| BurnInMark {
            field: Spanned::new(field, sample_origin(66)),
            place: field.usual_place(),
        };
        production.outputs[0].marks.burn_in =
            vec![mark(BurnInField::Shot), mark(BurnInField::Title)];
        let mut findings = RuleFindings::for_rule(&RULE);
        report_covered_texts(&production, &ExternalFacts::default(), &mut findings);
        let found = findings.into_diagnostics();
        let [found] = found.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!(
            found.message,
            "`shot` is burned in at the place of the title `ab` in output `film`"
        );
        let help = found.help.as_deref();
        assert_eq!(help, Some("write `{field: shot, place: top_right}`"));
    }
}
