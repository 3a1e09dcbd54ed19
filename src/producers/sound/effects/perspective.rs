//! How something in a shot sounds: from which side, how loud, and how dull, by the camera.

use crate::gpu::ViewCamera;
use glam::Vec3;

/// How a place sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AudiblePlace {
    /// From which side, -1 to 1.
    pub(super) pan: f32,
    /// Decibels on top of the level at the distance of the subject.
    pub(super) gain: f32,
    /// Metres from the camera.
    pub(super) distance: f32,
    /// Corner of the low-pass filter that air is, in hertz.
    pub(super) corner: f32,
}

/// The widest pan of what is in the picture. A step at its edge is not only in one loudspeaker.
const WIDEST_PAN: f32 = 0.8;
/// Half the widths of the picture within which something is near it.
const NEAR_VIEW: f32 = 2.2;
/// Metres within which something is audible in any direction.
const CLOSE_BY: f32 = 5.0;
/// The nearest distance of a subject that counts. In a close-up feet are as far away as the body is
/// long, and not far from the subject.
const NEAREST_SUBJECT: f32 = 2.0;
/// The distance of a subject, in metres, from which on the whole shot sounds farther away.
const USUAL_DISTANCE: f32 = 4.0;
/// Quieter places, in decibels, are left out.
const QUIETEST: f32 = -30.0;

/// Returns how a place sounds to a camera that films `subject`. `None`: it is too far out of the
/// picture.
pub(super) fn audible_place(
    camera: &ViewCamera,
    subject: Vec3,
    place: Vec3,
) -> Option<AudiblePlace> {
    let to = place - camera.eye;
    let distance = to.length();
    // A damaged model may have places that are no numbers. They must not reach a sample.
    if !distance.is_finite() {
        return None;
    }
    let across = horizontal_place(camera, to);
    if across.abs() > NEAR_VIEW && distance > CLOSE_BY {
        return None;
    }
    // Relative to the subject: it is at its usual level in every shot, however long the lens.
    let reference = (subject - camera.eye).length().max(NEAREST_SUBJECT);
    let nearness = decibels(reference / distance.max(0.5)).clamp(-24.0, 4.0);
    // A film hears a far subject softer than a near one, but not by as much as in the open.
    let shot = -(0.35 * decibels(reference / USUAL_DISTANCE)).clamp(0.0, 9.0);
    // What is out of the picture is softer, so that it does not compete with what is in it.
    let outside = ((across.abs() - 1.0).max(0.0) * 6.0).min(9.0);
    let gain = rounded(nearness + shot - outside, 10.0);
    (gain >= QUIETEST).then(|| AudiblePlace {
        // Rounded, so that the last digit of a pose, which differs between machines, does not reach
        // a sample.
        pan: rounded(across.clamp(-1.0, 1.0) * WIDEST_PAN, 100.0),
        gain,
        distance: rounded(distance, 10.0),
        corner: rounded(18_000.0 / (1.0 + distance / 15.0), 0.1),
    })
}

/// Returns where a direction is across the picture: -1 at its left edge, 1 at the right, and beyond
/// outside. What is behind the camera is far out.
fn horizontal_place(camera: &ViewCamera, to: Vec3) -> f32 {
    let depth = to.dot(camera.forward);
    let side = to.dot(camera.right);
    let width = depth * camera.tangents.x;
    if depth > 0.05 && width > 0.0 {
        // Clamped, since the width goes to 0 at the camera.
        return (side / width).clamp(-9.0, 9.0);
    }
    if side < 0.0 { -9.0 } else { 9.0 }
}

fn decibels(ratio: f32) -> f32 {
    20.0 * libm::log10f(ratio.max(1e-6))
}

/// Returns a value in steps of one part of `parts`.
pub(super) fn rounded(value: f32, parts: f32) -> f32 {
    let steps = (value * parts).round();
    // No minus zero: it would be another text in JSON.
    if steps == 0.0 { 0.0 } else { steps / parts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec2;

    /// A camera at eye height that looks along -z, with 90 degrees across.
    const CAMERA: ViewCamera = ViewCamera {
        eye: Vec3::new(0.0, 1.6, 0.0),
        right: Vec3::X,
        up: Vec3::Y,
        forward: Vec3::NEG_Z,
        tangents: Vec2::new(1.0, 0.5625),
        near: 0.1,
        far: None,
    };
    const SUBJECT: Vec3 = Vec3::new(0.0, 1.6, -4.0);

    fn place_at(x: f32, z: f32) -> Option<AudiblePlace> {
        audible_place(&CAMERA, SUBJECT, Vec3::new(x, 0.0, z))
    }

    #[test]
    fn left_is_left_and_the_middle_is_the_middle() {
        assert!(place_at(-2.0, -4.0).unwrap().pan < -0.3);
        assert!(place_at(2.0, -4.0).unwrap().pan > 0.3);
        assert_eq!(place_at(0.0, -4.0).unwrap().pan, 0.0);
        assert_eq!(place_at(4.0, -4.0).unwrap().pan, WIDEST_PAN);
    }

    #[test]
    fn farther_is_softer_and_duller() {
        let near = place_at(0.0, -4.0).unwrap();
        let far = place_at(0.0, -16.0).unwrap();
        assert!(
            (near.gain - far.gain - 11.4).abs() < 0.5,
            "{near:?} {far:?}"
        );
        assert!(near.corner > far.corner * 1.5);
        assert!(near.gain.abs() < 1.0, "{near:?}");
    }

    #[test]
    fn a_place_far_out_of_the_picture_is_silent() {
        assert!(place_at(0.0, 20.0).is_none());
        assert!(place_at(30.0, -6.0).is_none());
        assert!(place_at(0.0, -900.0).is_some_and(|place| place.gain >= QUIETEST));
        // Just behind the camera: audible, softer than in the picture.
        let behind = place_at(1.0, 2.0).unwrap();
        assert!(behind.gain < place_at(1.0, -2.0).unwrap().gain - 5.0);
        assert!(behind.pan > 0.7);
    }

    #[test]
    fn no_place_gives_a_number_that_is_none() {
        for place in [CAMERA.eye, Vec3::NAN, Vec3::INFINITY, Vec3::splat(1e30)] {
            if let Some(place) = audible_place(&CAMERA, CAMERA.eye, place) {
                assert!(place.gain.is_finite() && place.pan.is_finite());
                assert!(place.distance.is_finite() && place.corner > 20.0);
            }
        }
    }
}
