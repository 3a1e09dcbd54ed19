//! Every speaker of a scene is in one of its shots, unless the script marks the voice as off
//! screen.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::{Scene, Shot};
use crate::model::sound::LineDelivery;
use crate::model::speaker_names::bare_speaker_name;
use crate::validate::scene_index::SceneIndex;
use crate::validate::speakers::SpeakerIndex;
use crate::validate::{ExternalFacts, RuleFindings, ValidationRule};
use std::collections::{HashMap, HashSet};

pub(super) const RULE: ValidationRule = ValidationRule {
    code: "production::script::unseen_speaker",
    // A note: films let people speak out of frame all the time.
    severity: Severity::Info,
    skip_if_partial: true,
    summary: "every speaker of a scene is in a shot of it",
    explanation: "The script lets a character speak in a scene whose shots never show it. That can \
        be right; then the script says so with `(O.S.)` or `(V.O.)` after the name. Otherwise a \
        shot is missing.",
    wrong: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: later, template: two_shot, characters: [mara, ilya], scene: 2, location: pier}

# script.fountain
EXT. PIER - DUSK

ILYA
It went out at four.

EXT. PIER - NIGHT

They wait.
",
    right: "\
characters:
  - {name: mara, model: assets/mara.glb}
  - {name: ilya, model: assets/ilya.glb}
shots:
  - {name: wide, template: character_full, character: mara, location: pier, duration: 4s}
  - {name: later, template: two_shot, characters: [mara, ilya], scene: 2, location: pier}
locations:
  - {name: pier, preset: harbour_dusk, headings: [EXT. PIER - DUSK, EXT. PIER - NIGHT]}

# script.fountain
EXT. PIER - DUSK

ILYA (O.S.)
It went out at four.

EXT. PIER - NIGHT

They wait.
",
    check: report_unseen_speakers,
};

fn report_unseen_speakers(production: &Production, _: &ExternalFacts, findings: &mut RuleFindings) {
    let scenes = SceneIndex::from_production(production);
    let voices = SpeakerIndex::from_production(production);
    for scene in &production.scenes {
        // A scene without shots has its own finding.
        let shots = scenes.shots_of(scene);
        let seen: HashSet<Option<usize>> =
            shots.iter().flat_map(|shot| cast_indices(shot)).collect();
        // An unknown name in the shots may mean the speaker.
        if shots.is_empty() || seen.contains(&None) {
            continue;
        }
        let off_screen = off_screen_speakers(scene);
        for speaker in scene
            .speakers
            .iter()
            .filter(|speaker| !speaker.is_placeholder)
        {
            let unseen = voices
                .character_index(&speaker.value)
                // A speaker who is no character is reported by `uncast_speaker`.
                .is_some_and(|voice| !seen.contains(&Some(voice)));
            if unseen && !off_screen.contains(speaker.value.as_str()) {
                let name = bare_speaker_name(&speaker.value);
                let message = format!(
                    "`{name}` speaks in scene {}, but is in no shot of it",
                    scene.number
                );
                let finding = findings
                    .finding_at(speaker.origin, message)
                    .with_label("in no shot of the scene");
                findings.push(finding.with_help(format!(
                    "add a shot of it, or write `{name} (O.S.)` for a voice"
                )));
            }
        }
    }
}

fn cast_indices(shot: &Shot) -> impl Iterator<Item = Option<usize>> {
    shot.cast.iter().map(|role| role.character.index)
}

/// Returns the speakers whose speeches in the scene are all marked as off screen.
fn off_screen_speakers(scene: &Scene) -> HashSet<&str> {
    let mut always: HashMap<&str, bool> = HashMap::new();
    for speech in &scene.speeches {
        // One speech on screen is enough to expect the speaker in a shot.
        *always.entry(&speech.speaker.value).or_insert(true) &=
            speech.delivery != LineDelivery::OnScreen;
    }
    always.retain(|_, always| *always);
    always.into_keys().collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only_finding;

    #[test]
    fn a_speaker_in_no_shot_of_the_scene_is_noted() {
        let found = only_finding(&RULE, |production, _| {
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.cast.truncate(1));
        });
        assert_eq!(
            found.message,
            "`ILYA` speaks in scene 1, but is in no shot of it"
        );
    }
}
