//! Every sound file can be read. One that is cut short has a rule of its own.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::file_mentions::{FileUsage, mentions_with_usage};
use crate::validate::file_problems::{FileProblem, report_file_problems};
use crate::validate::{ExternalFacts, RuleFindings, SoundFileFact, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unreadable_file",
    // An error: the reader here is the one of the run, so the run would fail as well.
    severity: Severity::Error,
    skip_if_partial: false,
    summary: "every sound file can be read",
    explanation: "The file was opened, and it is no sound file of a kind that is read, or it is \
        damaged; the words beside the caret say which. Read are WAV, AIFF, FLAC, Ogg Vorbis, MP3, \
        and AAC in MP4 or ADTS, known by their content and not by their extension. Save it again \
        as WAV or FLAC.",
    wrong: "\
music: {file: assets/not_sound.wav}
",
    right: "\
music: {mood: elegant}
",
    check: report_unreadable_files,
};

fn report_unreadable_files(
    production: &Production,
    facts: &ExternalFacts,
    findings: &mut RuleFindings,
) {
    let files = mentions_with_usage(FileUsage::Sound, production);
    report_file_problems(files, findings, |file| {
        let Some(SoundFileFact::Unreadable(why)) = facts.sound_files.get(&file.asset.path) else {
            return None;
        };
        let help = "save it again as WAV or FLAC".to_owned();
        Some(FileProblem::new("cannot be read", why).with_help(help))
    });
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::{EffectSource, ShotEffect};
    use crate::validate::SoundFileFact;
    use crate::validate::sample::{
        only_finding, sample_asset, sample_origin, sample_sound, set_sound_file,
    };

    #[test]
    fn a_file_of_an_unknown_kind_is_reported_with_its_shot() {
        let found = only_finding(&RULE, |production, facts| {
            production.sound = Some(sample_sound());
            production.shots[0].effects = vec![ShotEffect {
                source: EffectSource::File(sample_asset("assets/door.wav", 38)),
                frame: 0,
                start_origin: None,
                gain: 0.0,
                pan: None,
                origin: sample_origin(38),
            }];
            let fact = SoundFileFact::Unreadable("it is no sound file".to_owned());
            set_sound_file(facts, "assets/door.wav", fact);
        });
        assert_eq!(
            found.message,
            "sound file `assets/door.wav` of shot `wide` cannot be read"
        );
    }
}
