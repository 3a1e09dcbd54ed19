//! A retro treatment is for picture sequences: film codecs blur single pixels and add colours.

use crate::base::Severity;
use crate::model::Production;
use crate::model::codec::AnimationFormat;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::retro_on_film",
    // A warning: the film can be made, only its pixels are soft.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "a retro treatment is for picture sequences, not for a film codec",
    explanation: "A retro treatment makes few colours and hard pixels, and film codecs blur both. \
        Deliver pictures, or encode them at a multiple of their size elsewhere.",
    wrong: "\
outputs:
  - {name: game, codec: h264, resolution: 256x224, frame_rate: 24, retro: {preset: snes}, path: out/game.mp4}
",
    right: "\
outputs:
  - {name: game, codec: png, resolution: 256x224, frame_rate: 24, retro: {preset: snes}, path: out/game}
",
    check: report_retro_on_film,
};

fn report_retro_on_film(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    for output in production
        .distinct_outputs()
        .filter(|output| output.format.retro.is_some())
    {
        let spec = output.format.codec.spec();
        // GIF has a palette of its own for each shot, and keeps that of a retro treatment.
        let has_palette = spec.codec.animation_format() == Some(AnimationFormat::Gif);
        if spec.lossy && !has_palette {
            let name = &output.name.value;
            let codec = spec.id;
            let finding = findings.finding_at(
                output.name.origin,
                format!("retro output `{name}` is encoded in {codec}, which blurs its pixels"),
            );
            findings.push(
                finding
                    .with_label("colours will bleed")
                    .with_help("write `codec: png` and a folder as path"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Codec;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_retro};
    use std::path::PathBuf;

    #[test]
    fn retro_in_a_film_codec_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.retro = Some(sample_retro());
        });
        assert_eq!(
            found.message,
            "retro output `film` is encoded in h264, which blurs its pixels"
        );
    }

    #[test]
    fn an_animation_with_a_palette_keeps_that_of_a_console() {
        assert_no_findings(|production, _| {
            let output = &mut production.outputs[0];
            output.format.retro = Some(sample_retro());
            output.format.codec = Codec::Gif;
            output.path.value = PathBuf::from("out/film.gif");
        });
    }
}
