//! Questions that several rules ask of wardrobes.

use super::shot_queries::cast_roles;
use crate::model::Production;
use crate::model::production::{CastRole, Character, CostumeScenes, Shot};

/// Returns where a character whose wardrobe goes by scenes appears in a scene that the wardrobe does not hold, once a
/// scene, in order. A key that cannot be read may have meant any scene.
pub(super) fn roles_without_costume(
    production: &Production,
    index: usize,
) -> Vec<(&Shot, &CastRole)> {
    let Some(character) = production
        .characters
        .get(index)
        .filter(|character| goes_by_scenes(character))
    else {
        return Vec::new();
    };
    let is_bare = |shot: &Shot| {
        !shot.scene.is_placeholder && character.costume_in(shot.scene.value).is_none()
    };
    let shown = cast_roles(production).filter(|(_, role)| role.character.index == Some(index));
    let mut uncovered: Vec<(&Shot, &CastRole)> = shown.filter(|(shot, _)| is_bare(shot)).collect();
    uncovered.sort_by_key(|(shot, _)| shot.scene.value);
    uncovered.dedup_by_key(|(shot, _)| shot.scene.value);
    uncovered
}

fn goes_by_scenes(character: &Character) -> bool {
    let is_range = |scenes: CostumeScenes| matches!(scenes, CostumeScenes::Range(first, last) if first <= last);
    !character.costumes.is_empty()
        && character
            .costumes
            .iter()
            .all(|costume| is_range(costume.scenes))
}
