//! Queries on wardrobes that several rules share.

use super::shot_queries::cast_roles;
use crate::model::Production;
use crate::model::production::{CastRole, Character, CostumeScenes, Shot};

/// Returns the roles of a character in scenes that its wardrobe does not cover: one a scene, in
/// order. Empty if the wardrobe is not by scenes.
pub(super) fn roles_without_costume(
    production: &Production,
    index: usize,
) -> Vec<(&Shot, &CastRole)> {
    let Some(character) = production
        .characters
        .get(index)
        .filter(|character| has_ranges_only(character))
    else {
        return Vec::new();
    };
    let is_bare = |shot: &Shot| {
        // A scene number that could not be read may be any scene.
        !shot.scene.is_placeholder && character.costume_in(shot.scene.value).is_none()
    };
    let shown = cast_roles(production).filter(|(_, role)| role.character.index == Some(index));
    let mut uncovered: Vec<(&Shot, &CastRole)> = shown.filter(|(shot, _)| is_bare(shot)).collect();
    uncovered.sort_by_key(|(shot, _)| shot.scene.value);
    uncovered.dedup_by_key(|(shot, _)| shot.scene.value);
    uncovered
}

// A `default` covers every scene, and a key that cannot be read may cover any.
fn has_ranges_only(character: &Character) -> bool {
    let is_range = |scenes: CostumeScenes| matches!(scenes, CostumeScenes::Range(first, last) if first <= last);
    !character.costumes.is_empty()
        && character
            .costumes
            .iter()
            .all(|costume| is_range(costume.scenes))
}
