//! A timeline with transitions refers to shots without them.

use crate::base::Severity;
use crate::model::Production;
use crate::model::cut::{TextExport, TextExportKind};
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::exports::film_media",
    // A note: the timeline says the right cut, and an editor who changes it wants other files.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "a timeline with transitions refers to files of single shots",
    explanation: "Without an output with one file a shot, a timeline refers to the finished film, in \
        which the transitions are seen already: another program shows them twice, and has no frames \
        beyond the cuts. Add an output with `per_shot: true`, and `handles` of `edit` for frames \
        beyond the cuts.",
    wrong: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_out: dissolve}
  - {name: close, template: character_cu, character: mara, location: pier}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: cut, format: otio, path: out/film.otio}
",
    right: "\
shots:
  - {name: wide, template: character_full, character: mara, location: pier, transition_out: dissolve}
  - {name: close, template: character_cu, character: mara, location: pier}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: shots, format: streaming_1080p, path: out/shots/, per_shot: true}
  - {name: cut, format: otio, path: out/film.otio}
",
    check: report_film_media,
};

fn report_film_media(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let is_of_film = |export: &&TextExport| {
        let is_list = export.kind.is_timeline() && export.kind != TextExportKind::Reels;
        is_list && export.media.is_none()
    };
    let mut timelines = production.exports.iter().filter(is_of_film).peekable();
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
        let count = timeline.transitions.len();
        if count == 0 {
            continue;
        }
        let s = if count == 1 { "" } else { "s" };
        let message = format!(
            "`{}` refers to the film, which shows its {count} transition{s} already",
            export.name.value
        );
        let finding = findings.finding_at(export.name.origin, message);
        let help = "add an output with `per_shot: true`; timelines then refer to its files, which \
                    have no transitions";
        findings.push(finding.with_help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::{ScreenColour, ShotTransition, TextExportKind, TransitionKind};
    use crate::validate::sample::{assert_no_findings, only_finding, sample_export, sample_origin};

    fn fade() -> ShotTransition {
        ShotTransition {
            kind: TransitionKind::FadeIn {
                colour: ScreenColour::BLACK,
            },
            frames: 12,
            origin: sample_origin(38),
        }
    }

    #[test]
    fn a_timeline_of_a_film_with_transitions_says_so() {
        let found = only_finding(&RULE, |production, _| {
            production.shots[0].transition_in = Some(fade());
            production.exports.push(sample_export(TextExportKind::Otio));
        });
        assert!(found.message.contains("its 1 transition already"));
    }

    #[test]
    fn a_film_of_cuts_is_media_as_it_is() {
        assert_no_findings(|production, _| {
            production.exports.push(sample_export(TextExportKind::Otio));
        });
    }
}
