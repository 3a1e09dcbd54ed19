//! Queries on wardrobes that several rules share.

use crate::model::SceneOrder;
use crate::model::production::{CastRole, Character, CostumeScenes, Shot};
use std::collections::HashSet;

/// Returns the roles of a character in scenes that its wardrobe does not cover: one a scene, in
/// order. Empty if the wardrobe is not by scenes.
pub(super) fn roles_without_costume<'a>(
    character: &Character,
    roles: &[(&'a Shot, &'a CastRole)],
    order: &SceneOrder,
) -> Vec<(&'a Shot, &'a CastRole)> {
    if !has_ranges_only(character) {
        return Vec::new();
    }
    let is_bare = |shot: &Shot| {
        // A scene number that could not be read may be any scene.
        !shot.scene.is_placeholder && character.costume_in(&shot.scene.value).is_none()
    };
    // One role a scene first: each look at a wardrobe walks over its costumes.
    let mut seen = HashSet::new();
    let mut uncovered = roles.to_vec();
    uncovered.retain(|(shot, _)| seen.insert((&shot.scene.value, shot.scene.is_placeholder)));
    uncovered.retain(|(shot, _)| is_bare(shot));
    uncovered.sort_by(|(one, _), (two, _)| order.compare(&one.scene.value, &two.scene.value));
    uncovered
}

// A `default` covers every scene, and a key that cannot be read may cover any.
fn has_ranges_only(character: &Character) -> bool {
    let is_range = |scenes: &CostumeScenes| matches!(scenes, CostumeScenes::Range(_));
    !character.costumes.is_empty()
        && character
            .costumes
            .iter()
            .all(|costume| is_range(&costume.scenes))
}
