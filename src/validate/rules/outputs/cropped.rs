//! A picture of another aspect loses its sides. More than a quarter of it is worth knowing when framing.

use crate::base::Severity;
use crate::model::PixelSize;
use crate::model::Production;
use crate::model::retro_treatment::FitMode;
use crate::validate::pictures::{covering, is_drawable};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::cropped",
    severity: Severity::Info,
    needs_whole: true,
    summary: "no output loses more than a quarter of the picture",
    explanation: "The output has another shape than the rendered frames, so their edges are cut off. Keep what \
        matters in the middle, write `fit: pad` to keep everything, or ignore this if the crop is \
        meant.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let rendered = production.render.size;
    for output in production
        .outputs
        .iter()
        .filter(|output| output.format.fit == FitMode::Crop)
    {
        let size = output.format.size;
        let lost = lost(size, rendered);
        if is_drawable(size) && is_drawable(rendered) && lost > 0.25 {
            let message = format!(
                "output `{}` shows only {:.0} % of the picture",
                output.name.value,
                (1.0 - lost) * 100.0
            );
            let whole = covering(size, rendered);
            let found = findings
                .at(output.name.origin, message)
                .with_label(format!("{size} is cut from {whole}"));
            findings.push(found.with_help("write `fit: pad` to show all of it with bars"));
        }
    }
}

/// Returns the part of the picture that is cut away.
fn lost(size: PixelSize, rendered: PixelSize) -> f64 {
    let (one, other) = (size.aspect_ratio(), rendered.aspect_ratio());
    1.0 - one.min(other) / one.max(other)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::model::retro_treatment::FitMode;
    use crate::validate::sample::{nothing, only};

    #[test]
    fn an_upright_film_shows_a_third() {
        let found = only(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(606, 1080)
        });
        assert_eq!(
            found.message,
            "output `film` shows only 32 % of the picture"
        );
    }

    #[test]
    fn a_draft_is_told_in_the_size_of_the_output() {
        let found = only(&RULE, |production, _| {
            production.render.size = PixelSize::new(640, 360);
            production.render.tier = "draft".to_owned();
            production.outputs[0].format.size = PixelSize::new(608, 1080);
        });
        assert_eq!(found.label, "608x1080 is cut from 1920x1080");
    }

    #[test]
    fn bars_lose_nothing() {
        nothing(|production, _| {
            production.outputs[0].format.size = PixelSize::new(606, 1080);
            production.outputs[0].format.fit = FitMode::Pad;
        });
    }
}
