//! Every output has a size from 1 to 16384 pixels a side.

use crate::base::{Diagnostic, Severity};
use crate::model::production::Output;
use crate::model::{OutputFormat, PixelSize, Production};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::outputs::bad_size",
    // An error: no encoder accepts the size, and the run would fail at its end.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every output is between 1 and 16384 pixels wide and high",
    explanation: "A picture has at least one pixel each way, and at most 16384. The longer side of a film is \
        at most 256 times the shorter one.",
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

/// How many times longer than the other a side of a film may be.
const MOST_ASPECT: u32 = 256;

fn report_bad_output_sizes(
    production: &Production,
    _: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for output in production.distinct_outputs() {
        // A stream has several films, each of its own size.
        let mut formats = output.format.encoded_formats().into_iter();
        let refused = formats.find(|format| {
            !format.codec.spec().size_grid.has_room_for(format.size) || is_sliver(format)
        });
        match refused {
            Some(format) => findings.push(bad_size_finding(output, &format, findings)),
            None => report_large_sheet(production, output, findings),
        }
    }
}

/// Returns whether a film has a side that is very much longer than the other. The scaler of ffmpeg,
/// by which a film is compared with its frames, takes wrong means of such pictures.
fn is_sliver(format: &OutputFormat) -> bool {
    let PixelSize { width, height } = format.size;
    let is_film = format.codec.film_encoding().is_some();
    is_film && width.max(height) / width.min(height).max(1) > MOST_ASPECT
}

fn bad_size_finding(output: &Output, format: &OutputFormat, findings: &RuleFindings) -> Diagnostic {
    let grid = format.codec.spec().size_grid;
    let message = format!("output `{}` is {} pixels", output.name.value, format.size);
    let finding = findings
        .finding_at(output.name.origin, message)
        .with_label("no such picture");
    if grid.has_room_for(format.size) {
        let help = format!("one side of a film is at most {MOST_ASPECT} times the other");
        return finding.with_help(help);
    }
    let PixelSize { width, height } = grid.smallest;
    let longest = grid.largest_side;
    let least = if width == height {
        format!("{width}")
    } else {
        format!("{width} across and {height} down")
    };
    finding.with_help(format!("width and height are from {least} to {longest}"))
}

/// Reports a sheet of all shots that no file could hold.
fn report_large_sheet(production: &Production, output: &Output, findings: &mut RuleFindings) {
    let Some(still) = output.format.codec.still_format() else {
        return;
    };
    let count = production.output_shots(output).count();
    if still.holds(output.format.size, count) {
        return;
    }
    let sheet = still.picture_size(output.format.size, count);
    let name = &output.name.value;
    let message =
        format!("output `{name}` is {sheet} pixels with a frame of each of {count} shots");
    let help = "write a smaller `resolution`, which is that of one frame, or fewer `shots`";
    findings.push(
        findings
            .finding_at(output.name.origin, message)
            .with_label("no such picture")
            .with_help(help),
    );
}

#[cfg(test)]
mod tests {
    use super::{RULE, report_bad_output_sizes};
    use crate::model::{Codec, PixelSize};
    use crate::validate::sample::{only_finding, sample_production};
    use crate::validate::{ExternalFacts, RuleFindings};

    #[test]
    fn a_picture_of_no_pixels_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(0, 1080);
        });
        assert_eq!(found.message, "output `film` is 0x1080 pixels");
    }

    #[test]
    fn an_encoder_may_need_more_than_one_pixel() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.codec = Codec::Av1;
            production.outputs[0].format.size = PixelSize::new(64, 36);
        });
        let help = found.help.as_deref();
        assert_eq!(help, Some("width and height are from 64 to 8192"));
    }

    #[test]
    fn a_film_is_no_line() {
        for size in [PixelSize::new(16_384, 2), PixelSize::new(2, 16_384)] {
            let mut production = sample_production();
            production.outputs[0].format.size = size;
            let mut findings = RuleFindings::for_rule(&RULE);
            report_bad_output_sizes(&production, &ExternalFacts::default(), &mut findings);
            let found = findings.into_diagnostics();
            let help = found.as_slice()[0].help.as_deref();
            assert_eq!(
                help,
                Some("one side of a film is at most 256 times the other")
            );
        }
    }

    #[test]
    fn a_picture_beyond_encoders_is_refused() {
        let found = only_finding(&RULE, |production, _| {
            production.outputs[0].format.size = PixelSize::new(20_000, 1080);
        });
        assert_eq!(found.message, "output `film` is 20000x1080 pixels");
    }
}
