//! Captions are in the language of the script, or in one of the table.

use crate::base::Severity;
use crate::base::suggestions::nearest_match;
use crate::model::Production;
use crate::validate::caption_queries::wanted_captions;
use crate::validate::project_paths::quoted_path;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::captions::unknown_language",
    // An error: the captions would be in another language than they say.
    severity: Severity::Error,
    skip_if_partial: true,
    summary: "captions are in the language of the script or in one of the table",
    explanation: "The words of captions are those of the script, or those of a table with the lines in \
        other languages. Name it as `table` of `captions`: a column `line` with the names of lines, and \
        a column for each language.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: german, format: srt, language: de, path: out/film.de.srt}
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s, lines: [It went out.]}
captions: {table: captions.csv}
outputs:
  - {name: film, format: streaming_1080p, path: out/film.mp4}
  - {name: german, format: srt, language: de, path: out/film.de.srt}
# captions.csv
line,de
wide.1,Es ist aus.
",
    check: report_languages,
};

fn report_languages(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let captions = &production.captions;
    // A table that cannot be read is reported, and may have any language.
    if captions.table.is_some() && !captions.has_table {
        return;
    }
    for wanted in wanted_captions(production) {
        let is_known = captions.is_script_language(wanted.language)
            || captions.translation(wanted.language).is_some();
        if is_known {
            continue;
        }
        let languages = captions
            .translations
            .iter()
            .map(|translation| translation.language.value.as_str())
            .chain([captions.language.as_str()]);
        let message = format!("there is no text in `{}`", wanted.language);
        let near = nearest_match(&wanted.language.to_lowercase(), languages);
        let help = match (near, &captions.table) {
            (Some(near), _) => format!("did you mean `{near}`?"),
            (None, Some(table)) => format!(
                "add a column `{}` to {}; the script is in `{}`",
                wanted.language,
                quoted_path(&table.path),
                captions.language
            ),
            (None, None) => format!(
                "the script is in `{}`; add `captions: {{table: captions.csv}}`, a table with the \
                 columns `line` and `{}`",
                captions.language, wanted.language
            ),
        };
        let finding = findings.finding_at(wanted.origin, message);
        findings.push(
            finding
                .with_label("not a language of the captions")
                .with_help(help),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::cut::TextExportKind;
    use crate::validate::sample::{
        only_finding, sample_export, sample_line, sample_name, sample_sound,
    };

    #[test]
    fn a_language_without_a_table_is_unknown() {
        let found = only_finding(&RULE, |production, _| {
            production.sound = Some(sample_sound());
            production.shots[0].lines = vec![sample_line("It went out.", 60)];
            let mut captions = sample_export(TextExportKind::Srt);
            captions.language = Some(sample_name("de", 61));
            production.exports.push(captions);
        });
        assert_eq!(found.message, "there is no text in `de`");
        assert_eq!(
            found.help.as_deref(),
            Some(
                "the script is in `en`; add `captions: {table: captions.csv}`, a table with the \
                 columns `line` and `de`"
            )
        );
    }
}
