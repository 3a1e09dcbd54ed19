//! Where the camera can stand: not in a wall, not behind one, and how far it may go from there.

use super::framing::Setup;
use super::obstacles::Obstacles;
use super::travel::Freedom;
use crate::media::gltf::BoundingBox;
use glam::Vec3;

/// Returns what to say of a camera that could not stand where its lens and framing put it.
pub(super) fn moved(planned: &Setup, setup: &Setup) -> Option<String> {
    let wider = setup.tangents.x / planned.tangents.x;
    let far = setup.distance < 0.6 * planned.distance;
    far.then(|| {
        let (wanted, got) = (planned.distance, setup.distance);
        format!("the set leaves the camera {got:.1} m of {wanted:.1} m; a lens {wider:.1} times as wide keeps the framing")
    })
}

/// Returns the setup from a place where nothing is in the way: nearer with a shorter lens, or a little around.
pub(super) fn cleared(setup: Setup, obstacles: &Obstacles) -> Setup {
    let free = |setup: &Setup| clear_distance(setup, obstacles) / setup.distance;
    let sides = [0.0, 15.0, -15.0, 30.0, -30.0, 50.0, -50.0_f32]
        .map(|degrees| setup.turned(degrees.to_radians()));
    let open = sides.iter().find(|setup| free(setup) >= 0.75);
    let best = open.copied().unwrap_or_else(|| {
        sides
            .into_iter()
            .max_by(|a, b| free(a).total_cmp(&free(b)))
            .unwrap_or(setup)
    });
    best.within(clear_distance(&best, obstacles))
}

/// Returns how far from the aim the camera can stand, a hand's width before what is in the way.
fn clear_distance(setup: &Setup, obstacles: &Obstacles) -> f32 {
    let most = setup.distance + 0.3;
    obstacles.clearance(
        setup.subject,
        setup.direction(),
        most,
        0.12 * setup.height.min(2.0),
    ) - 0.3
}

pub(super) fn freedom(setup: &Setup, obstacles: &Obstacles, room: Option<BoundingBox>) -> Freedom {
    let eye = setup.eye();
    let right = (-setup.direction()).cross(Vec3::Y).normalize_or(Vec3::X);
    let from_eye = |dir: Vec3, most: f32| (obstacles.reach(eye, dir, most + 0.3) - 0.3).max(0.0);
    let far = setup.distance * 3.0;
    Freedom {
        // In a room the lens does what the camera has no space for.
        reach: setup.distance
            + if room.is_some() {
                0.0
            } else {
                from_eye(setup.direction(), far)
            },
        sideways: from_eye(right, far).min(from_eye(-right, far)),
        upward: from_eye(Vec3::Y, far)
            .min(room.map_or(far, |room| (room.max.y - 0.3 - eye.y).max(0.0))),
    }
}
