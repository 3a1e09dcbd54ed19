//! Codecs with subsampled chroma have sizes that are multiples of a chroma sample.

use crate::base::Severity;
use crate::model::{PixelSize, Production};
use crate::validate::picture_limits::is_drawable;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::odd_size",
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "sizes are even where the codec halves its colours",
    explanation: "H.264, H.265, AV1 and VP9 store one colour for four pixels, and ProRes 422 and \
        DNxHR one for two, so sizes must be even. The help line offers the nearest.",
    wrong: "\
outputs:
  - {name: film, codec: h264, resolution: 1921x1080, frame_rate: 24, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, codec: h264, resolution: 1922x1080, frame_rate: 24, path: out/film.mp4}
",
    check: report_odd_output_sizes,
};

fn report_odd_output_sizes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in production
        .distinct_outputs()
        .filter(|output| is_drawable(output.format.size))
    {
        let PixelSize { width, height } = output.format.size;
        let spec = output.format.codec.spec();
        let even = spec.size_grid.next_size(output.format.size);
        if even == output.format.size {
            continue;
        }
        let name = &output.name.value;
        let codec = spec.id;
        let message = format!("output `{name}` is {width}x{height}, but {codec} needs even sizes");
        findings.push(
            findings
                .finding_at(output.name.origin, message)
                .with_label("odd size")
                .with_help(format!("write `resolution: {even}`")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{assert_no_findings, only_finding};
    use std::path::PathBuf;

    #[test]
    fn an_odd_height_offers_the_next_even_one() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size.height = 1079;
        });
        assert_eq!(found.help.as_deref(), Some("write `resolution: 1920x1080`"));
    }

    #[test]
    fn prores_422_takes_odd_heights() {
        assert_no_findings(|production, _| {
            production.outputs[0].format.size.height = 1079;
            production.outputs[0].format.codec = Codec::Prores422;
            production.outputs[0].path.value = PathBuf::from("out/film.mov");
        });
    }
}
