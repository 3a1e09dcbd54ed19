//! One picture to draw, as a value: lens, lights, surroundings and draws.

use super::environment_light::EnvironmentLight;
use super::lights::{DirectionalKeyLight, SphereLight};
use super::material::GpuMaterial;
use super::mesh::GpuMesh;
use crate::model::shot_staging::DistanceHaze;
use glam::{Mat4, Vec2, Vec3};

/// One picture to draw.
pub struct RenderFrame<'a> {
    /// Samples a pixel; four at a time share one shading.
    pub samples: u32,
    /// Where it is seen from.
    pub camera: ViewCamera,
    /// What is drawn.
    pub draws: &'a [DrawCall<'a>],
    /// Matrices that draws refer to.
    pub transforms: &'a [Mat4],
    /// The light that casts shadows.
    pub key_light: Option<DirectionalKeyLight>,
    /// Where shadows matter.
    pub shadow_bounds: BoundingSphere,
    /// Small lights without shadows; the first [`MAX_LAMPS`] count.
    pub lamps: &'a [SphereLight],
    /// Light and background from all around.
    pub environment: &'a EnvironmentLight,
    /// A plane at height 0.
    pub ground: Option<GroundSurface>,
    /// Distance haze.
    pub haze: Option<DistanceHaze>,
    /// Factor on the picture.
    pub exposure: f32,
}

/// Where a picture is seen from, and how wide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ViewCamera {
    /// The place, in metres.
    pub eye: Vec3,
    /// Unit vector to the right of the frame.
    pub right: Vec3,
    /// Unit vector to the top of the frame.
    pub up: Vec3,
    /// Unit vector into the frame.
    pub forward: Vec3,
    /// Tangents of half the angles across and down.
    pub tangents: Vec2,
    /// Nothing nearer than this is drawn, in metres.
    pub near: f32,
}

/// One mesh with one material at one place.
pub struct DrawCall<'a> {
    /// Its triangles.
    pub mesh: &'a GpuMesh,
    /// Its material.
    pub material: &'a GpuMaterial,
    /// Index of its first matrix in the frame's transforms: its only one, or its joints.
    pub first_transform: u32,
    /// Whether its matrices mirror.
    pub mirrored: bool,
    /// A sphere around it.
    pub bounding_sphere: BoundingSphere,
}

/// A sphere, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingSphere {
    /// Its middle.
    pub centre: Vec3,
    /// Its radius.
    pub radius: f32,
}

/// A plane at height 0 that fades into the surroundings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundSurface {
    /// Linear RGB base colour.
    pub colour: Vec3,
    /// Perceptual roughness.
    pub roughness: f32,
    /// Middle of the part that is seen.
    pub centre: Vec3,
    /// Metres from the middle at which it begins to fade, and at which it is gone.
    pub fade: [f32; 2],
    /// Whether only shadows on it are drawn, over a backdrop without a horizon.
    pub seamless: bool,
}

impl ViewCamera {
    /// Returns the matrix from world to clip space: reversed depth, no far plane, moved by `jitter` in clip units.
    pub(super) fn clip_matrix(&self, jitter: Vec2) -> Mat4 {
        let view = view_matrix(self.eye, self.right, self.up, self.forward);
        let projection = Mat4::from_cols_array(&[
            1.0 / self.tangents.x,
            0.0,
            0.0,
            0.0,
            0.0,
            1.0 / self.tangents.y,
            0.0,
            0.0,
            -jitter.x,
            -jitter.y,
            0.0,
            -1.0,
            0.0,
            0.0,
            self.near,
            0.0,
        ]);
        projection * view
    }

    /// Returns whether any of the sphere may be in frame.
    pub(super) fn intersects_sphere(&self, sphere: &BoundingSphere) -> bool {
        let to = sphere.centre - self.eye;
        let depth = to.dot(self.forward);
        let side = |axis: Vec3, tangent: f32| {
            let slope = (1.0 + tangent * tangent).sqrt();
            to.dot(axis).abs() <= depth.max(0.0) * tangent * 1.02 + sphere.radius * slope
        };
        depth + sphere.radius > 0.0
            && side(self.right, self.tangents.x)
            && side(self.up, self.tangents.y)
    }
}

/// Returns the matrix from world to a camera that looks along -z.
pub(super) fn view_matrix(eye: Vec3, right: Vec3, up: Vec3, forward: Vec3) -> Mat4 {
    let turn = glam::Mat3::from_cols(right, up, -forward).transpose();
    Mat4::from_mat3(turn) * Mat4::from_translation(-eye)
}
