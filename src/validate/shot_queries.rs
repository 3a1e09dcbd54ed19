//! Queries on shots that several rules share.

use crate::base::FileSpan;
use crate::base::work_counter::count_work;
use crate::model::Production;
use crate::model::production::{CastRole, Shot};

/// Returns every role with its shot.
pub(super) fn cast_roles(production: &Production) -> impl Iterator<Item = (&Shot, &CastRole)> {
    production
        .shots
        .iter()
        .flat_map(|shot| shot.cast.iter().map(move |role| (shot, role)))
}

/// Returns the roles of each character with their shots, by the character's index.
// Walking all shots for each character is quadratic.
pub(super) fn roles_by_character(production: &Production) -> Vec<Vec<(&Shot, &CastRole)>> {
    let mut roles = vec![Vec::new(); production.characters.len()];
    for (shot, role) in cast_roles(production) {
        count_work(1);
        if let Some(known) = role.character.index.and_then(|index| roles.get_mut(index)) {
            known.push((shot, role));
        }
    }
    roles
}

/// Returns the place that sets a shot's length, or else its name.
pub(super) fn length_origin(shot: &Shot) -> FileSpan {
    shot.range_origin
        .or_else(|| shot.duration.as_ref().map(|duration| duration.origin))
        .unwrap_or(shot.name.origin)
}

/// Returns the shots with a frame range.
// Every other shot starts at the same first frame, so its numbers say nothing about order or
// overlap.
pub(super) fn numbered_shots(production: &Production) -> impl Iterator<Item = &Shot> {
    production
        .shots
        .iter()
        .filter(|shot| shot.range_origin.is_some())
}

/// Returns the lowest and highest frame of a shot. `None`: it has no frames.
pub(super) fn frame_bounds(shot: &Shot) -> Option<(i32, i32)> {
    shot.frames.bounds()
}
