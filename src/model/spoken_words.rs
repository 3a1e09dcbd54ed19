//! Matches shots with the speeches of their scene, if the match is certain.
//!
//! Compares the written shots with a talking character with the speeches on screen. If there are as
//! many, by the same people in the same order, each shot has its speech. Otherwise nothing is
//! known.

use super::SceneNumber;
use super::production::{Character, Scene, SceneSpeech, Shot};
use super::sound::LineDelivery;
use super::speaker_names::answers_to;
use std::collections::HashMap;

/// Name of the clip of a speaking character.
const TALK_CLIP: &str = "talk";

/// Returns the index of every shot whose speech is known, with the speech.
#[must_use]
pub fn shots_with_speech<'a>(
    characters: &[Character],
    scenes: &'a [Scene],
    shots: &[Shot],
) -> Vec<(usize, &'a SceneSpeech)> {
    if scenes
        .iter()
        // Most documents without dialogue end here, before any map is built.
        .all(|scene| scene.speeches.is_empty())
    {
        return Vec::new();
    }
    let mut talking: HashMap<&SceneNumber, Vec<(usize, &Shot)>> = HashMap::new();
    let talkers = shots.iter().enumerate();
    for (index, shot) in talkers.filter(|(_, shot)| count_talkers(shot) > 0) {
        let entry = talking.entry(&shot.scene.value).or_default();
        entry.push((index, shot));
    }
    let scenes = scenes
        .iter()
        .filter_map(|scene| Some((scene, talking.get(&scene.number)?)));
    scenes
        .filter_map(|(scene, shots)| match_scene_speeches(characters, scene, shots))
        .flatten()
        .collect()
}

fn match_scene_speeches<'a>(
    characters: &[Character],
    scene: &'a Scene,
    shots: &[(usize, &Shot)],
) -> Option<Vec<(usize, &'a SceneSpeech)>> {
    let talking: Vec<(usize, &Character)> = shots
        .iter()
        .map(|(index, shot)| Some((*index, sole_talker(characters, shot)?)))
        // One shot with two talkers, or a derived one, makes the whole scene uncertain.
        .collect::<Option<_>>()?;
    let speeches: Vec<&SceneSpeech> = scene
        .speeches
        .iter()
        // A voice from off screen has no talking character.
        .filter(|speech| speech.delivery == LineDelivery::OnScreen)
        .collect();
    let all_match = talking.len() == speeches.len()
        && talking
            .iter()
            .zip(&speeches)
            .all(|((_, character), speech)| answers_to(character, &speech.speaker.value));
    all_match.then(|| {
        let indices = talking.iter().map(|(index, _)| *index);
        indices.zip(speeches).collect()
    })
}

fn count_talkers(shot: &Shot) -> usize {
    shot.cast
        .iter()
        .filter(|role| role.action == TALK_CLIP)
        .count()
}

/// Returns the only talker of a shot. `None`: it has several, or the shot is derived.
fn sole_talker<'a>(characters: &'a [Character], shot: &Shot) -> Option<&'a Character> {
    let role = shot
        .cast
        .iter()
        .find(|role| role.action == TALK_CLIP)
        .filter(|_| count_talkers(shot) == 1 && !shot.automatic)?;
    characters.get(role.character.index?)
}
