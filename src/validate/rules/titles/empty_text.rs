//! Every title has a text that is seen.

use crate::base::Severity;
use crate::model::Production;
use crate::model::titles::is_seen;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::empty_text",
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every title has a text that is seen",
    explanation: "The text is empty or consists of spaces and of characters \
        without a picture, so nothing is drawn. Over a colour, the \
        film would show that colour alone.",
    wrong: "\
titles:
  - text: \"\"
",
    right: "\
titles:
  - text: The Lamp
",
    check: report_empty_texts,
};

fn report_empty_texts(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for title in &production.titles.titles {
        if title.texts.iter().any(|text| is_seen(&text.value)) {
            continue;
        }
        let finding = findings.finding_at(title.origin, "the title has no text that is seen");
        findings.push(finding.with_help("write a text, or remove the title"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;
    use crate::validate::title_sample::sample_title;

    #[test]
    fn a_title_of_spaces_or_of_nothing_that_is_seen_is_reported() {
        for text in ["  ", "\u{200b}\u{2060}"] {
            let found = only_finding(&RULE, |production, _| {
                sample_title(production, text, "");
            });
            assert_eq!(found.message, "the title has no text that is seen");
        }
    }
}
