//! No shot lasts much longer than its words.

use crate::base::Severity;
use crate::model::Production;
use crate::model::spoken_words::shots_with_speech;
use crate::validate::shot_queries::length_origin;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

/// Factor on the duration of the words, and seconds added for looks before and after.
const LENGTH_ALLOWANCE: (f64, f64) = (3.0, 4.0);

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::sparse_words",
    // A note: a long pause may be acting.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "no shot lasts much longer than its words",
    explanation: "The shots of the scene in which someone talks are as many as its speeches, and \
        by the same people in the same order, so each shot has its speech. This one lasts much \
        longer than its words, so the character stands talking with nothing to say. Shorten it, or \
        let another shot hold the silence.",
    wrong: "\
shots:
  - {name: talks, template: character_mcu, character: mara, action: talk, location: pier, duration: 20s}

# script.fountain
EXT. PIER - DUSK

MARA
It went out.
",
    right: "\
shots:
  - {name: talks, template: character_mcu, character: mara, action: talk, location: pier, duration: 3s}

# script.fountain
EXT. PIER - DUSK

MARA
It went out.
",
    check: report_sparse_words,
};

fn report_sparse_words(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let Production {
        characters,
        scenes,
        shots,
        ..
    } = production;
    for (index, speech) in shots_with_speech(characters, scenes, shots) {
        let shot = &shots[index];
        let lasts = production.render.rate.duration_seconds(shot.frames.len());
        if lasts <= speech.seconds * LENGTH_ALLOWANCE.0 + LENGTH_ALLOWANCE.1 {
            continue;
        }
        let message = format!(
            "shot `{}` lasts {lasts:.1} s, but its words take about {:.1} s",
            shot.name.value, speech.seconds
        );
        let finding = findings
            .finding_at(length_origin(shot), message)
            .with_label("talks with nothing to say");
        findings.push(finding.with_related(speech.speaker.origin, "the words"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::FrameList;
    use crate::model::production::SceneSpeech;
    use crate::validate::sample::{only_finding, sample_speech};

    #[test]
    fn a_shot_much_longer_than_its_dialogue_is_reported() {
        let found = only_finding(&RULE, |production, _| {
            let speech = SceneSpeech {
                words: 2,
                least_seconds: 0.5,
                seconds: 1.5,
                ..sample_speech("MARA", 93)
            };
            production.scenes[0].speeches.push(speech);
            production.shots.truncate(1);
            production.shots[0].cast[0].action = "talk".to_owned();
            production.shots[0].frames = FrameList::count_from(1, 480);
        });
        assert_eq!(
            found.message,
            "shot `wide` lasts 20.0 s, but its words take about 1.5 s"
        );
    }
}
