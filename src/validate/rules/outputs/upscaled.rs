//! An output is not larger than what is rendered. The draft and preview tiers render small on purpose, so they are left out.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::pictures::is_drawable;
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::upscaled",
    severity: Severity::Info,
    needs_whole: true,
    summary: "no output is larger than the rendered frames",
    explanation: "The output is larger than the rendered frames, so they are enlarged and look soft. Leave \
        `resolution` out of `render_settings`, and the largest output decides. The draft and preview \
        tiers render small on purpose.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let rendered = production.render.size;
    if ["draft", "preview"].contains(&production.render.tier.as_str()) || !is_drawable(rendered) {
        return;
    }
    for output in production
        .outputs
        .iter()
        .filter(|output| output.format.retro.is_none())
    {
        let size = output.format.size;
        if is_drawable(size) && size.width > rendered.width && size.height > rendered.height {
            let message = format!(
                "output `{}` is {size}, but frames are rendered at {rendered}",
                output.name.value
            );
            let found = findings
                .at(output.name.origin, message)
                .with_label("will be enlarged");
            findings.push(found.with_help(format!(
                "write `resolution: {size}` under `render_settings`, or leave it out there"
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::sample::{nothing, only};

    #[test]
    fn an_output_larger_than_its_frames_is_noted() {
        let found = only(&RULE, |production, _| {
            production.render.size = PixelSize::new(960, 540)
        });
        assert_eq!(
            found.message,
            "output `film` is 1920x1080, but frames are rendered at 960x540"
        );
    }

    #[test]
    fn a_preview_is_small_on_purpose() {
        nothing(|production, _| {
            production.render.size = PixelSize::new(960, 540);
            production.render.tier = "preview".to_owned();
        });
    }
}
