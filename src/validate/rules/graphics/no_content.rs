//! Every graphic has something to show.

use crate::base::Severity;
use crate::model::Production;
use crate::model::graphics::{GraphicContent, ScreenGraphic};
use crate::model::titles::is_seen;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::no_content",
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every graphic has something to show",
    explanation: "A chart is drawn from its data alone, and nothing is invented: without `data` there \
        is no chart. A table needs `rows`, a list `points`, a quote and code `text`.",
    wrong: "\
graphics:
  - {kind: bar, title: Losses by winter}
",
    right: "\
graphics:
  - kind: bar
    title: Losses by winter
    data: [{label: \"2007\", value: 32}, {label: \"2012\", value: 22}]
",
    check: report_empty_graphics,
};

fn report_empty_graphics(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in production
        .graphics
        .iter()
        .filter(|graphic| is_empty(graphic))
    {
        let field = graphic.kind.content_field();
        let message = format!("the {} has no {field} to show", graphic.kind.noun());
        let finding = findings.finding_at(graphic.origin, message);
        findings.push(finding.with_help(format!("add `{field}`, or remove the graphic")));
    }
}

fn is_empty(graphic: &ScreenGraphic) -> bool {
    match &graphic.block.content {
        GraphicContent::Bars(values)
        | GraphicContent::Line(values)
        | GraphicContent::Pie(values)
        | GraphicContent::Numbers(values) => values.is_empty(),
        GraphicContent::Table { rows, .. } => rows.iter().flatten().all(|cell| !is_seen(cell)),
        GraphicContent::List(points) => points.iter().all(|point| !is_seen(&point.text)),
        GraphicContent::Quote { text, .. } => !is_seen(text),
        GraphicContent::Code(lines) => lines.iter().all(|line| !is_seen(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::graphics::GraphicContent;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_chart_without_data_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            sample_graphic(production).block.content = GraphicContent::Bars(Vec::new());
        });
        assert_eq!(found.message, "the bar chart has no data to show");
    }
}
