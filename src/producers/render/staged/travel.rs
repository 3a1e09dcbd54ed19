//! Camera moves: from a setup and progress to a lens. Pure arithmetic; the subject stays framed as named throughout.

use super::framing::Setup;
use crate::gpu::ViewCamera;
use crate::model::camera::{CameraMove, MoveKind};
use glam::{Quat, Vec2, Vec3};

/// How far each move may go here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Freedom {
    /// Metres from the aim that the camera may stand away.
    pub(super) reach: f32,
    /// Metres to each side that the camera may go.
    pub(super) sideways: f32,
    /// Metres that the camera may rise.
    pub(super) upward: f32,
}

/// A camera in the middle of a move.
#[derive(Debug, Clone, Copy)]
struct Moving {
    eye: Vec3,
    aim: Vec3,
    roll: f32,
    tangents: Vec2,
}

/// Returns the lens at `progress` (0 to 1, not yet eased), `seconds` into the shot.
pub(super) fn lens(
    setup: &Setup,
    travel: &CameraMove,
    freedom: &Freedom,
    progress: f32,
    seconds: f32,
) -> ViewCamera {
    let s = travel.easing.apply(progress);
    let amount = travel.amount;
    let moving = match travel.kind {
        MoveKind::Static => still(setup),
        MoveKind::DollyIn => nearer(setup, freedom, 1.0 + amount.max(0.0) * (1.0 - s), 0.0),
        MoveKind::DollyOut => nearer(setup, freedom, 1.0 + amount.max(0.0) * s, 0.0),
        MoveKind::PushIn => nearer(setup, freedom, 1.0 + amount.max(0.0) * (1.0 - s), 0.35),
        MoveKind::Orbit => orbit(setup, (s - 0.5) * amount.to_radians()),
        MoveKind::PanLeft => turned(setup, (s - 0.5) * amount.to_radians(), 0.0),
        MoveKind::PanRight => turned(setup, (0.5 - s) * amount.to_radians(), 0.0),
        MoveKind::TiltUp => turned(setup, 0.0, (s - 0.5) * amount.to_radians()),
        MoveKind::TiltDown => turned(setup, 0.0, (0.5 - s) * amount.to_radians()),
        MoveKind::TruckLeft => truck(setup, freedom, (0.5 - s) * amount),
        MoveKind::TruckRight => truck(setup, freedom, (s - 0.5) * amount),
        MoveKind::CraneUp => crane(setup, freedom, s * amount),
        MoveKind::CraneDown => crane(setup, freedom, (1.0 - s) * amount),
        MoveKind::Handheld => still(setup),
    };
    let moving = Moving {
        eye: moving.eye.with_y(moving.eye.y.max(setup.lowest)),
        ..moving
    };
    let lens = seen(&moving, setup);
    if travel.kind == MoveKind::Handheld {
        shaken(&lens, amount, seconds)
    } else {
        lens
    }
}

fn still(setup: &Setup) -> Moving {
    Moving {
        eye: setup.eye(),
        aim: setup.aim,
        roll: setup.roll,
        tangents: setup.tangents,
    }
}

/// Stands `factor` times as far; where the set ends the lens does the rest. `zoom` is how much the lens adds.
fn nearer(setup: &Setup, freedom: &Freedom, factor: f32, zoom: f32) -> Moving {
    let wanted = setup.distance * factor;
    let distance = wanted.min(freedom.reach.max(setup.distance));
    let held = setup.height * (factor + zoom * (factor - 1.0));
    let tangents = setup.tangents * (held / setup.height) * (setup.distance / distance);
    let tangents = tangents * (1.2 / tangents.x).min(1.0);
    Moving {
        eye: setup.aim + setup.direction() * distance,
        tangents,
        ..still(setup)
    }
}

fn orbit(setup: &Setup, radians: f32) -> Moving {
    let turned = setup.turned(radians);
    // Turns about the subject, not about the aim, so that look room does not swing it out of frame.
    let shift = Quat::from_rotation_y(radians) * (setup.aim - setup.subject);
    Moving {
        eye: setup.subject + shift + turned.direction() * setup.distance,
        aim: setup.subject + shift,
        ..still(setup)
    }
}

/// Turns on the spot, no farther than the subject stays in frame.
fn turned(setup: &Setup, left: f32, up: f32) -> Moving {
    let room = room(setup);
    let (left, up) = (left.clamp(-room.x, room.x), up.clamp(-room.y, room.y));
    let forward = -setup.direction();
    let right = forward.cross(Vec3::Y).normalize_or(Vec3::X);
    let turn = Quat::from_rotation_y(left) * Quat::from_axis_angle(right, up);
    Moving {
        aim: setup.eye() + turn * forward * setup.distance,
        ..still(setup)
    }
}

/// Returns how far the camera may turn, across and up, before the subject leaves the frame.
fn room(setup: &Setup) -> Vec2 {
    let half = setup.tangents * setup.distance;
    let off = (setup.subject - setup.aim).abs();
    let free = (half - setup.keep - Vec2::new(off.x.hypot(off.z), off.y)) / setup.distance;
    free.max(setup.tangents * 0.08)
}

/// Travels sideways and turns back just enough to keep the subject in frame.
fn truck(setup: &Setup, freedom: &Freedom, share: f32) -> Moving {
    let right = (-setup.direction()).cross(Vec3::Y).normalize_or(Vec3::X);
    let way = (share * setup.distance).clamp(-freedom.sideways, freedom.sideways);
    let most = room(setup).x * setup.distance;
    let drift = way.clamp(-most, most);
    Moving {
        eye: setup.eye() + right * way,
        aim: setup.aim + right * drift,
        ..still(setup)
    }
}

fn crane(setup: &Setup, freedom: &Freedom, share: f32) -> Moving {
    let rise = (share * setup.distance).clamp(-freedom.upward, freedom.upward);
    Moving {
        eye: setup.eye() + Vec3::Y * rise,
        ..still(setup)
    }
}

fn seen(moving: &Moving, setup: &Setup) -> ViewCamera {
    let forward = (moving.aim - moving.eye).normalize_or(Vec3::NEG_Z);
    // From straight above, the far side of the subject is up.
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
        near: (setup.distance * 0.08).clamp(0.02, 0.2),
    }
}

/// A camera on a shoulder: a slow sway and a small quick tremor, about a third of a degree at a 50 mm lens.
fn shaken(lens: &ViewCamera, amount: f32, seconds: f32) -> ViewCamera {
    let wave = |seed: f32| {
        let part = |rate: f32, weight: f32| {
            (seconds * rate * std::f32::consts::TAU + seed * rate * 7.3).sin() * weight
        };
        part(0.31, 0.55) + part(0.73, 0.28) + part(1.57, 0.12) + part(3.1, 0.05)
    };
    let reach = 0.012 * amount * (lens.tangents.x / 0.36).min(1.5);
    let turn = Quat::from_axis_angle(lens.up, wave(1.0) * reach)
        * Quat::from_axis_angle(lens.right, wave(2.7) * reach * 0.8)
        * Quat::from_axis_angle(lens.forward, wave(4.9) * reach * 0.5);
    let drift = (lens.right * wave(6.1) + lens.up * wave(8.3) * 0.7) * (0.012 * amount);
    ViewCamera {
        eye: lens.eye + drift,
        right: turn * lens.right,
        up: turn * lens.up,
        forward: turn * lens.forward,
        ..*lens
    }
}
