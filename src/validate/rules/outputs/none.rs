//! The production has an output. Without one, frames are rendered and nothing is delivered.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::none",
    // A warning: rendering frames alone is useful while a film is made.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "the production has an output",
    explanation: "Frames are rendered and nothing is delivered. Add an output: a preset and a path \
        are enough.",
    wrong: "\
outputs: []
",
    right: "\
outputs:
  - {format: streaming_1080p, path: out/film.mp4}
",
    check: report_no_outputs,
};

fn report_no_outputs(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    if production.outputs.is_empty()
        && production.exports.is_empty()
        && production.game_files().next().is_none()
    {
        let finding = findings
            .finding_at(production.origin, "the production has no outputs")
            .with_label("nothing will be delivered");
        findings.push(finding.with_help(
            "add `outputs:` with entries such as `{format: streaming_1080p, path: out/film.mp4}`",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::{only_finding, sample_origin};

    #[test]
    fn a_production_without_outputs_is_reported() {
        let found = only_finding(&RULE, |production, _| production.outputs.clear());
        assert_eq!(found.origin, sample_origin(0));
    }
}
