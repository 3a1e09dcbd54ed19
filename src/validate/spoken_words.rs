//! Which words a shot has, when that is certain.
//!
//! A scene's written shots in which somebody talks are compared with its speeches on screen. When there are as many, by the same
//! people in the same order, each shot has its speech; otherwise nothing is known.

use super::speakers::answers_to;
use crate::model::Production;
use crate::model::production::{Character, Scene, SceneSpeech, Shot};
use std::collections::HashMap;

/// The clip of someone who speaks.
const TALK_CLIP: &str = "talk";

/// Returns every shot whose words are known, with them.
pub(super) fn shots_with_speech(production: &Production) -> Vec<(&Shot, &SceneSpeech)> {
    if production
        .scenes
        .iter()
        .all(|scene| scene.speeches.is_empty())
    {
        return Vec::new();
    }
    let mut talking: HashMap<u32, Vec<&Shot>> = HashMap::new();
    for shot in production
        .shots
        .iter()
        .filter(|shot| count_talkers(shot) > 0)
    {
        talking.entry(shot.scene.value).or_default().push(shot);
    }
    let scenes = production
        .scenes
        .iter()
        .filter_map(|scene| Some((scene, talking.get(&scene.number)?)));
    scenes
        .filter_map(|(scene, shots)| match_scene_speeches(production, scene, shots))
        .flatten()
        .collect()
}

fn match_scene_speeches<'a>(
    production: &'a Production,
    scene: &'a Scene,
    shots: &[&'a Shot],
) -> Option<Vec<(&'a Shot, &'a SceneSpeech)>> {
    let talking: Vec<(&Shot, &Character)> = shots
        .iter()
        .map(|shot| sole_talker(production, shot))
        .collect::<Option<_>>()?;
    let speeches: Vec<&SceneSpeech> = scene
        .speeches
        .iter()
        .filter(|speech| !speech.off_screen)
        .collect();
    let matches = |((_, character), speech): (&(&Shot, &Character), &&SceneSpeech)| {
        answers_to(character, &speech.speaker.value)
    };
    let all_match = talking.len() == speeches.len() && talking.iter().zip(&speeches).all(matches);
    all_match.then(|| {
        talking
            .iter()
            .map(|(shot, _)| *shot)
            .zip(speeches)
            .collect()
    })
}

fn count_talkers(shot: &Shot) -> usize {
    shot.cast
        .iter()
        .filter(|role| role.action == TALK_CLIP)
        .count()
}

/// Returns who talks in a written shot, if it is one.
fn sole_talker<'a>(
    production: &'a Production,
    shot: &'a Shot,
) -> Option<(&'a Shot, &'a Character)> {
    let role = shot
        .cast
        .iter()
        .find(|role| role.action == TALK_CLIP)
        .filter(|_| count_talkers(shot) == 1 && !shot.automatic)?;
    Some((shot, production.characters.get(role.character.index?)?))
}
