//! The SoundFont of the production can be played. One that is cut short has a rule of its own.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::{FileUsage, mentions_with_usage};
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unreadable_font",
    // An error: the reader here is the one of the run, so music would fail as well.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "the SoundFont of the production can be read",
    explanation: "`sound_font` names the instruments of composed music: a SoundFont 2 file (`.sf2`), \
        or one with compressed samples (`.sf3`), known by its content. This file is something else, \
        or its tables are damaged; the words beside the caret say which. Copy it again from where it \
        came, name another, or leave `sound_font` out: then the font of the machine plays, or the \
        built-in instruments.",
    wrong: "\
sound: {music: elegant, sound_font: assets/not_sound.wav}
",
    right: "\
sound: {music: elegant}
",
    check: report_unreadable_font,
};

fn report_unreadable_font(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let fonts = mentions_with_usage(FileUsage::Font, production);
    report_file_problems(fonts, findings, |font| {
        let why = facts.unreadable_fonts.get(&font.asset.path)?;
        let help = "name a SoundFont (`.sf2` or `.sf3`), or leave `sound_font` out".to_owned();
        Some(FileProblem::new("cannot be played", why).with_help(help))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::file_kind::FileKind;
    use crate::validate::FileFact;
    use crate::validate::sample::{only_finding, sample_asset, sample_sound, set_file_fact};
    use std::path::PathBuf;

    #[test]
    fn a_file_that_is_no_font_is_reported_where_it_is_named() {
        let found = only_finding(&RULE, |production, facts| {
            let mut sound = sample_sound();
            sound.sound_font = Some(sample_asset("assets/our.sf2", 8));
            production.sound = Some(sound);
            set_file_fact(facts, "assets/our.sf2", FileFact::Holds(FileKind::Other));
            facts.unreadable_fonts.insert(
                PathBuf::from("assets/our.sf2"),
                "it is no SoundFont".to_owned(),
            );
        });
        assert_eq!(found.message, "SoundFont `assets/our.sf2` cannot be played");
        assert_eq!(found.label, "it is no SoundFont");
    }
}
