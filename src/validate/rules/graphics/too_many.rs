//! No graphic has more parts than are read.

use crate::base::Severity;
use crate::model::Production;
use crate::model::graphics::PartCount;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::too_many",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "no graphic has more parts than are read in a film",
    explanation: "Nobody turns a film back to read a chart. Up to 12 bars, 60 values of a line, 7 \
        slices, 4 numbers, 7 points, 8 rows of 5 columns and 16 lines of code are read while they \
        are seen. Divide it over two shots, or join the small parts.",
    wrong: "\
graphics:
  - kind: pie
    data:
      - {label: Mon, value: 3}
      - {label: Tue, value: 4}
      - {label: Wed, value: 2}
      - {label: Thu, value: 5}
      - {label: Fri, value: 6}
      - {label: Sat, value: 9}
      - {label: Sun, value: 8}
      - {label: Holidays, value: 1}
",
    right: "\
graphics:
  - kind: pie
    data: [{label: Weekdays, value: 20}, {label: Weekend, value: 17}, {label: Holidays, value: 1}]
",
    check: report_many_parts,
};

fn report_many_parts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in &production.graphics {
        for PartCount { count, most, noun } in graphic.block.content.part_counts() {
            if count <= most {
                continue;
            }
            let message = format!("the {} has {count} {noun}", graphic.kind.noun());
            let finding = findings.finding_at(graphic.origin, message);
            let help =
                format!("show {most} or fewer: divide it over two shots, or join small parts");
            findings.push(
                finding
                    .with_label("too many to read in a film")
                    .with_help(help),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::graphics::GraphicContent;
    use crate::validate::graphic_sample::sample_graphic;
    use crate::validate::sample::only_finding;

    #[test]
    fn more_lines_than_are_read_are_reported() {
        let found = only_finding(&RULE, |production, _| {
            let lines = vec!["x".to_owned(); 17];
            sample_graphic(production).block.content = GraphicContent::Code(lines);
        });
        assert_eq!(found.message, "the bar chart has 17 lines");
    }
}
