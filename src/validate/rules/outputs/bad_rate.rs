//! Every output has a frame rate from 1 to 240.

use crate::base::Severity;
use crate::model::Production;
use crate::model::value_ranges::ValueRange;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::bad_rate",
    // An error: the encoder would refuse the rate after all frames are rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output has 1 to 240 frames a second",
    explanation: "Players and encoders work from 1 to 240 frames a second.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 2400, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, frame_rate: 24, path: out/film.mp4}
",
    check: report_bad_frame_rates,
};

fn report_bad_frame_rates(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for output in production.distinct_outputs() {
        let spec = output.format.codec.spec();
        if spec.has_rate(output.format.rate) {
            continue;
        }
        let message = format!(
            "output `{}` has {} frames a second",
            output.name.value, output.format.rate
        );
        let finding = findings
            .finding_at(output.name.origin, message)
            .with_label("no such rate");
        let ValueRange { low, high } = spec.frame_rates;
        let help = format!("rates are from {low} to {high}, such as `24` or `23.976`");
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameRate;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_rate_that_nothing_plays_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.rate = FrameRate::from_fps(960);
        });
        assert_eq!(found.message, "output `film` has 960 frames a second");
    }
}
