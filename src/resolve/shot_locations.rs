//! Finds the locations of shots that name none.

use super::shot_context::ShotContext;
use crate::base::Spanned;
use crate::model::SceneNumber;
use crate::model::production::{EntryRef, Shot};
use std::collections::{HashMap, HashSet};

/// Sets the location of shots that name none: the scene's, else that of the first shot in the scene
/// with one, else the only location.
pub(super) fn assign_locations(shots: &mut [Shot], shot_context: &ShotContext<'_>) {
    let by_scene = scene_locations(shots, shot_context);
    // With a single location nothing else can be meant. With two, a guess would be silent and
    // wrong.
    let only = (shot_context.locations.len() == 1).then_some(0);
    for shot in shots.iter_mut().filter(|shot| shot.location.is_none()) {
        let index = by_scene.get(&shot.scene.value).copied().or(only);
        let location = index.and_then(|index| {
            shot_context
                .locations
                .get(index)
                .map(|place| (index, place))
        });
        shot.location = location.map(|(index, place)| EntryRef {
            // The name is not written, so diagnostics about it point at the shot.
            name: Spanned::new(place.name.value.clone(), shot.origin),
            index: Some(index),
        });
    }
}

/// Returns the location of each scene: from the script, else from a location's `scenes`, else from
/// its first shot with one.
fn scene_locations(shots: &[Shot], shot_context: &ShotContext<'_>) -> HashMap<SceneNumber, usize> {
    let mut places: HashMap<SceneNumber, usize> = HashMap::new();
    let mut place = |scene: &SceneNumber, index: Option<usize>| {
        if let Some(index) = index {
            // The first source that knows a scene wins; the order below is the precedence.
            places.entry(scene.clone()).or_insert(index);
        }
    };
    shot_context
        .scenes
        .iter()
        .for_each(|scene| place(&scene.number, scene.location));
    for (index, scenes) in shot_context.scenes_of_locations.iter().enumerate() {
        scenes.iter().for_each(|scene| place(scene, Some(index)));
    }
    let mut named: HashSet<&SceneNumber> = HashSet::new();
    shots
        .iter()
        .filter_map(|shot| Some((&shot.scene.value, shot.location.as_ref()?.index)))
        .filter(|(scene, _)| named.insert(scene))
        .for_each(|(scene, index)| place(scene, index));
    places
}
