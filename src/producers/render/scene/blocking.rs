//! The places of performers: marks, facing, and the way to the mark.

use crate::media::gltf::GltfModel;
use crate::model::shot_staging::{FacingDirection, StageMark, StagedPerformer};
use glam::{Mat4, Quat, Vec3};

/// The angle by which a performer who looks at a partner turns to the front, in radians.
const OPEN_ANGLE: f32 = 0.35;

/// A place on the floor, and a direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PerformerPlacement {
    /// The floor under the feet.
    pub(super) floor: Vec3,
    /// Radians from +z, counter-clockwise from above.
    pub(super) yaw: f32,
}

impl PerformerPlacement {
    pub(super) fn facing_direction(&self) -> Vec3 {
        yaw_direction(self.yaw)
    }

    pub(super) fn world_matrix(&self) -> Mat4 {
        Mat4::from_rotation_translation(Quat::from_rotation_y(self.yaw), self.floor)
    }

    /// Returns the place of someone who walks at `speed` and arrives here `seconds` later.
    pub(super) fn placement_before(&self, speed: f32, seconds: f32) -> Self {
        Self {
            // The way is computed backwards from the mark, so the end of the shot is exact and the
            // first frame follows from its length.
            floor: self.floor - self.facing_direction() * (speed * seconds),
            ..*self
        }
    }
}

/// Returns the unit vector `yaw` radians from +z, counter-clockwise from above.
pub(super) fn yaw_direction(yaw: f32) -> Vec3 {
    Vec3::new(yaw.sin(), 0.0, yaw.cos())
}

/// Returns the place of a mark: the set's node of that name, else its coordinates.
pub(super) fn mark_transform(mark: &StageMark, set: Option<&GltfModel>) -> Mat4 {
    let node = mark
        .node
        .as_deref()
        .and_then(|name| set?.node_transform(name));
    let plain = Mat4::from_translation(Vec3::from(mark.position));
    node.map_or(plain, |matrix| {
        // The scale of the node is dropped. A set in centimetres would otherwise shrink its people.
        let (_, rotation, translation) = matrix.to_scale_rotation_translation();
        Mat4::from_rotation_translation(rotation, translation)
    })
}

/// Returns the place of each performer when the shot ends.
pub(super) fn final_placements(
    cast: &[StagedPerformer],
    set: Option<&GltfModel>,
) -> Vec<PerformerPlacement> {
    // Floors come first: facing a partner needs the places of both.
    let floors: Vec<Vec3> = cast
        .iter()
        .map(|performer| mark_transform(&performer.mark, set).w_axis.truncate())
        .collect();
    let yaw = |index: usize, facing: FacingDirection| match facing {
        FacingDirection::Front => 0.0,
        FacingDirection::Degrees(degrees) => degrees.to_radians(),
        FacingDirection::Partner(other) => floors
            .get(other)
            .map_or(0.0, |partner| opened_yaw(*partner - floors[index])),
    };
    cast.iter()
        .enumerate()
        .map(|(i, performer)| PerformerPlacement {
            floor: floors[i],
            yaw: yaw(i, performer.facing),
        })
        .collect()
}

/// Returns the yaw towards a partner, turned a little to +z.
fn opened_yaw(to: Vec3) -> f32 {
    // Two on one mark have no direction to each other.
    if to.x.hypot(to.z) < 0.05 {
        return 0.0;
    }
    // On stage, people in a dialogue open towards the audience. In exact profile a face shows
    // little to the camera.
    let yaw = to.x.atan2(to.z);
    yaw - yaw.clamp(-OPEN_ANGLE, OPEN_ANGLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::InputSlot;

    fn performer(x: f32, facing: FacingDirection) -> StagedPerformer {
        let mark = StageMark {
            node: None,
            position: [x, 0.0, 0.0],
        };
        StagedPerformer {
            model: InputSlot::cast(0),
            mark,
            facing,
            clip: "idle".into(),
            clip_start: 0.0,
            travel_speed: 0.0,
        }
    }

    #[test]
    fn partners_face_each_other_and_open_to_the_front() {
        let cast = [
            performer(-1.0, FacingDirection::Partner(1)),
            performer(1.0, FacingDirection::Partner(0)),
        ];
        let standings = final_placements(&cast, None);
        let left = standings[0].facing_direction();
        let right = standings[1].facing_direction();
        assert!(left.x > 0.8 && left.z > 0.2, "{left}");
        assert!(right.x < -0.8 && right.z > 0.2, "{right}");
    }

    #[test]
    fn a_walk_ends_at_the_mark() {
        let there = PerformerPlacement {
            floor: Vec3::new(1.0, 0.0, 2.0),
            yaw: 0.0,
        };
        assert_eq!(
            there.placement_before(1.5, 2.0).floor,
            Vec3::new(1.0, 0.0, -1.0)
        );
        assert_eq!(there.placement_before(1.5, 0.0), there);
    }

    #[test]
    fn a_partner_who_does_not_exist_is_looked_for_in_front() {
        assert!(
            final_placements(&[performer(0.0, FacingDirection::Partner(7))], None)[0]
                .yaw
                .abs()
                < 1e-6
        );
    }
}
