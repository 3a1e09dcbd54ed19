//! No output is larger than the rendered frames.

use crate::base::Severity;
use crate::model::Production;
use crate::model::frame_sizes::FrameSizes;
use crate::validate::picture_limits::is_drawable;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::upscaled",
    // A note: rendering small and enlarging is a way to save time.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "no output is larger than the rendered frames",
    explanation: "The output is larger than the rendered frames, so they are enlarged and look \
        soft. Leave `resolution` out of `render_settings`, and the largest output decides. The \
        draft and preview tiers render small on purpose.",
    wrong: "\
render_settings:
  quality_tier: production
  resolution: 960x540
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    right: "\
render_settings:
  quality_tier: production
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
",
    check: report_upscaled_outputs,
};

fn report_upscaled_outputs(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let rendered = production.render.size;
    // These tiers render small on purpose, and every output of theirs would be reported.
    if ["draft", "preview"].contains(&production.render.tier.as_str()) || !is_drawable(rendered) {
        return;
    }
    let sizes = FrameSizes::from_production(production);
    let mut last = None;
    for (index, output) in production.outputs.iter().enumerate() {
        // A retro picture is enlarged with hard pixels by intent.
        if last.replace(output.entry) == Some(output.entry) || output.format.retro.is_some() {
            continue;
        }
        let size = output.format.size;
        let rendered = sizes.output_size(index);
        if is_drawable(size) && size.width > rendered.width && size.height > rendered.height {
            let message = format!(
                "output `{}` is {size}, but frames are rendered at {rendered}",
                output.name.value
            );
            let finding = findings
                .finding_at(output.name.origin, message)
                .with_label("will be enlarged");
            let help = if sizes.index_of_output(index) == 0 {
                format!("write `resolution: {size}` under `render_settings`, or leave it out there")
            } else {
                "leave `resolution` out of `render_settings`".to_owned()
            };
            findings.push(finding.with_help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::model::retro_treatment::FitMode;
    use crate::validate::sample::{assert_no_findings, only_finding};

    #[test]
    fn an_output_larger_than_its_frames_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production.render.size = PixelSize::new(960, 540);
        });
        assert_eq!(
            found.message,
            "output `film` is 1920x1080, but frames are rendered at 960x540"
        );
    }

    #[test]
    fn an_output_with_frames_of_its_own_is_compared_with_these() {
        assert_no_findings(|production, _| {
            let mut upright = production.outputs[0].clone();
            upright.name.value = "upright".to_owned();
            upright.path.value = "upright.mp4".into();
            upright.entry += 1;
            upright.format.size = PixelSize::new(1440, 2560);
            upright.format.fit = FitMode::Reframe;
            production.outputs.push(upright);
        });
    }

    #[test]
    fn a_preview_is_small_on_purpose() {
        assert_no_findings(|production, _| {
            production.render.size = PixelSize::new(960, 540);
            production.render.tier = "preview".to_owned();
        });
    }
}
