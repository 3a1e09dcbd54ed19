//! A frame is within the limit of a picture, and within the memory of this machine.

use crate::base::{FileSpan, Severity};
use crate::model::codec::MAX_PICTURE_PIXELS;
use crate::model::{PixelSize, Production};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// Bytes a pixel of one frame while it is graded and encoded: as light, twice while it is decoded,
/// its glow, and as a display picture. Renderers need more, and how much is theirs to say.
const FRAME_BYTES: u64 = 40;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::render::frame_too_large",
    // An error: the first frame would fail, after it was rendered.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a frame has at most 134217728 pixels, and fits into the memory that is free",
    explanation: "A picture has at most 134,217,728 pixels, as many as 16384x8192. And grading and \
        encoding hold a frame in memory, at about 40 bytes a pixel: a frame of 16384x8192 takes 5 \
        GiB. `validate` and `run` compare that with the memory that this machine has free; with \
        `--farm` or `--machine` they do not, because another machine renders. Lower `resolution`, \
        or choose a quality tier with smaller frames.",
    wrong: "\
render_settings:
  resolution: 16384x9216
",
    right: "\
render_settings:
  resolution: 7680x4320
",
    check: report_large_frames,
};

/// A picture that a run holds in memory, and the place that gives its size.
struct LargePicture {
    what: String,
    size: PixelSize,
    origin: FileSpan,
}

fn report_large_frames(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    for picture in large_pictures(production) {
        let LargePicture { what, size, origin } = picture;
        let pixels = size.pixel_count();
        if pixels > MAX_PICTURE_PIXELS {
            let message = format!("{what} of {size} has {pixels} pixels");
            let finding = findings
                .finding_at(origin, message)
                .with_label("more than a picture may have");
            findings.push(finding.with_help(format!(
                "at most {MAX_PICTURE_PIXELS} pixels are possible, such as 16384x8192"
            )));
            continue;
        }
        let needed = (pixels * FRAME_BYTES) >> 20;
        let Some(free) = facts.memory.filter(|free| needed > u64::from(*free)) else {
            continue;
        };
        let message = format!("{what} of {size} needs about {needed} MiB of memory");
        let finding = findings
            .finding_at(origin, message)
            .with_label(format!("this machine has {free} MiB free"));
        findings.push(finding.with_help(
            "lower `resolution`, or choose a `quality_tier` with smaller frames".to_owned(),
        ));
    }
}

/// Returns the frame and every output, each once: a frame that takes its size from an output is
/// reported there.
fn large_pictures(production: &Production) -> Vec<LargePicture> {
    let written = production.render.size_origin;
    let frame = written.map(|origin| LargePicture {
        what: "a frame".to_owned(),
        size: production.render.size,
        origin,
    });
    let outputs = production.distinct_outputs().map(|output| LargePicture {
        what: format!("output `{}`", output.name.value),
        size: output.format.size,
        origin: output.name.origin,
    });
    frame.into_iter().chain(outputs).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::FileSpan;
    use crate::model::PixelSize;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_picture_past_the_limit_says_its_pixels() {
        let found = only_finding(&RULE, |production, _| {
            production.render.size = PixelSize::new(16384, 9216);
            production.render.size_origin = Some(FileSpan::default());
        });
        assert_eq!(found.message, "a frame of 16384x9216 has 150994944 pixels");
    }

    #[test]
    fn a_frame_is_compared_with_the_memory_of_the_machine() {
        let found = only_finding(&RULE, |production, facts| {
            production.render.size = PixelSize::new(14336, 8064);
            production.render.size_origin = Some(FileSpan::default());
            facts.memory = Some(4000);
        });
        assert_eq!(
            found.message,
            "a frame of 14336x8064 needs about 4410 MiB of memory"
        );
        assert_eq!(found.label, "this machine has 4000 MiB free");
    }
}
