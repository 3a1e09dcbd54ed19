//! Matches shots with the speeches of their scene, if the match is certain.
//!
//! Compares the written shots with a talking character with the speeches on screen. If there are as
//! many, by the same people in the same order, each shot has its speech. Otherwise nothing is
//! known.

use super::speakers::answers_to;
use crate::model::production::{Character, Scene, SceneSpeech, Shot};
use crate::model::{Production, SceneNumber};
use std::collections::HashMap;

/// Name of the clip of a speaking character.
const TALK_CLIP: &str = "talk";

/// Returns every shot whose speech is known, with the speech.
pub(super) fn shots_with_speech(production: &Production) -> Vec<(&Shot, &SceneSpeech)> {
    if production
        .scenes
        .iter()
        // Most documents without dialogue end here, before any map is built.
        .all(|scene| scene.speeches.is_empty())
    {
        return Vec::new();
    }
    let mut talking: HashMap<&SceneNumber, Vec<&Shot>> = HashMap::new();
    for shot in production
        .shots
        .iter()
        .filter(|shot| count_talkers(shot) > 0)
    {
        talking.entry(&shot.scene.value).or_default().push(shot);
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
        // One shot with two talkers, or a derived one, makes the whole scene uncertain.
        .collect::<Option<_>>()?;
    let speeches: Vec<&SceneSpeech> = scene
        .speeches
        .iter()
        // A voice from off screen has no talking character.
        .filter(|speech| !speech.off_screen)
        .collect();
    let all_match = talking.len() == speeches.len()
        && talking
            .iter()
            .zip(&speeches)
            .all(|((_, character), speech)| answers_to(character, &speech.speaker.value));
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

/// Returns the shot with its only talker. `None`: it has several, or the shot is derived.
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
