//! Every shot is long enough for its words.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::SceneSpeech;
use crate::model::spoken_words::shots_with_speech;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::rushed_words",
    // A warning: words are counted, not spoken, and a shot may be followed by the rest of the
    // speech.
    severity: Severity::Warning,
    skip_if_partial: true,
    summary: "every shot is long enough for its words",
    explanation: "The shots of the scene in which someone talks are as many as its speeches, and \
        by the same people in the same order, so each shot has its speech. This one ends before \
        its words can be spoken, even at four words a second, which is faster than most people can \
        follow. In languages without spaces, such as Chinese, Japanese and Thai, characters are \
        counted. Give the shot more frames, or the character fewer words.",
    wrong: "\
shots:
  - {name: talks, template: character_mcu, character: mara, action: talk, location: pier, duration: 1s}

# script.fountain
EXT. PIER - DUSK

MARA
Nine boats are out there, Ilya, and there is only one way in.
",
    right: "\
shots:
  - {name: talks, template: character_mcu, character: mara, action: talk, location: pier, duration: 5s}

# script.fountain
EXT. PIER - DUSK

MARA
Nine boats are out there, Ilya, and there is only one way in.
",
    check: report_rushed_words,
};

fn report_rushed_words(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    // Lines with sound have lengths of their own, which `sound::line_too_long` knows. It looks
    // at them as soon as the sound is not left out any more.
    if production.asks_for_sound() {
        return;
    }
    let Production {
        characters,
        scenes,
        shots,
        ..
    } = production;
    for (index, speech) in shots_with_speech(characters, scenes, shots) {
        let shot = &shots[index];
        let lasts = production.render.rate.duration_seconds(shot.frames.len());
        let needs = speech.least_seconds;
        if shot.frames.is_empty() || lasts >= needs {
            continue;
        }
        let message = format!(
            "shot `{}` lasts {lasts:.1} s, but its {} need {needs:.1} s at the least",
            shot.name.value,
            spoken_units(speech)
        );
        let finding = findings
            .finding_at(length_origin(shot), message)
            .with_label("ends before the words");
        let finding = finding.with_related(speech.speaker.origin, "the words");
        findings.push(finding.with_help(format!(
            "at an easy pace they take about {:.1} s",
            speech.seconds
        )));
    }
}

/// Returns `12 words`, `28 characters` or both.
fn spoken_units(speech: &SceneSpeech) -> String {
    match (speech.characters, speech.words) {
        (0, words) => format!("{words} words"),
        (characters, 0) => format!("{characters} characters"),
        (characters, words) => format!("{characters} characters and {words} words"),
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::Production;
    use crate::model::production::SceneSpeech;
    use crate::validate::sample::{assert_no_findings, only_finding, sample_speech};

    /// Lets one speak in each of the two shots of 2 seconds.
    fn says(production: &mut Production, words: usize, speakers: [&str; 2]) {
        let speech = |who: &&str| SceneSpeech {
            words,
            least_seconds: f64::from(u32::try_from(words).unwrap()) / 4.0,
            seconds: 9.0,
            ..sample_speech(who, 93)
        };
        production.scenes[0].speeches = speakers.iter().map(speech).collect();
        production.shots[0].cast[0].action = "talk".to_owned();
        production.shots[1].cast[1].action = "talk".to_owned();
    }

    #[test]
    fn a_shot_shorter_than_its_dialogue_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            says(production, 12, ["MARA", "ILYA"]);
        });
        assert_eq!(
            found.message,
            "shot `wide` lasts 2.0 s, but its 12 words need 3.0 s at the least"
        );
        assert_eq!(
            found.help.as_deref(),
            Some("at an easy pace they take about 9.0 s")
        );
    }

    #[test]
    fn characters_are_counted_where_there_are_no_spaces() {
        let found = only_finding(&RULE, |production, _| {
            says(production, 0, ["MARA", "ILYA"]);
            let speech = &mut production.scenes[0].speeches[0];
            speech.characters = 28;
            speech.least_seconds = 4.4;
        });
        assert_eq!(
            found.message,
            "shot `wide` lasts 2.0 s, but its 28 characters need 4.4 s at the least"
        );
    }

    #[test]
    fn words_that_others_speak_are_of_no_known_shot() {
        assert_no_findings(|production, _| says(production, 12, ["ILYA", "MARA"]));
        assert_no_findings(|production, _| {
            says(production, 12, ["MARA", "ILYA"]);
            production.scenes[0].speeches.pop();
        });
    }

    #[test]
    fn a_quick_speech_fits() {
        assert_no_findings(|production, _| says(production, 8, ["MARA", "ILYA"]));
    }
}
