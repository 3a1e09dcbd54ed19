//! The request of `draw.py`: everything in view as matrices for every picture, in Blender's axes (x
//! right, y away, z up).
//!
//! Plain data that becomes JSON. Nothing is decided here: places come from `render/scene`.

use crate::gpu::{DirectionalKeyLight, GroundSurface, SphereLight, ViewCamera};
use crate::model::RenderPass;
use crate::model::shot_staging::DistanceHaze;
use crate::producers::render::scene::{ModelInstance, SceneModel};
use glam::{Mat4, Vec3};
use serde::Serialize;
use std::path::PathBuf;

#[derive(Serialize)]
pub(super) struct SceneJson<'a> {
    pub(super) engine: &'a str,
    pub(super) size: [u32; 2],
    pub(super) samples: u32,
    pub(super) threads: usize,
    pub(super) denoise: bool,
    pub(super) passes: &'a [RenderPass],
    /// The kind of graphics device in Blender's words; `None` is the processor.
    pub(super) device: Option<&'a str>,
    /// A Blender file that is opened as the scene. The set is then not among the things.
    pub(super) opened: Option<PathBuf>,
    pub(super) models: Vec<ModelJson>,
    pub(super) things: Vec<InstanceJson<'a>>,
    pub(super) pictures: Vec<FrameJson>,
    pub(super) key: Option<DirectionalLightJson>,
    pub(super) lamps: Vec<PointLightJson>,
    /// The environment map, as a picture file.
    pub(super) light: PathBuf,
    pub(super) ground: Option<GroundPlaneJson>,
    pub(super) haze: Option<DistanceHaze>,
}

/// A model file; a Blender file where the import has one.
#[derive(Serialize)]
pub(super) struct ModelJson {
    path: PathBuf,
    blend: bool,
}

/// A model in view, with the clip that it plays.
#[derive(Serialize)]
pub(super) struct InstanceJson<'a> {
    model: usize,
    clip: Option<&'a str>,
}

/// One picture of the job.
#[derive(Serialize)]
pub(super) struct FrameJson {
    pub(super) file: PathBuf,
    pub(super) seed: u64,
    pub(super) camera: CameraJson,
    /// Seconds since the start of the shot.
    pub(super) seconds: f32,
    pub(super) things: Vec<InstancePoseJson>,
}

/// The place of a thing, and the seconds into its clip.
#[derive(Serialize)]
pub(super) struct InstancePoseJson {
    matrix: MatrixRows,
    seconds: f32,
}

#[derive(Serialize)]
pub(super) struct CameraJson {
    matrix: MatrixRows,
    /// Focal length in millimetres, on a sensor of this width.
    lens: f32,
    sensor: f32,
    near: f32,
    /// Focus distance in metres and aperture as an f-number; `None` if everything is sharp.
    focus: Option<[f32; 2]>,
}

#[derive(Serialize)]
pub(super) struct DirectionalLightJson {
    toward: [f32; 3],
    colour: [f32; 3],
    angle: f32,
}

#[derive(Serialize)]
pub(super) struct PointLightJson {
    centre: [f32; 3],
    radius: f32,
    intensity: [f32; 3],
}

#[derive(Serialize)]
pub(super) struct GroundPlaneJson {
    colour: [f32; 3],
    roughness: f32,
    centre: [f32; 3],
    fade: [f32; 2],
    seamless: bool,
    /// The radiance of a white floor without shadow.
    unshadowed: f32,
}

/// A matrix by rows.
type MatrixRows = [[f32; 4]; 4];

/// Returns a place or direction in Blender's axes.
fn to_blender_axes(v: Vec3) -> [f32; 3] {
    [v.x, -v.z, v.y]
}

/// Returns a matrix that maps between Blender's axes.
fn to_blender_matrix(matrix: Mat4) -> MatrixRows {
    // The matrix is turned from both sides, because points go in as well as come out in Blender's
    // axes. Blender's importer turns glTF models the same way.
    let turn = Mat4::from_cols_array(&[
        1.0, 0.0, 0.0, 0.0, //
        0.0, 0.0, 1.0, 0.0, //
        0.0, -1.0, 0.0, 0.0, //
        0.0, 0.0, 0.0, 1.0,
    ]);
    (turn * matrix * turn.inverse())
        .transpose()
        .to_cols_array_2d()
}

impl ModelJson {
    pub(super) fn from_model(scene_model: &SceneModel) -> Self {
        let packed = scene_model.blend.as_ref();
        Self {
            path: packed.unwrap_or(&scene_model.path).clone(),
            blend: packed.is_some(),
        }
    }
}

