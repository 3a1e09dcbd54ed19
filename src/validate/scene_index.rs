//! Index of scenes and their shots by scene number.

use crate::model::production::{Scene, Shot};
use crate::model::{Production, SceneNumber};
use std::collections::HashMap;

/// Scenes and shots by scene number.
#[derive(Debug)]
// Without an index, a rule would walk all shots for each scene: quadratic for a long film.
pub(super) struct SceneIndex<'a> {
    scenes: HashMap<&'a SceneNumber, &'a Scene>,
    shots: HashMap<&'a SceneNumber, Vec<&'a Shot>>,
}

impl<'a> SceneIndex<'a> {
    /// Builds the index. Of two scenes with one number, the first counts.
    pub(super) fn from_production(production: &'a Production) -> Self {
        let mut scenes = HashMap::new();
        for scene in &production.scenes {
            scenes.entry(&scene.number).or_insert(scene);
        }
        let mut shots: HashMap<&SceneNumber, Vec<&Shot>> = HashMap::new();
        for shot in &production.shots {
            shots.entry(&shot.scene.value).or_default().push(shot);
        }
        Self { scenes, shots }
    }

    /// Returns whether the script has a scene of this number.
    pub(super) fn has_scene(&self, number: &SceneNumber) -> bool {
        self.scenes.contains_key(number)
    }

    /// Returns the scene of the script that a shot belongs to.
    pub(super) fn scene_of(&self, shot: &Shot) -> Option<&'a Scene> {
        self.scenes.get(&shot.scene.value).copied()
    }

    /// Returns the shots of a scene, in the order written.
    pub(super) fn shots_of(&self, scene: &Scene) -> &[&'a Shot] {
        self.shots.get(&scene.number).map_or(&[], Vec::as_slice)
    }

    /// Returns whether a shot of this scene has no location of its own and so needs the scene's.
    pub(super) fn has_shot_without_location(&self, scene: &Scene) -> bool {
        self.shots_of(scene)
            .iter()
            .any(|shot| shot.location.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::sample;

    #[test]
    fn shots_are_found_by_the_number_of_their_scene() {
        let mut production = sample::sample_production();
        production.scenes.push(sample::sample_scene(12, 95));
        production.shots[1].scene.value = 12.into();
        let scenes = SceneIndex::from_production(&production);
        let names = |scene| {
            scenes
                .shots_of(scene)
                .iter()
                .map(|shot| &*shot.name.value)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            production.scenes.iter().map(names).collect::<Vec<_>>(),
            [["wide"], ["close"]]
        );
        assert_eq!(
            scenes
                .scene_of(&production.shots[1])
                .map(|scene| scene.number.clone()),
            Some(12.into())
        );
        assert!(scenes.has_scene(&12.into()) && !scenes.has_scene(&2.into()));
    }
}
