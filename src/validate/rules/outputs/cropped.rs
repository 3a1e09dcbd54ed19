//! No output loses more than a quarter of the picture by cropping.

use crate::base::Severity;
use crate::model::PixelSize;
use crate::model::Production;
use crate::model::retro_treatment::FitMode;
use crate::validate::picture_limits::{covering_size, is_drawable};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::cropped",
    // A note: a vertical clip of a wide film crops on purpose. The author should know it when
    // framing.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "no output loses more than a quarter of the picture",
    explanation: "The output has another shape than the rendered frames, so their edges are cut \
        off. Keep what matters in the middle, write `fit: reframe` to frame the shots anew for this \
        shape, write `fit: pad` to keep everything, or ignore this if the crop is meant.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: upright, format: social_vertical, frame_rate: 24, path: out/upright.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: upright, format: social_vertical, frame_rate: 24, fit: pad, path: out/upright.mp4}
",
    check: report_cropped_outputs,
};

fn report_cropped_outputs(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let rendered = production.render.size;
    for output in production
        .distinct_outputs()
        .filter(|output| output.format.fit == FitMode::Crop)
    {
        let size = output.format.size;
        let fraction = cropped_fraction(size, rendered);
        // A size without pixels has no aspect ratio and a finding of its own.
        if is_drawable(size) && is_drawable(rendered) && fraction > 0.25 {
            let message = format!(
                "output `{}` shows only {:.0} % of the picture",
                output.name.value,
                (1.0 - fraction) * 100.0
            );
            let uncropped = covering_size(size, rendered);
            let finding = findings
                .finding_at(output.name.origin, message)
                .with_label(format!("{size} is cut from {uncropped}"));
            findings.push(finding.with_help("write `fit: reframe` to frame the shots for this shape, or `fit: pad` to show all of it \
                 with bars"));
        }
    }
}

/// Returns the share of the picture that is cut away, 0 to 1.
fn cropped_fraction(size: PixelSize, rendered: PixelSize) -> f64 {
    let output_aspect = size.aspect_ratio();
    let rendered_aspect = rendered.aspect_ratio();
    1.0 - output_aspect.min(rendered_aspect) / output_aspect.max(rendered_aspect)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::model::retro_treatment::FitMode;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn an_upright_film_shows_a_third() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(606, 1080);
        });
        assert_eq!(
            found.message,
            "output `film` shows only 32 % of the picture"
        );
    }

    #[test]
    fn a_draft_is_reported_in_the_size_of_the_output() {
        let found = only_finding(&RULE, |production, _| {
            production.render.size = PixelSize::new(640, 360);
            production.render.tier = "draft".to_owned();
            production.outputs[0].format.size = PixelSize::new(608, 1080);
        });
        assert_eq!(found.label, "608x1080 is cut from 1920x1080");
    }

    #[test]
    fn bars_lose_nothing() {
        assert_no_findings(|production, _| {
            production.outputs[0].format.size = PixelSize::new(606, 1080);
            production.outputs[0].format.fit = FitMode::Pad;
        });
    }
}
