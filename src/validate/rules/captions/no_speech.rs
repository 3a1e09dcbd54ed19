//! A film with captions has something to show in them.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::caption_queries::wanted_captions;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::captions::no_speech",
    // A warning: an empty file of captions is legal, and seldom what somebody wants.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "a film with captions has lines or named sounds",
    explanation: "Captions are made of the lines that are spoken, and lines are spoken where the \
        production has sound. Write `lines` of shots, name a script, and do not write `sound: off`.",
    wrong: "\
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: captions, format: srt, path: out/film.srt}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: captions, format: srt, path: out/film.srt}
",
    check: report_silence,
};

fn report_silence(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let has_lines = production.shots.iter().any(|shot| !shot.lines.is_empty());
    let has_effects = production.shots.iter().any(|shot| !shot.effects.is_empty());
    let has_music = production
        .sound
        .as_ref()
        .is_some_and(|sound| !sound.music.is_empty());
    let has_sounds = production.captions.sounds && (has_effects || has_music);
    if has_lines || has_sounds {
        return;
    }
    let Some(wanted) = wanted_captions(production).into_iter().next() else {
        return;
    };
    let message = match production.sound {
        Some(_) => "nothing is said in the production, so its captions are empty",
        None => "the production is silent, so its captions are empty",
    };
    let finding = findings.finding_at(wanted.origin, message.to_owned());
    let help = "write `lines` of shots, or leave the captions out";
    findings.push(finding.with_label("captions of nothing").with_help(help));
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::TextExportKind;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_export};

    #[test]
    fn captions_of_a_silent_production_are_empty() {
        let found = only_finding(&RULE, |production, _| {
            production.exports.push(sample_export(TextExportKind::Srt));
        });
        assert!(found.message.contains("is silent"));
    }

    #[test]
    fn a_silent_production_without_captions_is_fine() {
        assert_no_findings(|_, _| {});
    }
}
