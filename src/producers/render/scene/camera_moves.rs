//! Camera moves: from a setup and the progress of the shot to a view. Pure arithmetic. The subject
//! stays framed throughout.

use super::framing::CameraSetup;
use crate::gpu::ViewCamera;
use crate::model::camera::{CameraMove, MoveKind};
use glam::{Quat, Vec2, Vec3};

/// How close a move comes beyond the framing of the document, as a part of its distance.
const CLOSEST_FACTOR: f32 = 0.5;

/// The limits of moves in this set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CameraLimits {
    /// The most metres from the aim.
    pub(super) reach: f32,
    /// The most metres to each side.
    pub(super) sideways: f32,
    /// The most metres upwards.
    pub(super) upward: f32,
}

/// The camera at one moment of a move.
#[derive(Debug, Clone, Copy)]
struct MovingCamera {
    eye: Vec3,
    aim: Vec3,
    roll: f32,
    tangents: Vec2,
}

/// Returns the view at `progress` (0 to 1 within the shot, before easing), `seconds` into the shot.
pub(super) fn move_camera(
    setup: &CameraSetup,
    travel: &CameraMove,
    limits: &CameraLimits,
    progress: f32,
    seconds: f32,
) -> ViewCamera {
    let s = travel.easing.apply_beyond(progress);
    let amount = travel.amount;
    let moving = match travel.kind {
        MoveKind::Static => static_camera(setup),
        // A dolly ends or starts at the framing that the document names, and its other end is
        // farther away. Pans, trucks and orbits have it in their middle.
        MoveKind::DollyIn => dolly_camera(setup, limits, 1.0 + amount.max(0.0) * (1.0 - s), 0.0),
        MoveKind::DollyOut => dolly_camera(setup, limits, 1.0 + amount.max(0.0) * s, 0.0),
        MoveKind::PushIn => dolly_camera(setup, limits, 1.0 + amount.max(0.0) * (1.0 - s), 0.35),
        MoveKind::Orbit => orbit_camera(setup, (s - 0.5) * amount.to_radians()),
        MoveKind::PanLeft => pan_camera(setup, (s - 0.5) * amount.to_radians(), 0.0),
        MoveKind::PanRight => pan_camera(setup, (0.5 - s) * amount.to_radians(), 0.0),
        MoveKind::TiltUp => pan_camera(setup, 0.0, (s - 0.5) * amount.to_radians()),
        MoveKind::TiltDown => pan_camera(setup, 0.0, (0.5 - s) * amount.to_radians()),
        MoveKind::TruckLeft => truck_camera(setup, limits, (0.5 - s) * amount),
        MoveKind::TruckRight => truck_camera(setup, limits, (s - 0.5) * amount),
        MoveKind::CraneUp => crane_camera(setup, limits, s * amount),
        MoveKind::CraneDown => crane_camera(setup, limits, (1.0 - s) * amount),
        MoveKind::Handheld => static_camera(setup),
    };
    let moving = MovingCamera {
        // Every move can lead below the floor or into the thing that is framed, so the limits are
        // applied to their result.
        eye: outside_solid(moving.eye.with_y(moving.eye.y.max(setup.lowest)), setup),
        ..moving
    };
    let lens = view_from(&moving, setup);
    if travel.kind == MoveKind::Handheld {
        // A hand is as unsteady near a small thing, and a sway of centimetres would lose it.
        let sway = amount * setup.distance.min(1.0);
        shake_handheld(&lens, amount, sway, seconds)
    } else {
        lens
    }
}

fn static_camera(setup: &CameraSetup) -> MovingCamera {
    MovingCamera {
        eye: setup.camera_position(),
        aim: setup.aim,
        roll: setup.roll,
        tangents: setup.tangents,
    }
}

/// Returns the camera `factor` times as far away. `zoom` is the share that the lens adds.
fn dolly_camera(
    setup: &CameraSetup,
    limits: &CameraLimits,
    factor: f32,
    zoom: f32,
) -> MovingCamera {
    // Behind the last frame a move may go on towards the subject, but not through it.
    let factor = factor.max(CLOSEST_FACTOR);
    let wanted = setup.distance * factor;
    // Where the set ends, the lens does the rest, so the frame is the same in a small room.
    let distance = wanted.min(limits.reach.max(setup.distance));
    let frame_height = setup.height * (factor + zoom * (factor - 1.0));
    let tangents = setup.tangents * (frame_height / setup.height) * (setup.distance / distance);
    let tangents = tangents * (1.2 / tangents.x).min(1.0);
    MovingCamera {
        eye: setup.aim + setup.view_direction() * distance,
        tangents,
        ..static_camera(setup)
    }
}

fn orbit_camera(setup: &CameraSetup, radians: f32) -> MovingCamera {
    let turned = setup.turned_by(radians);
    // The camera turns about the subject and not about the aim. Look room shifts the aim, and the
    // subject would swing out of the frame.
    let shift = Quat::from_rotation_y(radians) * (setup.aim - setup.subject);
    MovingCamera {
        eye: setup.subject + shift + turned.view_direction() * setup.distance,
        aim: setup.subject + shift,
        ..static_camera(setup)
    }
}

