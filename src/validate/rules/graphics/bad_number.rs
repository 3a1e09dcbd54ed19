//! Every number of a chart can be drawn.

use crate::base::{Severity, Spanned};
use crate::model::Production;
use crate::model::graphics::{GraphicKind, ScreenGraphic};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// The largest number that is drawn. A chart of larger ones has no digits that anybody reads.
const MOST: f64 = 1e15;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::bad_number",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every number of a chart can be drawn",
    explanation: "Numbers beyond a quadrillion have more digits than a picture. A pie shows parts of a \
        whole: none of them is negative, and not all are 0. Show negative values as bars.",
    wrong: "\
graphics:
  - kind: pie
    data: [{label: Won, value: 12}, {label: Lost, value: -3}]
",
    right: "\
graphics:
  - kind: bar
    data: [{label: Won, value: 12}, {label: Lost, value: -3}]
",
    check: report_bad_numbers,
};

fn report_bad_numbers(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in &production.graphics {
        for value in &graphic.values {
            if let Some((problem, help)) = number_problem(graphic.kind, value) {
                let message = format!("{problem} in a {}", graphic.kind.noun());
                let finding = findings.finding_at(value.origin, message);
                findings.push(finding.with_label("cannot be drawn").with_help(help));
            }
        }
        if is_empty_pie(graphic) {
            let message = "all parts of the pie chart are 0";
            let finding = findings.finding_at(graphic.origin, message);
            findings.push(finding.with_help("write a number above 0, or another kind"));
        }
    }
}

fn number_problem(kind: GraphicKind, value: &Spanned<f64>) -> Option<(String, &'static str)> {
    let number = value.value;
    if !number.is_finite() {
        return Some((
            "no number".to_owned(),
            "write a number, or leave the entry out",
        ));
    }
    if number.abs() > MOST {
        let help = "write it in a larger unit, such as millions, and name that in `unit`";
        return Some((format!("the number {number:e}"), help));
    }
    (kind == GraphicKind::Pie && number < 0.0).then(|| {
        (
            format!("the negative number {number}"),
            "a part is 0 or more; write `kind: bar`",
        )
    })
}

fn is_empty_pie(graphic: &ScreenGraphic) -> bool {
    graphic.kind == GraphicKind::Pie
        && !graphic.values.is_empty()
        && graphic.values.iter().all(|value| value.value == 0.0)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::graphics::GraphicKind;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::only_finding;

    #[test]
    fn numbers_without_a_length_are_reported() {
        let found = |kind, numbers: [f64; 2]| {
            only_finding(&RULE, |production, _| {
                let graphic = sample_graphic(production);
                graphic.kind = kind;
                graphic.values[0].value = numbers[0];
                graphic.values[1].value = numbers[1];
            })
            .message
        };
        assert_eq!(
            found(GraphicKind::Pie, [-3.0, 1.0]),
            "the negative number -3 in a pie chart"
        );
        assert_eq!(
            found(GraphicKind::Pie, [0.0, 0.0]),
            "all parts of the pie chart are 0"
        );
        assert_eq!(
            found(GraphicKind::Line, [1e16, 1.0]),
            "the number 1e16 in a line chart"
        );
    }

    #[test]
    fn a_value_that_is_no_number_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_graphic(production).values[0].value = f64::NAN;
        });
        assert_eq!(found.message, "no number in a bar chart");
    }
}
