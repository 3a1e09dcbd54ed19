//! Music of the user's own is as long as its cue, or is repeated.

use crate::base::Severity;
use crate::model::Production;
use crate::model::sound::{MusicCue, MusicSource};
use crate::timeline::TimelineMaker;
use crate::validate::{ExternalFacts, RuleFindings, SoundFileFact, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::short_music",
    // A warning: music may end before the picture does.
    severity: Severity::Warning,
    skip_if_partial: false,
    summary: "music is as long as its cue",
    explanation: "The file ends before the last shot of its cue does, and the rest is silent, or \
        `skip` leaves out all of it. Write a smaller `skip`, write `loop: true` to repeat it, end the cue earlier with `to`, or let another cue follow.",
    wrong: "\
music: {file: assets/short.wav}
",
    right: "\
music: {file: assets/short.wav, loop: true}
",
    check: report_short_music,
};

/// Seconds that may be missing: nobody hears the end of a fade.
const ALLOWANCE: f64 = 0.1;

fn report_short_music(production: &Production, facts: &ExternalFacts, findings: &mut RuleFindings) {
    let Some(sound) = &production.sound else {
        return;
    };
    let timelines = TimelineMaker::new(production);
    for cue in &sound.music {
        let MusicSource::File {
            file, repeat, skip, ..
        } = &cue.source
        else {
            continue;
        };
        let known = facts.sound_files.get(&file.path);
        let Some(seconds) = known.and_then(SoundFileFact::seconds) else {
            continue;
        };
        let plays = seconds - f64::from(skip.value);
        let wanted = cue_seconds(&timelines, cue, sound.sample_rate);
        let name = &cue.name.value;
        if plays <= 0.0 {
            let message = format!(
                "music `{name}` skips {:.1} s of a file that lasts {seconds:.1} s",
                skip.value
            );
            let finding = findings
                .finding_at(skip.origin, message)
                .with_label("nothing of the file is left");
            findings.push(finding.with_help(format!("write a `skip` of less than {seconds:.1}")));
        } else if !repeat && plays + ALLOWANCE < wanted {
            let message =
                format!("music `{name}` plays for {plays:.1} s, but its shots last {wanted:.1} s");
            let finding = findings
                .finding_at(file.origin, message)
                .with_label("ends before its shots");
            findings.push(finding.with_help("add `loop: true`, or end it earlier with `to`"));
        }
    }
}

/// Returns how long the shots of a cue last, with the titles between them.
fn cue_seconds(timelines: &TimelineMaker<'_>, cue: &MusicCue, sample_rate: u32) -> f64 {
    let samples = timelines.cue_shots(cue, true).length;
    samples as f64 / f64::from(sample_rate.max(1))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::base::Spanned;
    use crate::model::Production;
    use crate::model::sound::{MusicCue, MusicSource};
    use crate::validate::sample::{
        assert_no_findings, only_finding, sample_asset, sample_name, sample_origin, sample_sound,
        set_sound_file,
    };
    use crate::validate::{ExternalFacts, SoundFileFact};

    fn play(production: &mut Production, facts: &mut ExternalFacts, repeat: bool, skip: f32) {
        let mut sound = sample_sound();
        sound.music = vec![MusicCue {
            name: sample_name("theme", 80),
            source: MusicSource::File {
                file: sample_asset("assets/theme.wav", 81),
                repeat,
                on_beat: false,
                skip: Spanned::new(skip, sample_origin(82)),
            },
            first_shot: 0,
            last_shot: 1,
            gain: 0.0,
            fade_in: 1.0,
            fade_out: 1.0,
        }];
        production.sound = Some(sound);
        let fact = SoundFileFact::Readable {
            sample_rate: 44_100,
            length: 132_300,
        };
        set_sound_file(facts, "assets/theme.wav", fact);
    }

    #[test]
    fn a_file_that_ends_before_its_shots_is_reported() {
        let found = only_finding(&RULE, |production, facts| {
            play(production, facts, false, 0.5);
        });
        assert_eq!(
            found.message,
            "music `theme` plays for 2.5 s, but its shots last 4.0 s"
        );
        assert_no_findings(|production, facts| play(production, facts, true, 0.5));
    }

    #[test]
    fn a_file_of_which_nothing_is_left_cannot_be_repeated() {
        for repeat in [false, true] {
            let found = only_finding(&RULE, |production, facts| {
                play(production, facts, repeat, 10.0);
            });
            assert_eq!(
                found.message,
                "music `theme` skips 10.0 s of a file that lasts 3.0 s"
            );
            assert_eq!(found.origin, sample_origin(82));
            assert_eq!(
                found.help.as_deref(),
                Some("write a `skip` of less than 3.0")
            );
        }
    }
}