impl<'a> InstanceJson<'a> {
    pub(super) fn from_instance(instance: &ModelInstance<'a>, models: &[SceneModel]) -> Self {
        // A Blender file plays more than one clip by itself: all that its scene animates.
        let goes_on = instance.clip.is_none() && models[instance.model_index].blend.is_some();
        // A clip that is missing is replaced by another or by none, as every renderer does it.
        let clip = instance
            .model
            .select_clip(instance.clip)
            .filter(|_| !goes_on)
            .map(|clip| clip.name.as_str());
        Self {
            model: instance.model_index,
            clip,
        }
    }
}

impl InstancePoseJson {
    pub(super) fn from_instance(instance: &ModelInstance<'_>) -> Self {
        let length = instance
            .model
            .select_clip(instance.clip)
            .map_or(0.0, |clip| clip.duration);
        let seconds = if length > 0.0 {
            // Clips repeat for as long as the shot lasts. The remainder is never negative, also for
            // a start before 0.
            instance.seconds.rem_euclid(length)
        } else {
            0.0
        };
        Self {
            matrix: to_blender_matrix(instance.root),
            seconds,
        }
    }
}

impl CameraJson {
    /// Returns the camera of a view, on a sensor of this width.
    pub(super) fn from_view(lens: &ViewCamera, sensor: f32, focus: Option<[f32; 2]>) -> Self {
        let [right, up, back, eye] =
            [lens.right, lens.up, -lens.forward, lens.eye].map(to_blender_axes);
        let row = |i: usize| [right[i], up[i], back[i], eye[i]];
        let matrix = [row(0), row(1), row(2), [0.0, 0.0, 0.0, 1.0]];
        Self {
            matrix,
            lens: sensor / (2.0 * lens.tangents.x),
            sensor,
            near: lens.near,
            focus,
        }
    }
}

impl DirectionalLightJson {
    pub(super) fn from_key_light(key: DirectionalKeyLight) -> Self {
        Self {
            toward: to_blender_axes(key.toward),
            colour: key.colour.into(),
            angle: key.width,
        }
    }
}

impl PointLightJson {
    pub(super) fn from_lamp(lamp: &SphereLight) -> Self {
        Self {
            centre: to_blender_axes(lamp.centre),
            radius: lamp.radius,
            intensity: lamp.intensity.into(),
        }
    }
}

impl GroundPlaneJson {
    /// Returns the floor; `irradiance` is the light that it gets without shadow.
    pub(super) fn from_plane(plane: &GroundSurface, irradiance: Vec3) -> Self {
        Self {
            colour: plane.colour.into(),
            roughness: plane.roughness,
            centre: to_blender_axes(plane.centre),
            fade: plane.fade,
            seamless: plane.seamless,
            // A matt white floor reflects its irradiance over pi. The script compares the floor
            // with this to find shadows.
            unshadowed: irradiance.dot(Vec3::new(0.2126, 0.7152, 0.0722)) / std::f32::consts::PI,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec2;

    #[test]
    fn a_camera_that_looks_ahead_is_in_blender_coordinates() {
        let lens = ViewCamera {
            eye: Vec3::new(1.0, 2.0, 3.0),
            right: Vec3::X,
            up: Vec3::Y,
            forward: Vec3::NEG_Z,
            tangents: Vec2::new(0.36, 0.2025),
            near: 0.1,
            far: None,
        };
        let camera = CameraJson::from_view(&lens, 36.0, None);
        // Its right is x, its top is z, and it looks along -z of its own, which is y of the world.
        assert_eq!(
            camera.matrix[..3],
            [
                [1.0, 0.0, 0.0, 1.0],
                [0.0, 0.0, -1.0, -3.0],
                [0.0, 1.0, 0.0, 2.0]
            ]
        );
        assert!((camera.lens - 50.0).abs() < 1e-4);
    }

    #[test]
    fn a_place_keeps_its_place_between_the_axes() {
        let rows = to_blender_matrix(Mat4::from_translation(Vec3::new(1.0, 2.0, 3.0)));
        assert_eq!([rows[0][3], rows[1][3], rows[2][3]], [1.0, -3.0, 2.0]);
        let turned = to_blender_matrix(Mat4::from_rotation_y(0.5));
        let about_z = Mat4::from_rotation_z(0.5).transpose().to_cols_array_2d();
        let same = turned
            .as_flattened()
            .iter()
            .zip(about_z.as_flattened())
            .all(|(a, b)| (a - b).abs() < 1e-6);
        assert!(same, "{turned:?}");
    }
}
