//! Which words a shot has, when that is certain.
//!
//! A scene's written shots in which somebody talks are compared with its speeches. When there are as many, by the same
//! people in the same order, each shot has its speech; otherwise nothing is known.

use super::script::answers_to;
use super::shots::of_scene;
use crate::model::Production;
use crate::model::production::{Character, Scene, Shot, Speech};

/// The clip of someone who speaks.
const TALK: &str = "talk";

/// Returns every shot whose words are known, with them.
pub(super) fn spoken(production: &Production) -> Vec<(&Shot, &Speech)> {
    production.scenes.iter().filter_map(|scene| in_scene(production, scene)).flatten().collect()
}

fn in_scene<'a>(production: &'a Production, scene: &'a Scene) -> Option<Vec<(&'a Shot, &'a Speech)>> {
    let talking: Vec<(&Shot, &Character)> = of_scene(production, scene)
        .filter(|shot| talkers(shot) > 0)
        .map(|shot| talker(production, shot))
        .collect::<Option<_>>()?;
    let matches = |((_, character), speech): (&(&Shot, &Character), &Speech)| {
        !speech.off_screen && answers_to(character, &speech.speaker.value)
    };
    let all = talking.len() == scene.speeches.len() && talking.iter().zip(&scene.speeches).all(matches);
    all.then(|| talking.iter().map(|(shot, _)| *shot).zip(&scene.speeches).collect())
}

fn talkers(shot: &Shot) -> usize {
    shot.cast.iter().filter(|role| role.action == TALK).count()
}

/// Returns who talks in a written shot, if it is one.
fn talker<'a>(production: &'a Production, shot: &'a Shot) -> Option<(&'a Shot, &'a Character)> {
    let role = shot
        .cast
        .iter()
        .find(|role| role.action == TALK)
        .filter(|_| talkers(shot) == 1 && !shot.automatic)?;
    Some((shot, production.characters.get(role.character.index?)?))
}
