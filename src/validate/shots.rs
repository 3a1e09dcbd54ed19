//! Questions that several rules ask of shots.

use crate::base::Origin;
use crate::model::Production;
use crate::model::production::{Reference, Role, Scene, Shot};

/// Returns every role with its shot.
pub(super) fn roles(production: &Production) -> impl Iterator<Item = (&Shot, &Role)> {
    production.shots.iter().flat_map(|shot| shot.cast.iter().map(move |role| (shot, role)))
}

/// Returns the names in these references that mean nothing known.
pub(super) fn unknown<'a>(
    references: impl Iterator<Item = &'a Reference>,
) -> impl Iterator<Item = &'a Reference> {
    references.filter(|reference| reference.index.is_none() && !reference.name.hole)
}

/// Returns the place that says how long a shot is, or else its name.
pub(super) fn length_origin(shot: &Shot) -> Origin {
    shot.range.or_else(|| shot.duration.as_ref().map(|duration| duration.origin)).unwrap_or(shot.name.origin)
}

/// Returns the shots whose frames the document numbers; the others have numbers of their own, each from the same first.
pub(super) fn numbered(production: &Production) -> impl Iterator<Item = &Shot> {
    production.shots.iter().filter(|shot| shot.range.is_some())
}

/// Returns the lowest and highest frame of a shot.
pub(super) fn bounds(shot: &Shot) -> Option<(i32, i32)> {
    shot.frames.bounds()
}

/// Returns the scene of the script that a shot belongs to.
pub(super) fn scene_of<'a>(production: &'a Production, shot: &Shot) -> Option<&'a Scene> {
    let number = shot.scene.value;
    // Nearly every script counts its scenes from 1, so the scene is where its number says.
    let usual = number.checked_sub(1).and_then(|at| production.scenes.get(usize::try_from(at).ok()?));
    let usual = usual.filter(|scene| scene.number == number);
    usual.or_else(|| production.scenes.iter().find(|scene| scene.number == number))
}

/// Returns the shots of a scene.
pub(super) fn of_scene<'a>(production: &'a Production, scene: &Scene) -> impl Iterator<Item = &'a Shot> {
    let number = scene.number;
    production.shots.iter().filter(move |shot| shot.scene.value == number)
}
