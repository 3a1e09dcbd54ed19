//! A list of events has a rate that timecode can count.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::TextExportKind;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::exports::no_timecode",
    // An error: no list could be written.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "a list of events has a rate with timecode",
    explanation: "A list of events counts in timecode, and SMPTE has it for 24, 25, 30, 48, 50 and \
        60 frames a second and for the rates a thousandth slower. 12 and 15 frames a second have \
        none. Deliver OpenTimelineIO in its place, which counts frames.",
    wrong: "\
render_settings: {frame_rate: 12}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: edl, path: out/film.edl}
",
    right: "\
render_settings: {frame_rate: 12}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: otio, path: out/film.otio}
",
    check: report_rates,
};

fn report_rates(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let rate = production.render.rate;
    if rate.has_timecode() {
        return;
    }
    let lists = production.exports.iter();
    for list in lists.filter(|export| export.kind == TextExportKind::Edl) {
        let message = format!(
            "`{}` counts in timecode, and {rate} frames a second have none",
            list.name.value
        );
        let finding = findings.finding_at(list.name.origin, message);
        let help = "write `format: otio`, which counts frames, or render at a rate with timecode, \
                    such as 24";
        findings.push(finding.with_label("a list of events").with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameRate;
    use crate::model::cut::TextExportKind;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_export};

    #[test]
    fn twelve_frames_a_second_have_no_timecode() {
        let found = only_finding(&RULE, |production, _| {
            production.render.rate = FrameRate::from_fps(12);
            production.exports.push(sample_export(TextExportKind::Edl));
        });
        assert!(found.message.contains("12 frames a second"));
    }

    #[test]
    fn other_formats_and_other_rates_are_written() {
        assert_no_findings(|production, _| {
            production.render.rate = FrameRate::from_fps(12);
            production
                .exports
                .push(sample_export(TextExportKind::CutList));
        });
    }
}
