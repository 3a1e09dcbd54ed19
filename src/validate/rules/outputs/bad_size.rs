//! A picture has pixels, and not more than encoders take.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::pictures::{LARGEST, is_drawable};
use crate::validate::{Facts, Findings, Rule};

pub(super) const RULE: Rule = Rule {
    code: "production::outputs::bad_size",
    severity: Severity::Error,
    needs_whole: false,
    summary: "every output is between 1 and 16384 pixels wide and high",
    explanation: "A picture has at least one pixel each way, and at most 16384.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, resolution: 0x1080, path: out/film.mp4}
",
    right: "\
outputs:
  - {name: film, format: streaming_1080p, resolution: 1920x1080, path: out/film.mp4}
",
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    for output in production
        .outputs
        .iter()
        .filter(|output| !is_drawable(output.format.size))
    {
        let message = format!(
            "output `{}` is {} pixels",
            output.name.value, output.format.size
        );
        let found = findings
            .at(output.name.origin, message)
            .with_label("no such picture");
        findings.push(found.with_help(format!("width and height are from 1 to {LARGEST}")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::sample::only;

    #[test]
    fn a_picture_of_no_pixels_is_refused() {
        let found = only(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(0, 1080)
        });
        assert_eq!(found.message, "output `film` is 0x1080 pixels");
    }

    #[test]
    fn a_picture_beyond_encoders_is_refused() {
        let found = only(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(20_000, 1080)
        });
        assert_eq!(found.message, "output `film` is 20000x1080 pixels");
    }
}
