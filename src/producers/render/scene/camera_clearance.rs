//! Where the camera can be: not in a wall or behind one, and how far it may move from there.

use super::camera_moves::CameraLimits;
use super::framing::CameraSetup;
use super::obstacles::{ObstacleKind, SceneObstacles};
use super::staged_scene::FramedObject;
use crate::media::gltf::BoundingBox;
use crate::model::camera::{Camera, MoveKind, ShotSize};
use glam::Vec3;

/// The camera stays this far before an obstacle, in metres.
const STAND_OFF: f32 = 0.3;

/// The angles of an orbit at which the camera stays out of what it frames, of the whole turn.
const ORBIT_SHARES: [f32; 9] = [-0.5, -0.375, -0.25, -0.125, 0.0, 0.125, 0.25, 0.375, 0.5];

/// Returns a warning if the camera could not be where its lens and framing put it.
pub(super) fn distance_warning(
    planned: &CameraSetup,
    setup: &CameraSetup,
    obstacles: &SceneObstacles,
) -> Option<String> {
    // Small changes are not worth a warning: the framing is the same, and only a much shorter
    // distance changes the perspective visibly.
    let wider = setup.tangents.x / planned.tangents.x;
    let far = setup.distance < 0.6 * planned.distance;
    far.then(|| {
        let blocking = obstacles.nearest_kind(
            setup.subject,
            setup.view_direction(),
            planned.distance + STAND_OFF,
        );
        let what = match blocking {
            Some(ObstacleKind::Prop) => "another prop",
            Some(ObstacleKind::Person) => "someone in the way",
            // A room limits the camera also where its open side lets the ray through.
            Some(ObstacleKind::Set) | None => "the set",
        };
        let wanted = planned.distance;
        let actual = setup.distance;
        format!("{what} leaves the camera {actual:.1} m of {wanted:.1} m; a lens {wider:.1} times as wide keeps the framing")
    })
}

/// Returns the setup from outside of the thing that it frames, also while it turns about it.
pub(super) fn outside_setup(
    setup: CameraSetup,
    camera: &Camera,
    framed: &FramedObject,
) -> CameraSetup {
    let whole = matches!(
        camera.size,
        ShotSize::FullShot | ShotSize::Wide | ShotSize::ExtremeWide
    )
    .then_some(&framed.bounds);
    let turn = match camera.travel.kind {
        MoveKind::Orbit => camera.travel.amount.to_radians(),
        _ => 0.0,
    };
    let farthest = ORBIT_SHARES
        .map(|share| {
            setup
                .turned_by(share * turn)
                .outside_of(&framed.swept, whole)
        })
        .into_iter()
        .max_by(|a, b| a.distance.total_cmp(&b.distance));
    farthest.map_or(setup, |farthest| CameraSetup {
        yaw: setup.yaw,
        ..farthest
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

/// Returns the metres from the aim at which the camera can be, a little before an obstacle.
fn clear_distance(setup: &CameraSetup, obstacles: &SceneObstacles) -> f32 {
    // A small thing is framed from nearer than the usual distance to a wall.
    let gap = STAND_OFF.min(0.5 * setup.distance);
    // The rays start at the subject and not at the camera, which may be inside a wall. Their spread
    // follows the frame, so a close-up can look through a window.
    obstacles.median_reach(
        setup.subject,
        setup.view_direction(),
        setup.distance + gap,
        0.12 * setup.height.min(2.0),
    ) - gap
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
    let from_eye = |dir: Vec3, most: f32| {
        (obstacles.ray_reach(eye, dir, most + STAND_OFF) - STAND_OFF).max(0.0)
    };
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
            .min(room.map_or(far, |room| (room.max.y - STAND_OFF - eye.y).max(0.0))),
    }
}
