//! Every graphic fits into the pictures that it is drawn on.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::graphics::too_long",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every graphic fits into the pictures of its outputs",
    explanation: "A graphic that does not fit is drawn smaller, down to letters of 2.5 % of the shorter \
        side of the picture and of 8 pixels. What does not fit then leaves its card. Bars whose \
        labels are too long for columns become rows. Shorten texts, show fewer parts, or give the \
        graphic more of the picture with `place`.",
    wrong: "\
graphics:
  - kind: code
    place: top_left
    text: this is one line of code that is much longer than a quarter of any picture is wide, and goes on
",
    right: "\
graphics:
  - kind: code
    text: let answer = 42;
",
    check: report_long_graphics,
};

fn report_long_graphics(_: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    for graphic in facts.tight_texts.iter().filter(|text| text.is_graphic) {
        let message = format!(
            "the {} does not fit into {}, the picture of `{}`",
            graphic.noun, graphic.size, graphic.output
        );
        let finding = findings
            .finding_at(graphic.origin, message)
            .with_label("too much, at its smallest size too");
        let help =
            "shorten its texts, show fewer parts, or give it more of the picture with `place`";
        findings.push(finding.with_help(help));
    }
}
