//! Some shot speaks every speech of the script.

use crate::base::Severity;
use crate::model::Production;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::sound::unspoken_speech",
    // A note: a film may leave speeches of its script out.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every speech of the script is said in a shot",
    explanation: "The words are in the script, and no shot of the scene says them. Shots that are \
        derived have the lines of the script. Written shots have them where the match is certain: \
        the scene has one shot, or as many shots with one character who talks (`action: talk`) as \
        it has speeches on screen, by the same people in the same order. Elsewhere, write `lines` \
        of the shot.",
    wrong: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
  - {name: ilya, model: assets/ilya.glb, voice: en-gb+m3}
shots:
  - {name: wide, template: two_shot, characters: [mara, ilya], location: pier}
  - {name: close, template: character_mcu, character: mara, location: pier}

# script.fountain
EXT. PIER - DUSK

MARA
It went out.

ILYA
Then light it.
",
    right: "\
sound: on
characters:
  - {name: mara, model: assets/mara.glb, voice: en-gb+f3}
  - {name: ilya, model: assets/ilya.glb, voice: en-gb+m3}
shots:
  - name: wide
    template: two_shot
    characters: [mara, ilya]
    location: pier
    lines: [\"mara: It went out.\", \"ilya: Then light it.\"]
  - {name: close, template: character_mcu, character: mara, location: pier}

# script.fountain
EXT. PIER - DUSK

MARA
It went out.

ILYA
Then light it.
",
    check: report_unspoken,
};

fn report_unspoken(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let Some(sound) = &production.sound else {
        return;
    };
    for speech in &sound.unspoken {
        let message = format!(
            "no shot of scene {} says this speech of {}",
            speech.scene, speech.speaker.value
        );
        let finding = findings
            .finding_at(speech.speaker.origin, message)
            .with_label("not heard");
        findings.push(finding.with_help("write it as `lines` of a shot of the scene"));
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::model::sound::UnspokenSpeech;
    use crate::validate::sample::{only_finding, sample_name, sample_origin, sample_sound};

    #[test]
    fn a_speech_without_a_shot_is_noted_at_its_cue() {
        let found = only_finding(&RULE, |production, _| {
            let mut sound = sample_sound();
            sound.unspoken = vec![UnspokenSpeech {
                speaker: sample_name("MARA", 93),
                scene: "1".to_owned(),
            }];
            production.sound = Some(sound);
        });
        assert_eq!(found.origin, sample_origin(93));
        assert_eq!(found.message, "no shot of scene 1 says this speech of MARA");
    }
}
