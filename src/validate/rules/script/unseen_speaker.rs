//! Whoever speaks in a scene is seen in it, unless the script says that the voice comes from off screen.

use crate::base::Severity;
use crate::model::Production;
use crate::model::production::{Scene, Shot};
use crate::validate::scenes::Scenes;
use crate::validate::script::{Voices, bare};
use crate::validate::{Facts, Findings, Rule};
use std::collections::HashSet;

pub(super) const RULE: Rule = Rule {
    code: "production::script::unseen_speaker",
    severity: Severity::Info,
    needs_whole: true,
    summary: "every speaker of a scene is in a shot of it",
    explanation: "The script lets a character speak in a scene whose shots never show it. That can be right; \
        then the script says so with `(O.S.)` or `(V.O.)` after the name. Otherwise a shot is \
        missing.",
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
    check,
};

fn check(production: &Production, _: &Facts, findings: &mut Findings) {
    let (scenes, voices) = (Scenes::of(production), Voices::of(production));
    for scene in &production.scenes {
        let shots = scenes.shots_of(scene);
        let seen: HashSet<Option<usize>> = shots.iter().flat_map(|shot| cast(shot)).collect();
        // A name in the shots that means nobody may mean the speaker.
        if shots.is_empty() || seen.contains(&None) {
            continue;
        }
        for speaker in scene
            .speakers
            .iter()
            .filter(|speaker| !speaker.is_placeholder)
        {
            let unseen = voices
                .of_speaker(&speaker.value)
                .is_some_and(|voice| !seen.contains(&Some(voice)));
            if unseen && !is_off_screen(scene, &speaker.value) {
                let name = bare(&speaker.value);
                let message = format!(
                    "`{name}` speaks in scene {}, but is in no shot of it",
                    scene.number
                );
                let found = findings
                    .at(speaker.origin, message)
                    .with_label("heard, not seen");
                findings.push(found.with_help(format!(
                    "add a shot of it, or write `{name} (O.S.)` for a voice"
                )));
            }
        }
    }
}

fn cast(shot: &Shot) -> impl Iterator<Item = Option<usize>> {
    shot.cast.iter().map(|role| role.character.index)
}

/// Returns whether the script says that everything this speaker says in the scene comes from off screen.
fn is_off_screen(scene: &Scene, speaker: &str) -> bool {
    let mut said = scene
        .speeches
        .iter()
        .filter(|speech| speech.speaker.value == speaker)
        .peekable();
    said.peek().is_some() && said.all(|speech| speech.off_screen)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::validate::sample::only;

    #[test]
    fn a_speaker_in_no_shot_of_the_scene_is_noted() {
        let found = only(&RULE, |production, _| {
            production
                .shots
                .iter_mut()
                .for_each(|shot| shot.cast.truncate(1))
        });
        assert_eq!(
            found.message,
            "`ILYA` speaks in scene 1, but is in no shot of it"
        );
    }
}
