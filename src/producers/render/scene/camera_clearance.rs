//! Where the camera can be: not in a wall or behind one, and how far it may move from there.

use super::camera_moves::CameraLimits;
use super::framing::CameraSetup;
use super::obstacles::SceneObstacles;
use crate::media::gltf::BoundingBox;
use glam::Vec3;

/// Returns a warning if the camera could not be where its lens and framing put it.
pub(super) fn distance_warning(planned: &CameraSetup, setup: &CameraSetup) -> Option<String> {
    // Small changes are not worth a warning: the framing is the same, and only a much shorter
    // distance changes the perspective visibly.
    let wider = setup.tangents.x / planned.tangents.x;
    let far = setup.distance < 0.6 * planned.distance;
    far.then(|| {
        let wanted = planned.distance;
        let actual = setup.distance;
        format!("the set leaves the camera {actual:.1} m of {wanted:.1} m; a lens {wider:.1} times as wide keeps the framing")
    })
}

/// Returns the setup from a place with a free view: from a little around, or nearer with a shorter
/// lens.
pub(super) fn clear_setup(setup: CameraSetup, obstacles: &SceneObstacles) -> CameraSetup {
    // Turning keeps the lens that the document names, so it is tried before moving nearer. Small
    // angles are first, because the direction too is the document's choice.
    let free = |setup: &CameraSetup| clear_distance(setup, obstacles) / setup.distance;
    let sides = [0.0, 15.0, -15.0, 30.0, -30.0, 50.0, -50.0_f32]
        .map(|degrees| setup.turned_by(degrees.to_radians()));
    let open = sides.iter().find(|setup| free(setup) >= 0.75);
    let best = open.copied().unwrap_or_else(|| {
        sides
            .into_iter()
            .max_by(|a, b| free(a).total_cmp(&free(b)))
            .unwrap_or(setup)
    });
    best.within_reach(clear_distance(&best, obstacles))
}

/// Returns the metres from the aim at which the camera can be, 0.3 m before an obstacle.
fn clear_distance(setup: &CameraSetup, obstacles: &SceneObstacles) -> f32 {
    // The rays start at the subject and not at the camera, which may be inside a wall. Their spread
    // follows the frame, so a close-up can look through a window.
    let most = setup.distance + 0.3;
    obstacles.median_reach(
        setup.subject,
        setup.view_direction(),
        most,
        0.12 * setup.height.min(2.0),
    ) - 0.3
}

pub(super) fn camera_limits(
    setup: &CameraSetup,
    obstacles: &SceneObstacles,
    room: Option<BoundingBox>,
) -> CameraLimits {
    let eye = setup.camera_position();
    let right = (-setup.view_direction())
        .cross(Vec3::Y)
        .normalize_or(Vec3::X);
    // Moves are limited once for the whole shot. A limit for each frame would let the camera jump
    // when it comes near an obstacle.
    let from_eye =
        |dir: Vec3, most: f32| (obstacles.ray_reach(eye, dir, most + 0.3) - 0.3).max(0.0);
    let far = setup.distance * 3.0;
    CameraLimits {
        // In a room, the lens does what the camera has no space for.
        reach: setup.distance
            + if room.is_some() {
                0.0
            } else {
                from_eye(setup.view_direction(), far)
            },
        sideways: from_eye(right, far).min(from_eye(-right, far)),
        upward: from_eye(Vec3::Y, far)
            .min(room.map_or(far, |room| (room.max.y - 0.3 - eye.y).max(0.0))),
    }
}
