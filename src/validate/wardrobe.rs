//! Questions that several rules ask of wardrobes.

use super::shots::roles;
use crate::model::Production;
use crate::model::production::{CastRole, Character, CostumeScenes, Shot};

/// Returns where a character whose wardrobe goes by scenes appears in a scene that the wardrobe does not hold, once a
/// scene, in order. A key that cannot be read may have meant any scene.
pub(super) fn bare(production: &Production, at: usize) -> Vec<(&Shot, &CastRole)> {
    let Some(character) = production
        .characters
        .get(at)
        .filter(|character| goes_by_scenes(character))
    else {
        return Vec::new();
    };
    let is_bare = |shot: &Shot| {
        !shot.scene.is_placeholder && character.costume_in(shot.scene.value).is_none()
    };
    let shown = roles(production).filter(|(_, role)| role.character.index == Some(at));
    let mut found: Vec<(&Shot, &CastRole)> = shown.filter(|(shot, _)| is_bare(shot)).collect();
    found.sort_by_key(|(shot, _)| shot.scene.value);
    found.dedup_by_key(|(shot, _)| shot.scene.value);
    found
}

fn goes_by_scenes(character: &Character) -> bool {
    let is_range = |scenes: CostumeScenes| matches!(scenes, CostumeScenes::Range(first, last) if first <= last);
    !character.costumes.is_empty()
        && character
            .costumes
            .iter()
            .all(|costume| is_range(costume.scenes))
}
