//! A table of captions has every line.

use crate::base::{FileSpan, Severity};
use crate::model::Production;
use crate::validate::caption_queries::{named_sounds, wanted_captions};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::BTreeSet;

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::captions::untranslated",
    // A warning: the captions are complete, with some lines in the language of the script.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "a table of captions has every line in the languages that are delivered",
    explanation: "A line that the table has not is shown in the language of the script. Lines are \
        named after their shots, such as `sh010.1`; `production info` lists them. With `sounds: true`, a \
        sound is named by its caption, such as `[door slams]`.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: wide
    template: character_full
    character: mara
    location: pier
    duration: 6s
    lines: [It went out., Then light it.]
captions: {table: captions.csv}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: german, format: srt, language: de, path: out/film.de.srt}
# captions.csv
line,de
wide.1,Es ist aus.
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - name: wide
    template: character_full
    character: mara
    location: pier
    duration: 6s
    lines: [It went out., Then light it.]
captions: {table: captions.csv}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: german, format: srt, language: de, path: out/film.de.srt}
# captions.csv
line,de
wide.1,Es ist aus.
wide.2,Dann mach Licht.
",
    check: report_untranslated,
};

/// How many lines one finding names.
const MOST_NAMED: usize = 5;

fn report_untranslated(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let captions = &production.captions;
    let wanted: BTreeSet<&str> = wanted_captions(production)
        .into_iter()
        .map(|wanted| wanted.language)
        .filter(|language| !captions.is_script_language(language))
        .collect();
    let sounds = named_sounds(production);
    for language in wanted {
        let Some(translation) = captions.translation(language) else {
            continue;
        };
        let lines = production.shots.iter().flat_map(|shot| &shot.lines);
        let lines = lines.map(|line| (line.name.as_str(), line.text.origin));
        let named = sounds
            .iter()
            .map(|sound| (sound.name.as_str(), sound.origin));
        let missing: Vec<(&str, FileSpan)> = lines
            .chain(named)
            .filter(|(name, _)| !translation.texts.contains_key(*name))
            .collect();
        // One finding for a language: a film may lack hundreds of lines.
        let Some((_, first)) = missing.first() else {
            continue;
        };
        let names: Vec<String> = missing
            .iter()
            .take(MOST_NAMED)
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let more = match missing.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!(
            "the table has no `{language}` for {}{more}",
            names.join(", ")
        );
        let finding = findings
            .finding_at(translation.language.origin, message)
            .with_related(*first, "the first of them");
        findings.push(
            finding.with_help("add rows for them; they are shown in the language of the script"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::captions::CaptionTranslation;
    use crate::model::cut::TextExportKind;
    use crate::model::sound::{EffectSource, ShotEffect};
    use crate::validate::sample::{
        only_finding, sample_export, sample_line, sample_name, sample_origin, sample_sound,
    };
    use std::collections::HashMap;

    #[test]
    fn a_sound_that_the_table_lacks_is_named() {
        let found = only_finding(&RULE, |production, _| {
            production.sound = Some(sample_sound());
            production.shots[0].effects = vec![ShotEffect {
                source: EffectSource::Named(sample_name("knock", 38)),
                frame: 0,
                start_origin: None,
                gain: 0.0,
                pan: None,
                origin: sample_origin(38),
            }];
            production.captions.sounds = true;
            let mut captions = sample_export(TextExportKind::Vtt);
            captions.language = Some(sample_name("de", 61));
            production.exports.push(captions);
            production.captions.translations = vec![CaptionTranslation {
                language: sample_name("de", 62),
                texts: HashMap::new(),
            }];
        });
        assert!(
            found.message.contains("no `de` for `[knocking]`"),
            "{}",
            found.message
        );
    }

    #[test]
    fn a_line_that_the_table_lacks_is_named() {
        let found = only_finding(&RULE, |production, _| {
            production.sound = Some(sample_sound());
            production.shots[0].lines = vec![sample_line("It went out.", 60)];
            let mut captions = sample_export(TextExportKind::Vtt);
            captions.language = Some(sample_name("de", 61));
            production.exports.push(captions);
            production.captions.translations = vec![CaptionTranslation {
                language: sample_name("de", 62),
                texts: HashMap::new(),
            }];
        });
        assert!(
            found
                .message
                .contains("the table has no `de` for `wide.60`")
        );
    }
}
