//! Cuts between the shots of one scene, for rules on continuity.

use crate::model::Production;
use crate::model::production::{CastRole, Shot};
use crate::model::shot_staging::FacingDirection;

/// Returns every two consecutive shots of one scene in one location that are both written, not
/// derived.
///
/// There are none if the production delivers only picture sequences, such as sprites.
pub(super) fn scene_cuts(production: &Production) -> impl Iterator<Item = (&Shot, &Shot)> {
    let outputs = &production.outputs;
    // Without outputs nobody knows yet what is delivered, so a film is assumed.
    let has_cuts = outputs.is_empty()
        || outputs
            .iter()
            .any(|output| !output.format.codec.is_sequence());
    let shots = if has_cuts {
        production.shots.as_slice()
    } else {
        &[]
    };
    shots
        .windows(2)
        .map(|pair| (&pair[0], &pair[1]))
        .filter(|(before, after)| {
            before.scene.value == after.scene.value
                && location_index(before) == location_index(after)
                // Coverage is derived by the program. A finding about it would ask the author to
                // mend what is not in the document.
                && !before.automatic
                // Nobody knows how footage was framed.
                && before.is_drawn()
                && after.is_drawn()
                && !after.automatic
        })
}

fn location_index(shot: &Shot) -> Option<usize> {
    shot.location.as_ref().and_then(|location| location.index)
}

/// Returns where a performer looks, in degrees from the front, counter-clockwise from above.
/// `None`: the partner is too close to tell.
///
/// Positions of named marks are the usual ones; the set is not opened here.
pub(super) fn facing_degrees(cast: &[CastRole], index: usize) -> Option<f32> {
    let role = cast.get(index)?;
    match role.facing {
        FacingDirection::Front => Some(0.0),
        FacingDirection::Degrees(degrees) => Some(degrees),
        FacingDirection::Partner(other) => {
            let from = role.mark.position;
            let to = cast.get(other)?.mark.position;
            let x = to[0] - from[0];
            let z = to[2] - from[2];
            // Closer than 0.2 m the direction depends on rounding, and a rule must not guess.
            (x.hypot(z) > 0.2).then(|| x.atan2(z).to_degrees())
        }
    }
}

/// Returns the angle between two directions, 0 to 180 degrees.
pub(super) fn angle_between(first: f32, second: f32) -> f32 {
    let turn = (first - second).rem_euclid(360.0);
    turn.min(360.0 - turn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_are_compared_across_the_full_turn() {
        assert!((angle_between(170.0, -170.0) - 20.0).abs() < 1e-3);
        assert!((angle_between(0.0, 180.0) - 180.0).abs() < 1e-3);
    }
}
