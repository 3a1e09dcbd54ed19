//! Every output has a size from 1 to 16384 pixels a side.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::bad_size",
    // An error: no encoder accepts the size, and the run would fail at its end.
    severity: Severity::Error,
    skip_if_partial: false,
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
    check: report_bad_output_sizes,
};

fn report_bad_output_sizes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in production.distinct_outputs() {
        let grid = output.format.codec.spec().size_grid;
        if grid.has_room_for(output.format.size) {
            continue;
        }
        let message = format!(
            "output `{}` is {} pixels",
            output.name.value, output.format.size
        );
        let finding = findings
            .finding_at(output.name.origin, message)
            .with_label("no such picture");
        let longest = grid.largest_side;
        findings.push(finding.with_help(format!("width and height are from 1 to {longest}")));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::PixelSize;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_picture_of_no_pixels_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(0, 1080);
        });
        assert_eq!(found.message, "output `film` is 0x1080 pixels");
    }

    #[test]
    fn a_picture_beyond_encoders_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(20_000, 1080);
        });
        assert_eq!(found.message, "output `film` is 20000x1080 pixels");
    }
}
