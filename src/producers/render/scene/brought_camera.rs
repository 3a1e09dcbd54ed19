//! A camera that a model brings, in place of one that is framed.

use super::framing::CameraSetup;
use super::staged_scene::StagedScene;
use crate::gpu::ViewCamera;
use glam::{Vec2, Vec3};

/// The least metres at which such a camera is taken to look at something.
const LEAST_DISTANCE: f32 = 0.05;
/// The metres at which it is taken to look at something if the subject is behind it.
const USUAL_DISTANCE: f32 = 5.0;
/// The near plane as a share of the distance to the subject, and the most metres of it.
const NEAR_SHARE: f32 = 0.02;
const MOST_NEAR: f32 = 0.1;

impl StagedScene {
    /// Returns the camera that a model brings, `now` seconds into the shot. `None`: the shot has a
    /// camera of its own, or the model has none of that name.
    pub(super) fn brought_camera(
        &self,
        now: f32,
        aspect: f32,
        subject: Vec3,
    ) -> Option<ViewCamera> {
        let wanted = self.staging.model_camera.as_ref()?;
        let set_count = usize::from(self.has_set());
        let index = match wanted.prop {
            Some(prop) => set_count + prop,
            None if self.has_set() => 0,
            None => return None,
        };
        let instances = self.fixed_instances(now);
        let instance = instances.get(index)?;
        let posed = instance
            .model
            .camera_at(&wanted.name, instance.clip, instance.seconds)?;
        let matrix = instance.root * posed.matrix;
        let eye = matrix.transform_point3(Vec3::ZERO);
        // Of a scaled node only the direction counts.
        let forward = matrix
            .transform_vector3(Vec3::NEG_Z)
            .normalize_or(Vec3::NEG_Z);
        let up = matrix.transform_vector3(Vec3::Y);
        let right = forward.cross(up).normalize_or(Vec3::X);
        Some(ViewCamera {
            eye,
            right,
            up: right.cross(forward),
            forward,
            // The format gives the angle from the lower to the upper edge; the picture has its own
            // aspect.
            tangents: Vec2::new(posed.half_height * aspect, posed.half_height),
            near: (look_distance(eye, forward, subject) * NEAR_SHARE).min(MOST_NEAR),
            far: None,
        })
    }

    /// Returns the setup of a camera that a model brings, in the middle of the shot: what depends on
    /// where the camera is then follows it.
    pub(super) fn brought_setup(
        &self,
        end: f32,
        aspect: f32,
        planned: &CameraSetup,
    ) -> Option<CameraSetup> {
        let camera = self.brought_camera(end / 2.0, aspect, planned.subject)?;
        let distance = look_distance(camera.eye, camera.forward, planned.subject);
        let back = -camera.forward;
        Some(CameraSetup {
            aim: camera.eye + camera.forward * distance,
            height: 2.0 * distance * camera.tangents.y,
            yaw: back.x.atan2(back.z),
            elevation: back.y.clamp(-1.0, 1.0).asin(),
            roll: 0.0,
            distance,
            tangents: camera.tangents,
            lowest: f32::NEG_INFINITY,
            solid: None,
            ..*planned
        })
    }
}

/// Returns the metres from a camera to the plane of its subject.
fn look_distance(eye: Vec3, forward: Vec3, subject: Vec3) -> f32 {
    let distance = (subject - eye).dot(forward);
    if distance > LEAST_DISTANCE {
        distance
    } else {
        USUAL_DISTANCE
    }
}
