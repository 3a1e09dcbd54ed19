//! No output is stretched to another aspect ratio.

use crate::base::Severity;
use crate::model::Production;
use crate::model::retro_treatment::FitMode;
use crate::validate::picture_limits::{covering_size, is_drawable};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::distorted",
    // A warning: anamorphic deliveries are stretched on purpose.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "no output is stretched to another aspect",
    explanation: "`fit: stretch` pulls the picture to another shape, and faces with it. Use `crop` \
        to fill the frame or `pad` to keep everything.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: old, codec: h264, resolution: 1440x1080, frame_rate: 24, fit: stretch, path: out/old.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: old, codec: h264, resolution: 1440x1080, frame_rate: 24, fit: pad, path: out/old.mp4}
",
    check: report_distorted_outputs,
};

fn report_distorted_outputs(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let rendered = production.render.size;
    for output in production
        .distinct_outputs()
        .filter(|output| output.format.fit == FitMode::Stretch)
    {
        let size = output.format.size;
        // A tolerance of 2 % covers sizes that are rounded to even pixels; nobody sees it in a
        // face.
        let stretch = size.aspect_ratio() / rendered.aspect_ratio().max(1e-6);
        if is_drawable(size) && is_drawable(rendered) && (stretch - 1.0).abs() > 0.02 {
            let unstretched = covering_size(size, rendered);
            let message = format!(
                "output `{}` is stretched from {unstretched} to {size}",
                output.name.value
            );
            let finding = findings
                .finding_at(output.name.origin, message)
                .with_label("people become thin or broad");
            findings.push(finding.with_help("write `fit: crop` to cut, or `fit: pad` for bars"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::model::retro_treatment::FitMode;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_stretched_picture_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.fit = FitMode::Stretch;
            production.outputs[0].format.size = PixelSize::new(1440, 1080);
        });
        assert_eq!(
            found.message,
            "output `film` is stretched from 1920x1080 to 1440x1080"
        );
    }
}