/// Turns the camera in place, as far as the subject stays in frame.
fn pan_camera(setup: &CameraSetup, left: f32, up: f32) -> MovingCamera {
    let room = turn_limits(setup);
    let left = left.clamp(-room.x, room.x);
    let up = up.clamp(-room.y, room.y);
    let forward = -setup.view_direction();
    let right = forward.cross(Vec3::Y).normalize_or(Vec3::X);
    let turn = Quat::from_rotation_y(left) * Quat::from_axis_angle(right, up);
    MovingCamera {
        aim: setup.camera_position() + turn * forward * setup.distance,
        ..static_camera(setup)
    }
}

/// Returns the tangents by which the camera may turn, across and up, before the subject leaves the
/// frame.
fn turn_limits(setup: &CameraSetup) -> Vec2 {
    let half = setup.tangents * setup.distance;
    let off = (setup.subject - setup.aim).abs();
    let free = (half - setup.safe_extent - Vec2::new(off.x.hypot(off.z), off.y)) / setup.distance;
    // A subject that fills the frame would allow no turn at all. A pan that does nothing would look
    // like a fault, so a little is always allowed.
    free.max(setup.tangents * 0.08)
}

/// Moves the camera sideways, and turns it back just enough to keep the subject in frame.
fn truck_camera(setup: &CameraSetup, limits: &CameraLimits, share: f32) -> MovingCamera {
    let right = (-setup.view_direction())
        .cross(Vec3::Y)
        .normalize_or(Vec3::X);
    let way = (share * setup.distance).clamp(-limits.sideways, limits.sideways);
    let most = turn_limits(setup).x * setup.distance;
    let drift = way.clamp(-most, most);
    MovingCamera {
        eye: setup.camera_position() + right * way,
        aim: setup.aim + right * drift,
        ..static_camera(setup)
    }
}

fn crane_camera(setup: &CameraSetup, limits: &CameraLimits, share: f32) -> MovingCamera {
    let rise = (share * setup.distance).clamp(-limits.upward, limits.upward);
    MovingCamera {
        eye: setup.camera_position() + Vec3::Y * rise,
        ..static_camera(setup)
    }
}

fn view_from(moving: &MovingCamera, setup: &CameraSetup) -> ViewCamera {
    let forward = (moving.aim - moving.eye).normalize_or(Vec3::NEG_Z);
    // Seen from straight above, the far side of the subject is up.
    let away = -Vec3::new(setup.yaw.sin(), 0.0, setup.yaw.cos());
    let world_up = if forward.y.abs() > 0.99 {
        away
    } else {
        Vec3::Y
    };
    let right = forward.cross(world_up).normalize_or(Vec3::X);
    let up = right.cross(forward);
    let (sin, cos) = moving.roll.sin_cos();
    ViewCamera {
        eye: moving.eye,
        right: right * cos + up * sin,
        up: up * cos - right * sin,
        forward,
        tangents: moving.tangents,
        near: near_distance(moving.eye, setup),
        far: None,
    }
}

fn near_distance(eye: Vec3, setup: &CameraSetup) -> f32 {
    // The near plane follows the distance: depth buffers lose their precision with a plane that is
    // too near, and a macro shot would be cut by one that is too far. One millimetre of a thing is
    // framed from a few millimetres away.
    let near = (setup.distance * 0.08).min(0.2);
    let gap = setup
        .solid
        .map_or(f32::INFINITY, |solid| solid.distance_to(eye));
    near.min(0.5 * gap).max(1e-5)
}

/// Returns the place of a camera outside of the thing that is framed.
fn outside_solid(eye: Vec3, setup: &CameraSetup) -> Vec3 {
    let Some(solid) = setup.solid else {
        return eye;
    };
    let margin = 0.02 * solid.size().max_element();
    if solid.distance_to(eye) > margin {
        return eye;
    }
    // Away from the middle of the frame, which keeps the direction of the view.
    let dir = (eye - setup.subject).normalize_or(setup.view_direction());
    let exit = solid.ray_exit(setup.subject, dir);
    exit.map_or(eye, |exit| setup.subject + dir * (exit + 1.5 * margin))
}

/// A camera on a shoulder: a slow sway and a small quick tremor, about a third of a degree with a
/// 50 mm lens.
fn shake_handheld(lens: &ViewCamera, amount: f32, sway: f32, seconds: f32) -> ViewCamera {
    // Sines of the time and not a random walk: frame k must not depend on the frames before it.
    // Several rates together do not look like a pendulum.
    let wave = |seed: f32| {
        let part = |rate: f32, weight: f32| {
            (seconds * rate * std::f32::consts::TAU + seed * rate * 7.3).sin() * weight
        };
        part(0.31, 0.55) + part(0.73, 0.28) + part(1.57, 0.12) + part(3.1, 0.05)
    };
    // The turn is a share of the lens's angle, so a long lens shakes as much in the picture as a
    // wide one.
    let reach = 0.012 * amount * (lens.tangents.x / 0.36).min(1.5);
    let turn = Quat::from_axis_angle(lens.up, wave(1.0) * reach)
        * Quat::from_axis_angle(lens.right, wave(2.7) * reach * 0.8)
        * Quat::from_axis_angle(lens.forward, wave(4.9) * reach * 0.5);
    let drift = (lens.right * wave(6.1) + lens.up * wave(8.3) * 0.7) * (0.012 * sway);
    ViewCamera {
        eye: lens.eye + drift,
        right: turn * lens.right,
        up: turn * lens.up,
        forward: turn * lens.forward,
        ..*lens
    }
}
