//! Every text fits into the pictures that it is drawn on.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::titles::too_long",
    // A warning: everything else is seen, and who delivers a small preview may not care.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "every text fits into the pictures of its outputs",
    explanation: "Where the picture is too narrow for a word or too low for a text, letters are drawn \
        smaller, down to 2.5 % of its shorter side and to 8 pixels. A text that does not fit then \
        is broken within words, or leaves the picture. Shorten it, divide it, or leave it out of \
        the output with `titles: false`.",
    wrong: "\
titles:
  - {text: Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft, style: main}
outputs:
  - {name: small, codec: h264, resolution: 320x180, path: out/small.mp4}
",
    right: "\
titles:
  - {text: Donaudampfschifffahrt, style: main}
outputs:
  - {name: small, codec: h264, resolution: 320x180, path: out/small.mp4}
",
    check: report_long_texts,
};

fn report_long_texts(_: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    for text in facts.tight_texts.iter().filter(|text| !text.is_graphic) {
        let (verb, noun) = match text.noun {
            "credits" => ("do", "credits"),
            noun => ("does", noun),
        };
        let message = format!(
            "the {noun} {verb} not fit into {}, the picture of `{}`",
            text.size, text.output
        );
        let finding = findings
            .finding_at(text.origin, message)
            .with_label("too long, at its smallest size too");
        let help = "shorten it or divide it; a word too long for the picture is broken, and the \
                    rest leaves the picture";
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::TightText;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_text_that_does_not_fit_is_reported_with_the_output() {
        let found = only_finding(&RULE, |_, facts| {
            facts.tight_texts.push(TightText {
                is_graphic: false,
                noun: "title",
                output: "tall".to_owned(),
                size: PixelSize::new(90, 160),
                origin: sample_origin(66),
            });
        });
        assert_eq!(
            found.message,
            "the title does not fit into 90x160, the picture of `tall`"
        );
        assert_eq!(found.origin, sample_origin(66));
    }
}
