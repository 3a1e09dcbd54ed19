//! What a timeline for other programs cannot express is reported.

use crate::base::Severity;
use crate::interchange::{edl_losses, fcpxml_losses, film_exchange, otio_losses};
use crate::model::Production;
use crate::model::cut::TextExportKind;
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::exports::left_out",
    // A note: the timeline is right, and something of the film is not in it.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "a timeline says everything that its format can",
    explanation: "A list of events has one track of pictures and black as its only colour, Final Cut \
        Pro XML has the looks of Final Cut Pro alone, and no format takes a path that is known only \
        when it is published. What is left out is named here, and is not lost: OpenTimelineIO has \
        all of it.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, transition_in: {kind: fade_in, colour: white}}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: shots, format: streaming_1080p, path: \"out/${shot}.mp4\"}
  - {name: cut, format: edl, path: out/film.edl}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, transition_in: {kind: fade_in, colour: white}}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: shots, format: streaming_1080p, path: \"out/${shot}.mp4\"}
  - {name: cut, format: otio, path: out/film.otio}
",
    check: report_losses,
};

fn report_losses(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let timelines = production.exports.iter();
    let mut timelines = timelines
        .filter(|export| export.kind.is_timeline() && export.kind != TextExportKind::Reels)
        .peekable();
    // Where shots begin is computed once, and only if the document has a timeline.
    if timelines.peek().is_none() {
        return;
    }
    let maker = TimelineMaker::new(production);
    for export in timelines {
        let output = export
            .output
            .and_then(|index| production.outputs.get(index));
        let timeline = output.map_or_else(
            || maker.full_timeline(),
            |output| maker.output_timeline(output),
        );
        let exchange = film_exchange(production, &timeline, export);
        let losses = match export.kind {
            TextExportKind::Edl => edl_losses(&exchange),
            TextExportKind::Fcpxml => fcpxml_losses(&exchange),
            _ => otio_losses(&exchange),
        };
        if losses.is_empty() {
            continue;
        }
        let message = format!("`{}` leaves out {}", export.name.value, losses.join("; "));
        let finding = findings.finding_at(export.name.origin, message);
        let help = match export.kind {
            TextExportKind::Otio => {
                "write the path without what is known only when it is published"
            }
            _ => "deliver `otio` too, if the other program reads it",
        };
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::{ScreenColour, ShotTransition, TextExportKind, TransitionKind};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_export, sample_origin};

    fn white_fade() -> ShotTransition {
        ShotTransition {
            kind: TransitionKind::FadeIn {
                colour: ScreenColour::WHITE,
            },
            frames: 12,
            origin: sample_origin(38),
        }
    }

    #[test]
    fn a_list_of_events_has_no_colours() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].transition_in = Some(white_fade());
            production.exports.push(sample_export(TextExportKind::Edl));
            // The film shows its transitions, which another rule says.
            production.exports[0].media = Some(usize::MAX);
        });
        assert!(found.message.contains("the colour of 1 transition"));
    }

    #[test]
    fn a_cut_list_and_cuts_alone_leave_nothing_out() {
        assert_no_findings(|production, _| {
            production.shots[0].transition_in = Some(white_fade());
            production
                .exports
                .push(sample_export(TextExportKind::CutList));
        });
        assert_no_findings(|production, _| {
            production.exports.push(sample_export(TextExportKind::Edl));
        });
    }
}
