//! No output is larger than the rendered frames.

use crate::base::Severity;
use crate::model::Production;
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
    for output in production
        .distinct_outputs()
        // A retro picture is enlarged with hard pixels by intent.
        .filter(|output| output.format.retro.is_none())
    {
        let size = output.format.size;
        if is_drawable(size) && size.width > rendered.width && size.height > rendered.height {
            let message = format!(
                "output `{}` is {size}, but frames are rendered at {rendered}",
                output.name.value
            );
            let finding = findings
                .finding_at(output.name.origin, message)
                .with_label("will be enlarged");
            findings.push(finding.with_help(format!(
                "write `resolution: {size}` under `render_settings`, or leave it out there"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
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
    fn a_preview_is_small_on_purpose() {
        assert_no_findings(|production, _| {
            production.render.size = PixelSize::new(960, 540);
            production.render.tier = "preview".to_owned();
        });
    }
}
